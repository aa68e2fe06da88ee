from datetime import datetime

from icalendar import Calendar

from odoo.tests import tagged

from odoo.addons.service_schedule_icalendar.tests.test_invitation import CalendarProgram

from .common import OrderNotificationCase


@tagged("post_install", "-at_install")
class TestOrderMessages(OrderNotificationCase):
    def invitation_of(self, mail):
        """Return ``(method, content)`` of the calendar file of a mail."""
        [file] = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
        return file.get_param("method"), file.get_payload(decode=True)

    def test_scheduled(self):
        """The customer is told once, in his language, on the shop's clock, with an invitation; who serves him, too."""
        order = self.order_at(10)
        mails = self.send()
        self.assertEqual(
            sorted(mail["To"].addresses[0].addr_spec for mail in mails),
            [
                "jeanne@example.com",
                "maria@shop.example",
            ],
        )
        [mail] = [mail for mail in mails if "jeanne@example.com" in mail["To"]]
        self.assertIn(order.name, mail["Subject"])
        html = self.get_part(mail, "html")
        self.assertIn("mardi 20 octobre 2026", html)
        self.assertIn("10:00", html)
        method, content = self.invitation_of(mail)
        self.assertEqual(method, "REQUEST")
        [event] = Calendar.from_ical(content).walk("VEVENT")
        self.assertEqual(str(event["UID"]), order.reservation_id.public_id)
        self.assertEqual(self.send(), [])

    def test_text_messages(self):
        """Who agreed to text messages reads the documents' words, the time with the shop's zone, and the link."""
        self.customer.write({"phone": "+33612345678", "country_id": self.env.ref("base.fr").id, "lang": "en_US"})
        self.env["service.notification.consent"]._record(self.customer, True, "portal", "I agree")
        events = self.env["service.notification.event"].search([("model", "=", "sale.order")])
        events.filtered("sms_template_id").customer_channel_ids = self.sms
        order = self.order_at(10)
        self.send()
        [text] = self.env["sms.sms"].search([("number", "=", "+33612345678")]).mapped("body")
        label = order.schedule_label
        self.assertIn(f"Order #{order.name} scheduled for {label}, Eastern Daylight Time. See details: https://", text)
        self.assertTrue(text.endswith(order.get_portal_url()), text)
        self.clock.move_to(datetime(2026, 10, 20, 13, 1))
        self.send()
        texts = self.env["sms.sms"].search([("number", "=", "+33612345678")]).mapped("body")
        self.assertTrue(any(f"Reminder: Order #{order.name}" in text for text in texts), texts)

    def test_calendar_follows(self):
        """Booked, moved three times, cancelled: the customer's calendar has one entry all the time, and then none."""
        program = CalendarProgram()
        order = self.order_at(10)
        for hour in (None, 12, 13, 15):
            if hour:
                order._schedule(self.at(hour), by_staff=True)
            [mail] = self.mails_to("jeanne@example.com")
            program.receive(*self.invitation_of(mail))
            [entry] = program.entries.values()
            self.assertEqual(entry["DTSTART"].dt.hour, hour or 10)
        order.action_cancel() if order.state != "cancel" else None
        [mail] = self.mails_to("jeanne@example.com")
        program.receive(*self.invitation_of(mail))
        self.assertFalse(program.entries)

    def test_only_what_is_true(self):
        """What was moved or cancelled before its message went out is never told; the last change is."""
        order = self.order_at(10)
        order._schedule(self.at(12), by_staff=True)
        order._schedule(self.at(14), by_staff=True)
        [mail] = self.mails_to("jeanne@example.com")
        self.assertIn("14:00", self.get_part(mail, "html"))
        skipped = self.get_messages(res_id=order.id, state="skipped", audience="customer")
        self.assertEqual(len(skipped), 2)
        self.assertTrue(all(skipped.mapped("reason")))
        order._schedule(self.at(16), by_staff=True)
        order._action_cancel()
        [mail] = self.mails_to("jeanne@example.com")
        self.assertEqual(self.invitation_of(mail)[0], "CANCEL")

    def test_who_does_it_is_not_told(self):
        """Who takes an order himself is not told of it; the customer always is."""
        order = self.create_order(user=self.technician)
        order._schedule(self.at(10), by_staff=True)
        told = self.get_messages(res_id=order.id, state="queued")
        self.assertEqual(set(told.mapped("audience")), {"customer"})

    def test_ready(self):
        """Ready for pickup is told once, and not when it was picked up meanwhile."""
        order = self.order_at(10)
        order.action_confirm()
        self.send()
        order._update_fulfilment("preparing")
        order._update_fulfilment("ready")
        [mail] = self.mails_to("jeanne@example.com")
        self.assertIn(order.name, mail["Subject"])
        other = self.order_at(12)
        other.action_confirm()
        self.send()
        other._update_fulfilment("preparing")
        other._update_fulfilment("ready")
        other._update_fulfilment("picked_up")
        self.assertEqual(self.mails_to("jeanne@example.com"), [])

    def test_templates(self):
        """Every event of orders has a text in every language that is there, and none of them fails."""
        order = self.order_at(10)
        order.action_confirm()
        events = self.env["service.notification.event"].search([("model", "=", "sale.order")])
        self.assertGreater(len(events), 8)
        for event in events:
            for lang in ("en_US", "fr_FR"):
                with self.subTest(event=event.code, lang=lang):
                    template = event.mail_template_id.with_context(lang=lang)
                    context = {"audience": "customer", "format_moment": str, "zone": "UTC", "own_zone": None}
                    for field in ("subject", "body_html"):
                        text = template._render_field(field, order.ids, add_context=context)[order.id]
                        self.assertIn(order.name, text) if field == "body_html" else self.assertTrue(text)
