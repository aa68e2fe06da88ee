from odoo.tests import freeze_time, tagged

from odoo.addons.service_notification.tests.common import NotificationCase
from odoo.addons.service_schedule_waitlist.tests.common import FROZEN, MINUTE, WaitCase


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestWaitlistMessages(WaitCase, NotificationCase):
    """Who waits is told through the outbox: once, in his language, and only what is true when it is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.point.company_id.email = "company@example.com"
        cls.point.partner_id = cls.env["res.partner"].create(
            {"name": "Brakes & Co", "email": "brakes@example.com", "phone": "+1 212 555 0100", "street": "1 Pier"}
        )
        cls.anna.lang = "fr_FR"

    def offer_to_anna(self):
        """Let an hour become free for Anna, with Bert behind her; return both."""
        nine, _ten = self.fill()
        entries = self.join(self.anna), self.join(self.bert)
        nine._cancel(by_staff=True)
        self.run_cron()
        return entries

    def mails_of(self, entry):
        """Send what is due; return what the customer of an entry got."""
        return [mail for mail in self.send() if entry.partner_id.email in mail["To"]]

    def test_offered(self):
        """One mail from the outbox, none by Odoo's queue: until when, where to take it, the shop's own contact."""
        first, _second = self.offer_to_anna()
        self.run_cron()
        self.assertFalse(self.env["mail.mail"].search([("model", "=", first._name), ("res_id", "=", first.id)]))
        [mail] = self.mails_of(first)
        html, plain = self.get_part(mail, "html"), self.get_part(mail, "plain")
        hold = first.reservation_id
        for text in (f"/book/{hold.public_id}?token={hold._get_token()}", "mardi 20 octobre 2026", "America/New_York"):
            self.assertIn(text, html)
        self.assertIn(f"/my/waitlist/{first.public_id}?token=", html)
        self.assertEqual(mail["Reply-To"].addresses[0].addr_spec, "brakes@example.com")
        for text in ("+1 212 555 0100", "brakes@example.com", "1 Pier"):
            self.assertIn(text, plain)
        self.assertEqual(self.mails_of(first), [])

    def test_missed(self):
        """Who did not take it is told so, and that the next has it now."""
        first, second = self.offer_to_anna()
        self.send()
        with freeze_time(FROZEN + 61 * MINUTE):
            self.run_cron()
            mails = self.send()
        self.assertEqual([first.state, second.state], ["missed", "offered"])
        self.assertEqual(
            sorted(mail["To"].addresses[0].addr_spec for mail in mails), ["anna@example.com", "bert@example.com"]
        )

    def test_taken_before_it_was_sent(self):
        """Who has taken the time, or left, before the message went out gets none; the outbox says why."""
        first, _second = self.offer_to_anna()
        first.reservation_id._confirm()
        self.assertEqual(self.mails_of(first), [])
        message = self.get_messages(res_model=first._name, res_id=first.id)
        self.assertEqual((message.state, message.reason), ("skipped", "The time is not offered any more"))

    def test_over_before_it_was_sent(self):
        """What could not be sent while the offer lasted is not sent, also before the cron has noticed."""
        first, _second = self.offer_to_anna()
        with freeze_time(FROZEN + 61 * MINUTE):
            self.assertEqual(self.mails_of(first), [])
        self.assertEqual(self.get_messages(res_id=first.id, res_model=first._name).state, "skipped")

    def test_cannot_be_switched_off(self):
        """It has no group to unsubscribe from: who does not want it leaves the line, by the link in the mail."""
        first, _second = self.offer_to_anna()
        [mail] = self.mails_of(first)
        self.assertIsNone(mail["List-Unsubscribe"])
        first._leave()
        self.assertEqual(self.mails_of(first), [])

    def test_sms(self):
        """The shop may let it be told by SMS: there is a text, with the link."""
        first, _second = self.offer_to_anna()
        texts, errors = self.env["service.notification.renderer"]._render_texts(
            self.get_messages(res_id=first.id, res_model=first._name)
        )
        self.assertFalse(errors)
        self.assertIn(first.reservation_id.public_id, "".join(texts.values()))
