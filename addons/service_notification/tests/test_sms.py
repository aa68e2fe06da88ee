from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, NotificationCase


@tagged("post_install", "-at_install")
class TestSms(NotificationCase):
    """Text messages only to those who agreed, through Odoo's queue, with what became of them."""

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOW))
        template = self.env["sms.template"].create(
            {
                "name": "Dive",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body": "Dive of {{ object.name }}",
            }
        )
        self.event.write({"sms_template_id": template.id, "customer_channel_ids": [Command.set(self.sms.ids)]})
        self.record.write({"phone": "(212) 555-0123", "country_id": self.env.ref("base.us").id})
        self.consents = self.env["service.notification.consent"]

    def agree(self, partner=None):
        """Let a partner agree."""
        return self.consents._record(partner or self.record, True, "portal", "I agree")

    def run_sender(self):
        """Run the sender; return the text messages in Odoo's queue."""
        self.send()
        return self.env["sms.sms"].search([("partner_id", "=", self.record.id)], order="id")

    def test_consent(self):
        """Without consent nothing is queued; with it the number is written internationally."""
        self.assertEqual(self.record._notify("test_dive"), 0)
        consent = self.agree()
        self.assertEqual((consent.number, consent.how, consent.note), ("+12125550123", "portal", "I agree"))
        self.record._notify("test_dive")
        sms = self.run_sender()
        self.assertEqual((sms.number, sms.body), ("+12125550123", "Dive of Anna Dive"))
        self.assertEqual(self.get_messages().state, "sent")
        self.assertEqual(len(self.run_sender()), 1)

    def test_consent_is_for_a_number(self):
        """Another number is another consent; a partner without one cannot agree."""
        self.agree()
        self.record.phone = "(212) 555-0199"
        self.assertEqual(self.record._notify("test_dive"), 0)
        self.record.phone = False
        with self.assertRaises(UserError):
            self.agree()

    def test_taken_back_while_queued(self):
        """Who takes it back while a message is queued does not get it."""
        self.agree()
        self.record._notify("test_dive")
        self.consents._record(self.record, False, "portal")
        self.assertFalse(self.run_sender())
        self.assertIn("not agreed", self.get_messages().reason)

    def test_stop_and_start(self):
        """STOP holds for all who have the number and is kept; START takes it back; other words are neither."""
        self.agree()
        twin = self.create_partner("Twin", phone="+12125550123")
        self.agree(twin)
        self.assertFalse(self.consents._receive_sms("+12125550123", "Please stop by later"))
        self.assertEqual(self.consents._receive_sms("+12125550123", " stop. "), "stop")
        self.assertFalse(self.consents._read_consenting(self.record | twin))
        self.assertTrue(self.env["phone.blacklist"].search([("number", "=", "+12125550123")]))
        last = self.consents.search([("partner_id", "=", self.record.id)], limit=1)
        self.assertEqual((last.is_given, last.how, last.note), (False, "sms", " stop. "))
        self.assertEqual(self.consents._receive_sms("+1 212 555 0123", "START"), "start")
        self.assertEqual(set(self.consents._read_consenting(self.record | twin)), {self.record.id, twin.id})

    def test_night(self):
        """At night text messages wait for the morning, by the clock of the recipient, unless he chose otherwise."""
        self.agree()
        night = NOW.replace(hour=3)
        self.clock.move_to(night)
        self.record._notify("test_dive")
        self.assertFalse(self.run_sender())
        self.assertEqual(self.get_messages().next_try_at, NOW.replace(hour=12))
        self.env["service.notification.quiet"]._choose(self.record, 0, 0)
        self.get_messages().next_try_at = night
        self.assertEqual(len(self.run_sender()), 1)

    def test_delivery(self):
        """What the provider reports is kept: on its way, delivered."""
        self.agree()
        self.record._notify("test_dive")
        tracker = self.run_sender().sms_tracker_id
        message = self.get_messages()
        self.assertEqual(tracker.service_notification_id, message)
        for state, delivery in (("pending", "pending"), ("sent", "delivered"), ("pending", "delivered")):
            tracker._action_update_from_sms_state(state)
            self.assertEqual((message.state, message.delivery), ("sent", delivery))

    def test_failed(self):
        """A wrong number is dead; a fault of the provider is tried again."""
        self.agree()
        for failure, state in (("sms_number_format", "dead"), ("sms_server", "queued")):
            self.record.color += 1
            self.record._notify("test_dive")
            tracker = self.run_sender()[-1].sms_tracker_id
            tracker._action_update_from_sms_state("error", failure_type=failure, failure_reason="it says")
            message = self.get_messages()[-1]
            self.assertEqual((message.state, message.delivery, message.last_error), (state, "failed", "it says"))
        self.clock.move_to(NOW + timedelta(minutes=2))
        self.assertEqual(len(self.run_sender()), 3)

    def test_provider_rejects(self):
        """A number that the provider rejects later is dead, with what it said."""
        self.agree()
        self.record._notify("test_dive")
        self.run_sender().sms_tracker_id._action_update_from_provider_error("invalid_destination")
        self.assertEqual(self.get_messages().state, "dead")
