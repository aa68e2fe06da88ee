from datetime import datetime

from lxml import html
from markupsafe import Markup

from odoo.tests import freeze_time, new_test_user, tagged

from .common import NOW, NotificationCase

MOMENT = datetime(2026, 10, 15, 19, 0)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestTexts(NotificationCase):
    """Mails in the recipient's language, with times in the record's zone, legible everywhere."""

    def set_zone(self, name):
        """Let records be in a zone."""
        self.patch(
            self.env.registry["res.partner"],
            "_get_notification_zone",
            lambda records: dict.fromkeys(records.ids, name),
        )

    def show_moment(self, **values):
        """Return how a mail shows a moment to a partner with such values."""
        self.template.body_html = '<p t-out="format_moment(object.create_date)"/>'
        self.env.cr.execute("UPDATE res_partner SET create_date = %s WHERE id = %s", [MOMENT, self.record.id])
        self.record.invalidate_recordset()
        self.record.write(values)
        self.record.color += 1
        return self.get_part(self.notify_and_send(), "plain").split("\n\n")[1]

    def test_zone(self):
        """Times are those of the record's zone, which is named when the recipient's clock shows another time."""
        self.set_zone("America/New_York")
        self.assertRegex(self.show_moment(), r"^Thursday, October 15, 2026 at 3:00\s?PM$")
        self.assertRegex(self.show_moment(tz="America/Detroit"), r"3:00\s?PM$")
        self.assertRegex(self.show_moment(tz="Europe/Paris"), r"3:00\s?PM \(Eastern Daylight Time\)$")
        self.assertRegex(self.show_moment(tz=False), r"3:00\s?PM$")

    def test_language(self):
        """Subject, body, frame and times are in the language of each recipient; an unknown one falls back."""
        self.set_zone("Europe/Paris")
        self.template.with_context(lang="fr_FR").subject = "Plongée {{ object.name }}"
        text = self.show_moment(lang="fr_FR", tz="America/New_York")
        self.assertEqual(text, "jeudi 15 octobre 2026 à 21:00 (heure d\u2019été d\u2019Europe centrale)")
        self.assertEqual(self.get_messages()[-1].title, "Plongée Anna Dive")
        english = self.create_partner("Bob")
        english._notify("test_dive")
        self.assertEqual(self.send()[0]["Subject"], "Dive Bob")

    def test_parts(self):
        """A mail has a plain-text part that says all, and a page of at most 600 pixels that knows dark mode."""
        self.patch(
            self.env.registry["res.partner"],
            "_get_notification_url",
            lambda records: dict.fromkeys(records.ids, "/my/dive"),
        )
        self.template.body_html += Markup("<ul><li>Fins</li><li class='x'>Mask</li></ul>")
        mail = self.notify_and_send()
        plain, page = self.get_part(mail, "plain"), html.fromstring(self.get_part(mail, "html"))
        self.assertIn("\n- Fins\n- Mask", plain)
        for text in ("Hello Anna Dive,", "Your dive, Anna Dive.", "https://shop.example.com/my/dive", "Unsubscribe:"):
            self.assertIn(text, plain)
        self.assertEqual(page.get("lang"), "en-US")
        self.assertEqual(page.xpath("//meta[@name='color-scheme']/@content"), ["light dark"])
        self.assertIn("max-width:600px", page.xpath("//table[@class='sn-card']/@style")[0])
        self.assertIn("https://shop.example.com/my/dive", page.xpath("//a/@href"))
        self.assertFalse(page.xpath("//img"))
        self.assertEqual(mail["From"], '"Blue Reef" <shop@reef.example>'.replace('"', ""))
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")

    def test_link_at_work(self):
        """Users of Odoo who are told at work get to the record's form; as customers, and all others, to its page."""
        self.patch(
            self.env.registry["res.partner"],
            "_get_notification_url",
            lambda records: dict.fromkeys(records.ids, "/my/dive"),
        )
        user = new_test_user(self.env, "worker@reef", groups="base.group_user", email="worker@reef.example")
        self.event.staff_channel_ids = self.email
        told = {"staff": user.partner_id, "follower": self.create_partner("Bob"), "customer": user.partner_id}
        self.event.follower_channel_ids = self.email
        for audience, link in (("staff", "/odoo/res.partner/%s"), ("follower", "/my/dive"), ("customer", "/my/dive")):
            self.patch(
                self.env.registry["res.partner"],
                "_get_notification_recipients",
                lambda records, event, asked, who=audience: (
                    dict.fromkeys(records.ids, told[who]) if asked == who else {}
                ),
            )
            self.record.color += 1
            plain = self.get_part(self.notify_and_send(), "plain")
            with self.subTest(audience=audience):
                self.assertIn("https://shop.example.com" + link.replace("%s", str(self.record.id)), plain)

    def test_contact(self):
        """The foot says whom to ask, and answers go there: what the record's contact has, the rest is the company's."""
        self.company.phone = "+1 999"
        mail = self.notify_and_send()
        self.assertIn("Blue Reef · +1 999 · shop@reef.example", self.get_part(mail, "plain"))
        self.assertEqual(mail["Reply-To"], "Blue Reef <shop@reef.example>")
        contact = {"name": "Pier", "phone": "", "email": "pier@reef.example", "address": "7 Ocean Pier"}
        self.patch(
            self.env.registry["res.partner"],
            "_get_notification_contact",
            lambda records: dict.fromkeys(records.ids, contact),
        )
        self.record.color += 1
        mail = self.notify_and_send()
        self.assertIn("Pier · +1 999 · pier@reef.example\n7 Ocean Pier", self.get_part(mail, "plain"))
        self.assertEqual(mail["Reply-To"], "pier@reef.example")
        page = html.fromstring(self.get_part(mail, "html"))
        self.assertEqual(page.xpath("normalize-space(//td[contains(@class, 'sn-name')])"), "Pier")
        self.assertIn("7 Ocean Pier", page.text_content())

    def test_right_to_left(self):
        """A language that is written from right to left turns the page."""
        self.env["res.lang"]._activate_lang("ar_001")
        self.record.lang = "ar_001"
        page = html.fromstring(self.get_part(self.notify_and_send(), "html"))
        self.assertEqual((page.get("dir"), page.xpath("//table[@class='sn-card']/@dir")), ("rtl", ["rtl"]))
        self.assertIn("text-align:right", page.xpath("//table[@class='sn-card']/@style")[0])

    def test_names_are_not_markup(self):
        """What people call themselves is text: no tag, no header of its own."""
        self.record.name = "<b>Eve</b>\r\nBcc: all@example.com"
        mail = self.notify_and_send()
        self.assertIn("&lt;b&gt;Eve", self.get_part(mail, "html"))
        self.assertIsNone(mail["Bcc"])
        self.assertNotIn("\n", mail["Subject"])

    def test_attachments(self):
        """Records attach files to their mails."""
        self.patch(
            self.env.registry["res.partner"],
            "_get_notification_attachments",
            lambda records, messages: {message.id: [("dive.ics", b"BEGIN", "text/calendar")] for message in messages},
        )
        [part] = self.notify_and_send().iter_attachments()
        self.assertEqual((part.get_filename(), part.get_content_type()), ("dive.ics", "text/calendar"))

    def test_sender_of_the_template(self):
        """The template's sender and reply address come first."""
        self.template.write({"email_from": "dive@reef.example", "reply_to": "answers@reef.example"})
        mail = self.notify_and_send()
        self.assertEqual((mail["From"], mail["Reply-To"]), ("dive@reef.example", "answers@reef.example"))
