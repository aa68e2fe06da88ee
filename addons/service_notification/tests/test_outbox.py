from datetime import timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import NOW, NotificationCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOutbox(NotificationCase):
    """What is queued: once for each (event, record, revision, occasion, channel, recipient)."""

    def test_once(self):
        """Telling twice of a revision is one message; a new revision, or occasion, is another."""
        for expected, occasion in ((1, ""), (0, ""), (1, "again"), (0, "again")):
            self.assertEqual(self.record._notify("test_dive", occasion=occasion), expected)
        self.record.color = 2
        self.assertEqual(self.record._notify("test_dive"), 1)
        self.assertEqual(self.get_messages().mapped("revision"), ["0", "0", "2"])

    def test_in_the_transaction(self):
        """What is rolled back was never queued."""
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.record._notify("test_dive")
            raise ZeroDivisionError
        self.assertFalse(self.get_messages())

    def test_unknown_and_inactive(self):
        """An unknown event is a programmer's error, an event of another model too; of an inactive one nobody hears."""
        with self.assertRaises(ValueError):
            self.record._notify("no_such_event")
        self.event.model_id = self.env["ir.model"]._get("res.users")
        with self.assertRaises(ValueError):
            self.record._notify("test_dive")
        self.event.active = False
        self.assertEqual(self.record._notify("test_dive"), 0)

    def test_audiences(self):
        """Who is in two audiences is told once, as the first; each audience by its own channels."""
        bob = self.create_partner("Bob")
        self.event.staff_channel_ids = self.email

        def recipients(records, event, audience):
            found = {"customer": self.record, "staff": self.record | bob}.get(audience)
            return {record.id: found for record in records} if found else {}

        self.patch(self.env.registry["res.partner"], "_get_notification_recipients", recipients)
        self.record._notify("test_dive")
        told = {message.partner_id: message.audience for message in self.get_messages()}
        self.assertEqual(told, {self.record: "customer", bob: "staff"})
        self.assertEqual(self.record._notify("test_dive", audiences=("staff",), occasion="b"), 2)

    def test_preferences(self):
        """Who has switched a group off is not queued; who wants a channel that is no default is."""
        self.choose(self.record, "off")
        self.assertEqual(self.record._notify("test_dive"), 0)
        self.event.customer_channel_ids = False
        self.choose(self.record, "immediate")
        self.assertEqual(self.record._notify("test_dive"), 1)

    def test_wakes_the_sender(self):
        """The sender is asked for at once, or at the full minute in which something is due; each minute once."""
        self.env["ir.cron.trigger"].search([]).unlink()
        self.record._notify("test_dive")
        self.assertEqual(self.get_triggers(), [NOW])
        due = NOW + timedelta(hours=2, seconds=20)
        others = [self.create_partner(name) for name in ("Bob", "Cleo", "Dora")]
        for partner in others:
            partner._notify("test_dive", moments={partner.id: (due, None)})
        self.assertEqual(self.get_triggers(), [NOW, NOW + timedelta(hours=2, minutes=1)])

    def test_queries(self):
        """Telling of 300 records takes as many queries as of 3."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "email": f"p{number}@example.com"} for number in range(303)]
        )
        few, many = partners[:3], partners[3:]
        self.env.flush_all()
        counts = []
        for records in (few, many, few, many):
            self.env.invalidate_all()
            self.get_messages().unlink()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(records._notify("test_dive"), len(records))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[3])
        self.assertLessEqual(counts[3], 20)

    def test_machines(self):
        """A channel that reaches machines says itself to which; they are in the outbox like persons."""
        channel = self.env["service.notification.channel"].create(
            {"code": "hook", "name": "Hook", "is_personal": False}
        )
        sender = type(self.env["service.notification.sender"])
        email_sender = self.env["service.notification.sender.email"]
        base = type(channel)._get_sender

        def get_sender(record):
            return email_sender if record == channel else base(record)

        def get_endpoints(model, event, records):
            return {record.id: [("hook:7", self.company.id)] for record in records}

        self.assertEqual(email_sender._get_endpoints(self.event, self.record), {})
        with patch.object(type(channel), "_get_sender", get_sender):
            with patch.object(sender, "_get_endpoints", get_endpoints):
                self.record._notify("test_dive")
        self.assertEqual(set(self.get_messages().mapped("recipient")), {f"partner:{self.record.id}", "hook:7"})
