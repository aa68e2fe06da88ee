from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import NOW, NotificationCase

DAY, HOUR = 1440, 60


@tagged("post_install", "-at_install")
class TestReminder(NotificationCase):
    """Rules are data; reminders are queued when the moment is set, and anew when it changes."""

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOW))
        self.day = self.create_rule(DAY)
        self.hour = self.create_rule(HOUR)
        self.moment = NOW + timedelta(days=3)

    def create_rule(self, minutes, **values):
        """Return a rule so many minutes before the moment."""
        return self.env["service.notification.reminder"].create(
            {"name": f"{minutes} minutes", "event_id": self.event.id, "minutes_before": minutes, **values}
        )

    def book(self, moment, record=None):
        """Give a record a moment, and a new revision, and arm."""
        record = record or self.record
        record.write({"ref": fields.Datetime.to_string(moment), "color": record.color + 1})
        return record._arm_reminders()

    def test_due(self):
        """A day and an hour before, each once, at the minute for which the sender is asked."""
        self.assertEqual(self.book(self.moment), 2)
        self.assertEqual(self.record._arm_reminders(), 0)
        for before in (timedelta(days=1), timedelta(hours=1)):
            self.clock.move_to(self.moment - before - timedelta(minutes=1))
            self.assertEqual(self.send(), [])
            self.assertIn(self.moment - before, self.get_triggers())
            self.clock.move_to(self.moment - before)
            self.assertEqual(len(self.send()), 1)
        self.assertEqual(set(self.get_messages().mapped("expires_at")), {self.moment})

    def test_too_late_at_booking(self):
        """A rule whose time is over when the time is booked is skipped; the later one comes."""
        self.assertEqual(self.book(NOW + timedelta(hours=5)), 1)
        self.assertEqual(self.get_messages().occasion, f"reminder/{self.hour.id}")
        self.assertEqual(self.book(NOW + timedelta(minutes=60)), 0)

    def test_moved(self):
        """A move arms anew; what was queued for the old time is skipped with its reason."""
        self.book(self.moment)
        self.assertEqual(self.book(self.moment + timedelta(days=1)), 2)
        self.clock.move_to(self.moment - timedelta(days=1))
        self.assertEqual(self.send(), [])
        [old] = self.get_messages(state="skipped")
        self.assertEqual((old.revision, old.reason), ("1", "It has been changed since"))
        self.clock.move_to(self.moment)
        self.assertEqual(len(self.send()), 1)

    def test_after_an_outage(self):
        """Of several that were missed only the last goes out, in whatever order they come up; the outbox says why."""
        self.create_rule(3 * HOUR)
        self.book(self.moment)
        last = self.get_messages(occasion=f"reminder/{self.hour.id}")
        last.next_try_at = self.moment - timedelta(minutes=5)  # failed once: it is tried again
        self.clock.move_to(self.moment - timedelta(minutes=10))
        self.assertEqual(self.send(), [])
        self.assertEqual(set((self.get_messages() - last).mapped("reason")), {"A later reminder has taken its place"})
        self.clock.move_to(self.moment - timedelta(minutes=5))
        self.assertEqual(len(self.send()), 1)
        self.assertEqual(last.state, "sent")

    def test_each_channel_has_its_own(self):
        """A later reminder takes no other channel's place, none before it is due, and none of another time."""
        self.book(self.moment)
        self.hour.channel_ids = self.sms
        later = self.get_messages(occasion=f"reminder/{self.hour.id}")
        later.channel_id = self.sms
        self.clock.move_to(self.moment - timedelta(minutes=30))
        due = self.get_messages(occasion=f"reminder/{self.day.id}")
        self.assertFalse(due._find_superseded(due, self.moment))
        later.channel_id = self.email
        self.assertTrue(due._find_superseded(due, self.moment))
        self.assertFalse(due._find_superseded(due, self.moment - timedelta(hours=2)))
        later.revision = "0"
        self.assertFalse(due._find_superseded(due, self.moment))

    def test_cancelled(self):
        """A cancelled one reminds nobody."""
        self.book(self.moment)
        self.record.active = False
        self.clock.move_to(self.moment - timedelta(hours=1))
        self.assertEqual(self.send(), [])
        self.assertEqual(set(self.get_messages().mapped("reason")), {"Cancelled"})

    def test_domain_company_and_channel(self):
        """A rule is only for what matches it, its company and its channels."""
        self.day.domain = "[('name', '=', 'Bob')]"
        self.hour.company_id = self.env.company
        self.assertEqual(self.book(self.moment), 0)
        self.assertEqual(self.book(self.moment, self.create_partner("Bob")), 1)
        self.hour.company_id = self.company
        self.assertEqual(self.book(self.moment), 1)
        self.hour.channel_ids = self.sms
        self.assertEqual(self.book(self.moment), 0)
        with self.assertRaises(ValidationError):
            self.day.domain = "[('no_such_field', '=', 1)]"

    def test_no_moment(self):
        """Without a moment there is nothing to remind of."""
        self.assertEqual(self.record._arm_reminders(), 0)

    def test_quiet_night(self):
        """A reminder that quiet hours would hold back beyond its moment comes before they begin."""
        self.env["service.notification.quiet"]._choose(self.record, 21, 8)
        # 7:00 in New York; an hour before is in the night, so it comes at 20:59 the evening before
        self.book(self.moment.replace(hour=11))
        due = {message.occasion: message.next_try_at for message in self.get_messages()}
        self.assertEqual(due[f"reminder/{self.hour.id}"], self.moment.replace(hour=0, minute=59))

    def test_queries(self):
        """Arming 300 records takes as many queries as arming 3."""
        partners = self.env["res.partner"].create(
            [
                {"name": f"P{number}", "ref": fields.Datetime.to_string(self.moment + timedelta(minutes=number % 7))}
                for number in range(303)
            ]
        )
        counts = []
        for records in (partners[:7], partners[7:], partners[:7], partners[7:]):
            self.get_messages().unlink()
            self.env["ir.cron.trigger"].search([]).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(records._arm_reminders(), 2 * len(records))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[3])
