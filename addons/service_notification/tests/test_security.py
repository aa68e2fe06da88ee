from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import NotificationCase


@tagged("post_install", "-at_install")
class TestSecurity(NotificationCase):
    """Everyone's wishes are his own; the outbox is for administrators, by company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = new_test_user(cls.env, "note_anna", groups="base.group_portal", email="a@example.com")
        cls.bert = new_test_user(cls.env, "note_bert", groups="base.group_portal", email="b@example.com")
        cls.staff = new_test_user(cls.env, "note_clerk", groups="base.group_user", email="c@example.com")
        cls.manager = new_test_user(
            cls.env, "note_admin", groups="service_notification.group_manager", email="d@example.com"
        )
        cls.preferences = {
            user: cls.env["service.notification.preference"]._choose(user.partner_id, cls.group, cls.email, "daily")
            for user in (cls.anna, cls.bert, cls.staff)
        }
        cls.hours = cls.env["service.notification.quiet"]._choose(cls.anna.partner_id, 20, 8)

    def test_own_wishes(self):
        """Nobody, neither customer nor staff nor administrator, sees or alters what another has chosen."""
        for user in (self.bert, self.staff, self.manager):
            preference = self.preferences[self.anna].with_user(user)
            self.assertFalse(preference.search([("partner_id", "=", self.anna.partner_id.id)]))
            for act in (
                lambda preference=preference: preference.mode,
                lambda preference=preference: preference.write({"mode": "off"}),
                lambda preference=preference: preference.unlink(),
                lambda preference=preference: preference.create(
                    {
                        "partner_id": self.anna.partner_id.id,
                        "group_id": self.group.id,
                        "channel_id": self.sms.id,
                        "mode": "off",
                    }
                ),
                lambda user=user: self.hours.with_user(user).start_hour,
                lambda user=user: self.hours.with_user(user).write({"start_hour": 1}),
            ):
                with self.assertRaises(AccessError):
                    act()
        own = self.preferences[self.anna].with_user(self.anna)
        own.mode = "off"
        self.assertEqual(own.mode, "off")

    def test_no_gift(self):
        """A person cannot hand his wish to another."""
        with self.assertRaises(AccessError):
            self.preferences[self.anna].with_user(self.anna).partner_id = self.manager.partner_id

    def test_consents(self):
        """Consents are read by their own persons and administrators, and written by nobody."""
        self.anna.partner_id.phone = "+12125550123"
        consent = self.env["service.notification.consent"]._record(self.anna.partner_id, True, "portal")
        for user, seen in ((self.anna, 1), (self.bert, 0), (self.staff, 0), (self.manager, 1)):
            domain = [("partner_id", "=", self.anna.partner_id.id)]
            self.assertEqual(consent.with_user(user).search_count(domain), seen, user.login)
            for act in (
                lambda user=user: consent.with_user(user).write({"is_given": False}),
                lambda user=user: consent.with_user(user).unlink(),
                lambda user=user: consent.with_user(user).create(
                    {"partner_id": user.partner_id.id, "number": "+1", "is_given": True, "how": "portal"}
                ),
            ):
                with self.assertRaises(AccessError):
                    act()

    def test_outbox(self):
        """Administrators see the outbox of their companies and send again; nobody else sees it, or writes to it."""
        self.record._notify("test_dive")
        message = self.get_messages()
        message.state = "dead"
        for user in (self.anna, self.staff):
            with self.assertRaises(AccessError):
                message.with_user(user).search([])
            with self.assertRaises(AccessError):
                message.with_user(user).action_send_again()
        with self.assertRaises(AccessError):
            message.with_user(self.manager).action_send_again()
        self.manager.company_ids += self.company
        seen = message.with_user(self.manager).with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(seen.search([("id", "=", message.id)]), message)
        seen.action_send_again()
        self.assertEqual(message.state, "queued")
        with self.assertRaises(AccessError):
            seen.copy()

    def test_rules(self):
        """Reminder rules of other companies are not seen; the staff change none."""
        rule = self.env["service.notification.reminder"].create(
            {"name": "R", "event_id": self.event.id, "company_id": self.company.id}
        )
        self.assertFalse(rule.with_user(self.manager).search([("id", "=", rule.id)]))
        rule.company_id = False
        self.assertEqual(rule.with_user(self.staff).search([("id", "=", rule.id)]), rule)
        with self.assertRaises(AccessError):
            rule.with_user(self.staff).minutes_before = 1
        with self.assertRaises(AccessError):
            self.event.with_user(self.staff).active = False

    def test_staff_cause_messages(self):
        """Who may change a record need not see the outbox to cause a message."""
        record = self.create_partner("Dora", company_id=False)
        self.assertEqual(record.with_user(self.staff)._notify("test_dive"), 1)
