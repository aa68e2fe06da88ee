from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.service_schedule.tests.common import NOW

from .common import OrderNotificationCase

REMINDER = "sale_service_schedule_notification.event_order_reminder"


@tagged("post_install", "-at_install")
class TestReminders(OrderNotificationCase):
    def due(self, order, state="queued"):
        """Return when reminders of an order are due, naive UTC."""
        messages = self.get_messages(res_id=order.id, state=state)
        return messages.filtered(lambda one: one.event_id.code == "order_reminder").mapped("not_before")

    def test_armed(self):
        """A day and an hour before; who books later than that gets only what is still to come."""
        self.assertEqual(self.due(self.order_at(12, 22)), [datetime(2026, 10, 21, 16), datetime(2026, 10, 22, 15)])
        self.assertEqual(self.due(self.order_at(15, 19)), [datetime(2026, 10, 19, 18)])

    def test_moved(self):
        """A move arms anew, and what was armed for the old time is never sent."""
        order = self.order_at(12, 22)
        order._schedule(self.at(12, 24), by_staff=True)
        self.send()
        self.clock.move_to(datetime(2026, 10, 22, 15, 30))
        self.assertEqual(self.mails_to("jeanne@example.com"), [])
        self.clock.move_to(datetime(2026, 10, 23, 16, 1))
        [mail] = self.mails_to("jeanne@example.com")
        self.assertIn("24 octobre", self.get_part(mail, "html"))

    def test_moved_and_back(self):
        """Who moves and comes back to the first time is reminded of it, once."""
        order = self.order_at(12, 22)
        order._schedule(self.at(12, 24), by_staff=True)
        order._schedule(self.at(12, 22), by_staff=True)
        self.send()
        self.clock.move_to(datetime(2026, 10, 21, 16, 1))
        self.assertEqual(len(self.mails_to("jeanne@example.com")), 1)
        self.clock.move_to(datetime(2026, 10, 22, 15, 1))
        self.assertEqual(len(self.mails_to("jeanne@example.com")), 1)

    def test_cancelled(self):
        """Nobody is reminded of what is cancelled."""
        order = self.order_at(12, 22)
        self.send()
        order._action_cancel()
        self.send()
        self.clock.move_to(datetime(2026, 10, 21, 16, 1))
        self.assertEqual(self.mails_to("jeanne@example.com"), [])

    def test_over(self):
        """A reminder that could not be sent until the appointment began is skipped."""
        self.order_at(12, 22)
        self.send()
        self.clock.move_to(datetime(2026, 10, 22, 16) + timedelta(minutes=1))
        self.assertEqual(self.mails_to("jeanne@example.com"), [])

    def test_after_an_outage(self):
        """When nothing was sent for a day, the later reminder goes out alone; the outbox says so of the other."""
        order = self.order_at(12, 22)
        self.send()
        self.clock.move_to(datetime(2026, 10, 22, 15, 10))
        self.assertEqual(len(self.mails_to("jeanne@example.com")), 1)
        messages = self.get_messages(res_id=order.id, event_id=self.env.ref(REMINDER).id)
        self.assertEqual(messages.mapped("state"), ["skipped", "sent"])
        self.assertEqual(messages[0].reason, "A later reminder has taken its place")
        self.assertEqual(self.mails_to("jeanne@example.com"), [])

    def test_query_count(self):
        """Each reminder more costs less than five queries, however many there are."""
        self.offer.resource_ids = [Command.link(self.create_person(f"Person {number}").id) for number in range(8)]

        def count(hour, number):
            for _number in range(number):
                self.order_at(hour, 22)
            self.env["service.notification.message"].search([("event_id.code", "!=", "order_reminder")]).unlink()
            self.clock.move_to(datetime(2026, 10, 22, hour + 4, 0) - timedelta(minutes=59))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.mails_to("jeanne@example.com")), number)  # the hour's in place of the day's
            queries = self.env.cr.sql_log_count - before
            self.clock.move_to(NOW)
            return queries

        count(10, 1)  # fills the caches
        many, few = count(14, 8), count(12, 2)
        self.assertLess(many - few, 12 * 5)
