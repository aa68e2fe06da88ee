from lxml import html

from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import NotificationCase


@tagged("post_install", "-at_install")
class TestChoices(NotificationCase, HttpCase):
    """People choose how they are told: on the portal without JavaScript, the staff in their preferences."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = new_test_user(
            cls.env, "note_customer", groups="base.group_portal", email="c@example.com", phone="+12125550123"
        )
        cls.staff = new_test_user(cls.env, "note_staff", groups="base.group_user", email="s@example.com")
        cls.internal = cls.env["service.notification.group"].create(
            {"code": "internal", "name": "Internal", "is_for_customers": False}
        )
        cls.create_event("test_internal", mail_template_id=cls.template.id, group_id=cls.internal.id)

    def get_field(self, group, channel=None):
        """Return the name of a choice in the form."""
        return f"mode_{group.id}_{(channel or self.email).id}"

    def open_page(self):
        """Return the page of choices."""
        return html.fromstring(self.url_open("/my/notifications").content)

    def save(self, **values):
        """Send the form as a browser does, with such values changed; return the page that follows."""
        page = self.open_page()
        [form] = page.xpath("//form[@action='/my/notifications']")
        data = {name: value for name, value in form.form_values() if name}
        data.update(values)
        return html.fromstring(self.url_open("/my/notifications", data=data).content)

    def get_mode(self, user, group=None):
        """Return what a user has chosen, or None."""
        modes = self.env["service.notification.preference"]._read_modes(user.partner_id, group or self.group)
        return modes.get((user.partner_id.id, (group or self.group).id, self.email.id))

    def test_page(self):
        """The page lists what customers can choose, keeps it, and forgets it on "as usual"."""
        self.authenticate("note_customer", "note_customer")
        self.assertIn("/my/notifications", self.url_open("/my").text)
        page = self.open_page()
        self.assertTrue(page.xpath(f"//select[@name='{self.get_field(self.group)}']"))
        self.assertFalse(page.xpath(f"//select[@name='{self.get_field(self.internal)}']"))
        page = self.save(**{self.get_field(self.group): "daily"})
        self.assertIn("Your choice is kept", page.text_content())
        self.assertEqual(self.get_mode(self.customer), "daily")
        [select] = page.xpath(f"//select[@name='{self.get_field(self.group)}']")
        self.assertEqual(select.value, "daily")
        self.save(**{self.get_field(self.group): ""})
        self.assertIsNone(self.get_mode(self.customer))

    def test_usual(self):
        """Who has chosen nothing reads what that means: for customers and the staff, each channel, and reminders."""
        other = self.create_event("test_other", mail_template_id=self.template.id)
        self.assertEqual(self.get_usual(), ("on", "off"))
        other.customer_channel_ids = False
        other.staff_channel_ids = self.email
        self.assertEqual(self.get_usual(), ("some", "some"))
        self.event.customer_channel_ids = False
        self.assertEqual(self.get_usual(), ("off", "some"))
        # the rules of reminders name channels of their own
        self.env["service.notification.reminder"].create(
            {"name": "Hour", "event_id": self.event.id, "channel_ids": self.email.ids, "audience": "customer"}
        )
        other.active = False
        self.assertEqual(self.get_usual(), ("on", "off"))
        self.event.reminder_ids.channel_ids = self.sms
        self.assertEqual(self.get_usual(), ("off", "off"))
        self.authenticate("note_customer", "note_customer")
        [select] = self.open_page().xpath(f"//select[@name='{self.get_field(self.group)}']")
        self.assertEqual(select.xpath("option[@value='']/text()"), ["As usual (not at all)"])

    def get_usual(self):
        """Return how customers, and how the staff, hear of the group by e-mail unless they choose."""
        self.env.invalidate_all()
        return tuple(self.group._get_usual(self.email, is_staff) for is_staff in (False, True))

    def test_foreign_values(self):
        """What is not among a customer's choices is ignored."""
        self.authenticate("note_customer", "note_customer")
        self.save(**{self.get_field(self.internal): "off", self.get_field(self.group): "hourly", "mode_0_0": "off"})
        self.assertIsNone(self.get_mode(self.customer, self.internal))
        self.assertIsNone(self.get_mode(self.customer))

    def test_quiet_hours(self):
        """Quiet hours are kept, shown again, refused when they are none, and taken back by emptying them."""
        self.authenticate("note_customer", "note_customer")
        quiet = self.env["service.notification.quiet"]
        page = self.save(quiet_start="22:30", quiet_stop="07:00")
        self.assertEqual(quiet._read_hours(self.customer.partner_id), {self.customer.partner_id.id: (22.5, 7.0)})
        self.assertEqual(page.xpath("//input[@name='quiet_start']/@value"), ["22:30"])
        self.assertIn("not hours of a day", self.save(quiet_start="25:00").text_content())
        self.save(quiet_start="", quiet_stop="")
        self.assertFalse(quiet._read_hours(self.customer.partner_id))
        with self.assertRaises(ValidationError):
            quiet._choose(self.customer.partner_id, -1, 7)

    def test_consent(self):
        """A customer agrees to text messages and takes it back; when and to what is kept."""
        self.authenticate("note_customer", "note_customer")
        self.assertIn("Your choice is kept", self.save(consent="1").text_content())
        consents = self.env["service.notification.consent"]
        [consent] = consents.search([("partner_id", "=", self.customer.partner_id.id)])
        self.assertEqual((consent.is_given, consent.how, consent.number), (True, "portal", "+12125550123"))
        self.assertIn("I can take it back", consent.note)
        self.url_open("/my/notifications", data=self.get_form_without("consent"))
        self.assertFalse(consents._read_consenting(self.customer.partner_id))
        self.customer.partner_id.phone = False
        self.assertIn("no telephone number", self.save(consent="1").text_content())

    def get_form_without(self, name):
        """Return the values of the page's form with a box unchecked."""
        [form] = self.open_page().xpath("//form[@action='/my/notifications']")
        return {key: value for key, value in form.form_values() if key and key != name}

    def test_csrf(self):
        """A form from elsewhere changes nothing."""
        self.authenticate("note_customer", "note_customer")
        response = self.url_open("/my/notifications", data={self.get_field(self.group): "off"})
        self.assertEqual(response.status_code, 400)
        self.assertIsNone(self.get_mode(self.customer))

    def test_stranger(self):
        """Who is not logged in is asked to."""
        self.assertIn("/web/login", self.url_open("/my/notifications").url)

    def test_dialog(self):
        """The staff choose in a dialog that their preferences open, also about what customers never see."""
        action = self.staff.with_user(self.staff).action_choose_notifications()
        form = Form(self.env[action["res_model"]].with_user(self.staff))
        groups = [line.group_id for line in (form.line_ids.edit(index) for index in range(len(form.line_ids)))]
        self.assertIn(self.internal, groups)
        with form.line_ids.edit(groups.index(self.internal)) as line:
            self.assertEqual(line.mode, "usual_off", "nobody looks for a choice in an empty cell")
            line.mode = "weekly"
        form.has_quiet_hours = True
        form.quiet_start = 18
        form.save().action_save()
        self.assertEqual(self.get_mode(self.staff, self.internal), "weekly")
        self.assertIsNone(self.get_mode(self.staff))
        hours = self.env["service.notification.quiet"]._read_hours(self.staff.partner_id)
        self.assertEqual(hours, {self.staff.partner_id.id: (18.0, 8.0)})
        again = Form(self.env[action["res_model"]].with_user(self.staff))
        self.assertEqual((again.has_quiet_hours, again.quiet_start), (True, 18.0))

    def test_dialog_offers_what_can_be(self):
        """The dialog says what is usual, and offers no digest where there is none."""
        self.event.sms_template_id = self.env["sms.template"].create(
            {"name": "Dive", "model_id": self.event.model_id.id, "body": "Dive"}
        )
        lines = self.env["service.notification.choice"].with_user(self.staff).create({}).line_ids
        mine = lines.filtered(lambda line: line.group_id == self.group)
        self.assertEqual(
            {line.channel_id: (line.mode, line.possible) for line in mine},
            {
                self.email: ("usual_off", "usual_off,immediate,daily,weekly,off"),
                self.sms: ("usual_off", "usual_off,immediate,off"),
            },
        )
        labels = dict(mine._fields["mode"]._description_selection(self.env))
        self.assertEqual(labels["usual_on"], "As usual (at once)")

    def test_no_digest_of_sms(self):
        """A channel that cannot be collected is at once or not at all."""
        with self.assertRaises(ValidationError):
            self.choose(self.record, "daily", self.sms)
