"""Orders are moved while the reminders of their old times are being sent, by two senders and a slow mail server."""

import random
import time
from datetime import UTC, datetime
from pathlib import Path

from nursery import Nursery
from suite_messages import MessagesCase
from suite_server import PATIENCE, transaction

from odoo.fields import Command
from odoo.tests import tagged

ORDERS = 8


@tagged("post_install", "-at_install", "standard")
class TestReminderRace(MessagesCase):
    """What holds: see the README of ``service_notification``, "How it is sent"."""

    senders = 0
    slowness = 0.5

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nursery = Nursery(cls.database, Path(__file__).parent / "notification_nursery.py")
        cls.addClassCleanup(cls.nursery.close)

    def setUp(self):
        self.start_senders()
        super().setUp()

    def start_senders(self):
        """Let two senders work."""
        self.addCleanup(self.nursery.kill)
        for _sender in range(2):
            self.nursery.start()

    def book(self):
        """Return the ids of orders of one customer for hours of one day, of which all have been told."""
        with transaction(self.database) as env:
            john = env["res.partner"].search([("email", "=", "john@example.com")])
            # one hour for each, and none of the hours that are moved to
            ids = [self._book_hour(env, john, hour) for hour in range(ORDERS)]
        self.read_mails()
        return ids

    def _book_hour(self, env, partner, hour):
        lines = [Command.create({"product_id": self.course, "product_uom_qty": 1})]
        order = env["sale.order"].create({"partner_id": partner.id, "order_line": lines})
        order._schedule(self.choice(3, hour), by_staff=True)
        return order.id

    def choice(self, days, hour):
        """Return the choice of an hour of a day of the shop."""
        year, month, day = map(int, self.day(days).split("-"))
        return f"time:{datetime(year, month, day, hour + 8, tzinfo=self.zone).isoformat()}"

    def let_reminders_be_due(self, ids):
        """Let the reminders of the day before be due, all at once."""

        def act(env):
            orders = env["sale.order"].browse(ids)
            for order_id, revision in orders._get_notification_revision().items():
                messages = env["service.notification.message"].search(
                    [
                        ("res_id", "=", order_id),
                        ("event_id.code", "=", "order_reminder"),
                        ("revision", "=", revision),
                        ("state", "=", "queued"),
                    ],
                    order="not_before",
                    limit=1,
                )
                messages.next_try_at = messages.not_before = datetime.now(UTC).replace(tzinfo=None, microsecond=0)

        self.rewrite(act)

    def move(self, order_id, hour):
        """Move an order to a far day on a connection of our own."""

        def act(env):
            env["sale.order"].browse(order_id)._schedule(self.choice(6, hour), by_staff=True)

        self.rewrite(act)

    def read_labels(self, ids):
        """Return the promised times of orders."""
        with transaction(self.database) as env:
            return {order.id: order.schedule_label for order in env["sale.order"].browse(ids)}

    def test_moved_while_reminded(self):
        """Who moves while he is reminded of the old time reads of the new one afterwards, and is reminded of it.

        A reminder of the old time may be on its way already when he moves. It never comes after the new time.
        """
        ids = self.book()
        old = self.read_labels(ids)
        self.let_reminders_be_due(ids)
        self.wait_until_begun()
        # the last one is rendered and not sent yet, as far as can be said
        moved = list(dict.fromkeys([*random.sample(ids, ORDERS // 2), ids[-1]]))
        for order_id in moved:
            self.move(order_id, ids.index(order_id))
        new = self.read_labels(moved)
        subjects = [self.read_subject(mail) for mail in self.read_mails()["john@example.com"]]
        stale = self.judge(subjects, moved, old, new)
        for order_id in set(ids) - set(moved):
            self.assertEqual(subjects.count(f"Reminder: Course, {old[order_id]}"), 1)
        print(f"\n{len(moved)} moved while reminded: {stale} had been reminded of the old time before")  # noqa: T201
        self.let_reminders_be_due(moved)
        subjects = [self.read_subject(mail) for mail in self.read_mails()["john@example.com"]]
        self.assertEqual(sorted(subjects), sorted(f"Reminder: Course, {new[order_id]}" for order_id in moved))

    def wait_until_begun(self):
        """Wait until the first of the reminders is out: the others are rendered."""
        before, until = self.seen_mails, time.monotonic() + 10 * PATIENCE
        while self.sink.count() == before:
            self.assertLess(time.monotonic(), until, self._read_due())
            time.sleep(0.01)

    def judge(self, subjects, moved, old, new):
        """Check what came about the orders that were moved; return how many stale reminders came."""
        stale = 0
        with transaction(self.database) as env:
            names = {order.id: order.name for order in env["sale.order"].browse(moved)}
        for order_id in moved:
            news = f"Order #{names[order_id]} Rescheduled to {new[order_id]}"
            reminder = f"Reminder: Course, {old[order_id]}"
            self.assertEqual(subjects.count(news), 1, subjects)
            self.assertLessEqual(subjects.count(reminder), 1, subjects)
            if reminder in subjects:
                stale += 1
                self.assertLess(subjects.index(reminder), subjects.index(news), subjects)
        return stale
