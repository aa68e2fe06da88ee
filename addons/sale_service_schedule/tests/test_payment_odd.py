from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.service_schedule.tests.common import NOW

from .payment_common import ELEVEN, PaymentCase

MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestOddMoney(PaymentCase):
    """Money that comes when nothing can be booked for it, or goes back; holds that ended without any."""

    def test_money_after_cancelling(self):
        """A transfer that arrives after its order was cancelled takes no time; the staff are asked to give it back."""
        order = self.place()
        transaction = self.pay(order, "pending")
        with freeze_time(NOW + MINUTE):
            order._cancel_by_customer()
        self.settle(transaction, "done", NOW + 2 * MINUTE)
        self.assertEqual((order.state, order.reservation_id.state), ("cancel", "released"))
        self.assertEqual(order.refund_due, order.amount_total)
        self.assertEqual(order.activity_ids.mapped("summary"), ["Refund"])

    def test_capture_after_cancelling(self):
        """What was authorised is promised back once, by the policy, and not again when it is captured."""
        self.provider.capture_manually = True
        self.offer.write({"free_minutes": 14400, "refund_percent": 25})
        order = self.place()
        transaction = self.pay(order, "authorized")
        order._cancel_by_customer(now=NOW)
        promised = order.refund_due
        self.assertEqual(promised, order.currency_id.round(order.amount_total / 4))
        self.settle(transaction, "done", NOW + MINUTE)
        self.assertEqual((order.refund_due, order.reservation_id.state), (promised, "cancelled"))
        self.assertEqual(len(order.activity_ids), 1)

    def test_cancelled_cannot_be_paid(self):
        """Nobody holds time again, or pays, for an order that is cancelled."""
        order = self.place()
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            order._hold_again()
        self.assertEqual(order.reservation_id.state, "released")

    def test_too_little(self):
        """Two tabs: what was paid is less than what is ordered by now. Nothing is booked, and the staff are told."""
        order = self.place()
        self.pay(order, amount=order.amount_total / 2)
        self.assertEqual((order.state, order.reservation_id.state), ("sent", "held"))
        self.assertEqual(order.activity_ids.mapped("summary"), ["Too little was paid"])

    def test_captured_in_parts(self):
        """Parts that are captured count once, what is voided not at all, a refund of a part is taken off."""
        self.provider.capture_manually = True
        order = self.place()
        transaction = self.pay(order, "authorized")
        part = transaction._create_child_transaction(transaction.amount / 2)
        part._set_done()
        self.assertEqual(order._get_paid_amount(), order.amount_total)
        transaction._create_child_transaction(transaction.amount / 2)._set_canceled()
        self.assertEqual(transaction.state, "done")
        self.assertEqual(order._get_paid_amount(), order.amount_total / 2)
        part._create_child_transaction(1, is_refund=True)._set_done()
        self.assertEqual(order._get_paid_amount(), order.amount_total / 2 - 1)

    def test_moving_a_hold_is_free(self):
        """What is not booked yet moves without a fee."""
        self.offer.write({"free_minutes": 14400, "reschedule_fee": 9})
        order = self.place()
        order._schedule(ELEVEN, now=NOW + MINUTE)
        self.assertEqual((len(order.order_line), order.reservation_id.state), (1, "held"))

    def test_taken_up_again(self):
        """A cancelled order that is taken up again promises no refund."""
        order = self.place()
        self.pay(order)
        order._cancel_by_customer(now=NOW)
        self.assertTrue(order.refund_due)
        order.action_draft()
        self.assertFalse(order.refund_due)

    def test_staff_confirm_what_is_not_paid(self):
        """Nobody is thanked for money that has not come."""
        order = self.place()
        self.take(order, NOW + 20 * MINUTE)
        with freeze_time(NOW + 30 * MINUTE):
            order.action_confirm()
        self.assertNotIn("You have paid", order._get_portal_schedule())
        self.assertNotIn("payment", order.activity_ids.note)
        mail = order.message_ids.filtered(lambda message: "choose a new time" in (message.subject or ""))
        self.assertNotIn("Your money is safe", mail.body)

    def test_another_time_after_the_hold(self):
        """The hold ended and the time is gone: the customer holds another one and pays, or cancels."""
        for wish in ("move", "cancel"):
            with self.subTest(wish=wish):
                order = self.place()
                other = self.take(order, NOW + 20 * MINUTE)
                self.assertEqual(order.reservation_id.state, "expired")
                self.assertTrue(order._may_customer_change())
                self.assertIn("No longer kept", order._get_portal_schedule())
                with freeze_time(NOW + 21 * MINUTE):
                    order._reschedule_by_customer(ELEVEN) if wish == "move" else order._cancel_by_customer()
                if wish == "move":
                    self.assertEqual((order.reservation_id.state, order.state), ("held", "sent"))
                    self.pay(order, now=NOW + 25 * MINUTE)
                    self.assertEqual((order.reservation_id.state, order.state), ("confirmed", "sale"))
                    order._action_cancel()
                else:
                    self.assertEqual(order.state, "cancel")
                other._release()
