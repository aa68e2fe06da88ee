from datetime import timedelta

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.service_schedule.tests.common import NOW

from .payment_common import PaymentCase

LATER = NOW + timedelta(minutes=30)


@tagged("post_install", "-at_install")
class TestSaleServiceScheduleCheck(PaymentCase):
    """Each check of orders, money and time is proved by breaking what it guards with raw SQL."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.check = cls.env["service.schedule.check"]
        cls.before = cls.find()

    @classmethod
    def find(cls, now=NOW):
        """Return ``{(title, id)}`` of all problems at ``now``."""
        with freeze_time(now.replace(tzinfo=None)):
            return {(check.title, row_id) for check, rows in cls.check._run() for row_id, _detail in rows}

    def assert_found(self, order, *titles, now=NOW):
        """Check that the new problems have these titles, each once, and are about ``order``."""
        found = self.find(now) - self.before
        self.assertEqual({row for _title, row in found}, set(order.ids), found)
        self.assertEqual(len(found), len(titles), found)
        for title in titles:
            self.assertTrue(any(title in words for words, _row in found), (title, found))

    def break_by(self, sql, *arguments):
        """Change the database behind the ORM's back."""
        self.env.flush_all()
        self.env.cr.execute(SQL(sql, *arguments))
        self.env.invalidate_all()

    def park(self):
        """Return an order whose money came after its time had gone."""
        order = self.place()
        self.take(order, NOW + timedelta(minutes=20))
        self.pay(order, now=LATER)
        self.assertTrue(order.needs_new_time)
        return order

    def test_sound_books(self):
        """Orders that are paid, parked, unpaid, refused or cancelled with their money leave no problem behind."""
        self.park()
        self.offer.resource_ids += self.tom
        self.pay(self.place("time:2026-10-20T12:00:00-04:00"))
        self.pay(self.place("time:2026-10-20T13:00:00-04:00"), "error")
        self.place("time:2026-10-20T14:00:00-04:00")
        cancelled = self.place("time:2026-10-20T15:00:00-04:00")
        self.pay(cancelled)
        cancelled._cancel_by_customer(now=NOW)
        self.assertEqual(self.find(LATER), self.before)

    def test_accepted_without_time(self):
        """An accepted order whose time was given up is found; a parked one only when nobody is told of it."""
        order = self.place()
        self.pay(order)
        self.break_by("UPDATE service_reservation SET state = 'cancelled' WHERE id = %s", order.reservation_id.id)
        found = self.find() - self.before
        self.assertIn(("An accepted order has its time, or staff know that it needs one", order.id), found)

    def test_parked_and_nobody_told(self):
        """A parked order without an open activity, or that does not say what it needs, is found."""
        order = self.park()
        with self.env.cr.savepoint() as savepoint:
            order.activity_ids.action_done()
            self.env.flush_all()
            self.assert_found(order, "An accepted order has its time", now=LATER)
            savepoint.rollback()
        self.env.invalidate_all()
        self.break_by("UPDATE sale_order SET needs_new_time = false WHERE id = %s", order.id)
        self.assert_found(order, "An accepted order has its time", "says that it needs a new time", now=LATER)

    def test_paid_and_not_accepted(self):
        """A paid order that is still a quotation is found, unless it is somebody's activity."""
        order = self.place()
        self.pay(order)
        self.break_by("UPDATE sale_order SET state = 'sent' WHERE id = %s", order.id)
        self.assert_found(order, "A paid order is accepted")
        self.break_by("UPDATE sale_order SET amount_total = amount_total * 2 WHERE id = %s", order.id)
        self.assertEqual(self.find(), self.before)
        self.break_by("UPDATE sale_order SET prepayment_percent = 0.5 WHERE id = %s", order.id)
        self.assert_found(order, "A paid order is accepted")
        order._plan_activity("Look", "here")
        self.env.flush_all()
        self.assertEqual(self.find(), self.before)

    def test_forgotten_payment(self):
        """A payment that nothing has followed up for an hour is found, a fresh one is not."""
        order = self.place()
        transaction = self.pay(order)
        self.break_by(
            "UPDATE payment_transaction SET is_post_processed = false, last_state_change = %s WHERE id = %s",
            NOW.replace(tzinfo=None),
            transaction.id,
        )
        self.assertEqual(self.find(NOW + timedelta(minutes=59)), self.before)
        self.assert_found(order, "followed up", now=NOW + timedelta(minutes=61))

    def test_shared_reservation(self):
        """Two orders with one reservation are found although the index is gone."""
        first, second = self.place(), self.create_order()
        self.break_by("DROP INDEX sale_order_reservation_uniq")
        self.break_by("UPDATE sale_order SET reservation_id = %s WHERE id = %s", first.reservation_id.id, second.id)
        self.assert_found(first | second, "No two orders", "No two orders")

    def test_cancelled_with_time(self):
        """A cancelled order that still has its time is found."""
        self.offer.payment = "shop"
        order = self.place()
        self.break_by("UPDATE sale_order SET state = 'cancel' WHERE id = %s", order.id)
        self.assert_found(order, "A cancelled order holds no time")

    def test_limbo(self):
        """A paid order whose hold is over, and that does not say so, is found; in part paid counts as well."""
        order = self.place()
        self.offer.write({"payment": "deposit", "deposit_percent": 50})
        self.pay(order, amount=1)
        self.break_by(
            "UPDATE service_reservation SET state = 'expired', expires_at = NULL, holder = NULL WHERE id = %s",
            order.reservation_id.id,
        )
        found = {words for words, row in self.find() - self.before if row == order.id}
        self.assertEqual(found, {"A paid order whose hold is over says that it needs a new time"})
