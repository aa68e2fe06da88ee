from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.service_schedule.tests.common import NOW

from .payment_common import PaymentCase


@tagged("post_install", "-at_install")
class TestWalkInPayment(PaymentCase):
    """Walk-ins of an offer that is paid ahead: nobody works for nothing by mistake."""

    def order_at_once(self):
        """Return an order as a customer makes it on the portal, to be served as soon as possible."""
        user = self.env["res.users"].create(
            {
                "name": "John",
                "login": "john-at-once",
                "partner_id": self.customer.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.offer.is_published = True
        form = self.env["service.order.form"].with_user(user).sudo()
        return form._place(
            {"point_id": str(self.point.id), "product_id": str(self.product.id), "quantity": "1", "when": "asap"}
        )

    def test_customer_pays_first(self):
        """Ordered by the customer it is none of the shop's until it is paid, and no staff hear of it."""
        order = self.order_at_once()
        self.assertEqual((order.state, order.fulfilment_state, order.order_type), ("sent", False, "instant"))
        self.assertEqual(order._get_portal_badge()[1], "Waiting for payment")
        self.assertIn("pay for it", order._get_confirmation_text())
        self.assertNotIn(order.id, [row["id"] for row in order.get_due_board()["orders"]])
        with self.assertRaises(UserError):
            order.with_user(self.technician).action_start_work()
        self.pay(order)
        self.assertEqual((order.state, order.fulfilment_state), ("sale", "confirmed"))
        self.assertIn(order.id, [row["id"] for row in order.get_due_board()["orders"]])
        order.with_user(self.technician).action_start_work()
        self.assertEqual(order.fulfilment_state, "preparing")

    def test_a_deposit_is_enough(self):
        """Where a deposit is asked for, the deposit begins it; a part of it does not."""
        self.offer.write({"payment": "deposit", "deposit_percent": 50})
        order = self.order_at_once()
        due = order._get_prepayment_required_amount()
        self.pay(order, amount=due / 2)
        order.action_confirm()  # by the staff: still not paid
        with self.assertRaisesRegex(UserError, "have to be paid first"):
            order.action_start_work()
        self.pay(order, amount=due / 2)
        order.action_start_work()
        self.assertEqual(order.fulfilment_state, "preparing")

    def test_paid_at_the_shop(self):
        """Where nothing is paid ahead, nothing is asked for."""
        self.offer.payment = "shop"
        order = self.order_at_once()
        self.assertEqual(order.fulfilment_state, "pending")
        order.with_user(self.technician).action_start_work()
        self.assertEqual(order.fulfilment_state, "preparing")

    def test_staff_are_stopped_too(self):
        """A walk-in that the staff enter is paid ahead as well, by invoice or online; or somebody says why not."""
        order = self.create_order()
        self.assertTrue(order.is_payment_missing)
        with self.assertRaisesRegex(UserError, "have to be paid first"):
            order.action_start_work()
        with self.assertRaisesRegex(UserError, "Say why"):
            order._start_unpaid("  ")
        wizard = self.env["sale.order.start.unpaid"].with_user(self.technician)
        wizard.create({"order_id": order.id, "reason": "Cash on the counter"}).action_start()
        self.assertEqual((order.fulfilment_state, order.unpaid_start_reason), ("preparing", "Cash on the counter"))
        [note] = order.message_ids.filtered(lambda message: "Cash on the counter" in message.body)
        self.assertEqual(note.author_id, self.technician.partner_id)
        with self.assertRaisesRegex(UserError, "no payment missing"):
            order._start_unpaid("again")

    def test_paid_by_invoice(self):
        """What was paid on the order's invoice counts."""
        self.product.invoice_policy = "order"
        order = self.create_order()
        order.action_confirm()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self.assertTrue(order.is_payment_missing)
        self.env["account.payment.register"].sudo().with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()
        order.action_start_work()
        self.assertEqual(order.fulfilment_state, "preparing")

    def test_money_after_cancelling(self):
        """Money for a walk-in that was cancelled meanwhile is promised back."""
        order = self.order_at_once()
        order._action_cancel()
        self.pay(order, now=NOW)
        self.assertEqual((order.state, order.refund_due), ("cancel", order.amount_total))
