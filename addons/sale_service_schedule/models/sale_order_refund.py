from odoo import fields, models
from odoo.exceptions import UserError

REFUND = "sale_service_schedule.mail_activity_type_refund"


class SaleOrder(models.Model):
    """Money that goes back: promised when a paid order is cancelled, given back with Odoo's own refunds."""

    _inherit = "sale.order"

    refund_due = fields.Monetary(
        copy=False, readonly=True, help="What was promised to the customer and is still to be given back."
    )
    refund_state = fields.Selection(
        [("due", "To be given back"), ("settled", "Settled")],
        copy=False,
        readonly=True,
        help="Whether a promised refund has been given back; settled is also a cancelled order whose policy gives "
        "nothing back. Empty while nothing was promised.",
    )

    def _compute_amount_paid(self):
        """Override of ``sale``: what went back to the customer, or was voided, does not pay an order again."""
        result = super()._compute_amount_paid()
        for order in self.filtered("service_point_id"):
            order.amount_paid = order._get_paid_amount()
        return result

    # ------------------------------------------------------------------
    # How much
    # ------------------------------------------------------------------

    def _get_payments(self):
        """Return the customer's own payments that have come: not the refunds and captured parts below them."""
        # sudo: only sums are used
        return self.sudo().transaction_ids.filtered(
            lambda tx: tx.state in ("done", "authorized") and tx.operation not in ("validation", "refund")
        )

    def _get_paid_amount(self):
        """Return what the customer has paid online, less what was not captured or went back already."""
        return sum(transaction._get_kept_amount() for transaction in self._get_payments())

    def _get_refund_amount(self, percent, fees=0):
        """Return what is still to be given back so that the customer has that share of each of his payments again.

        What went back already counts: an order that is cancelled a second time gives nothing back twice.

        :param fees: what the shop keeps in any case, in the order's currency; the share is of the rest
        """
        self.ensure_one()
        amount = 0.0
        for payment in self._get_payments().sorted("id", reverse=True):
            kept, refunded = payment._get_kept_amount(), payment._get_refunded_amount()
            fee = min(fees, kept + refunded)
            fees -= fee
            share = self.currency_id.round((kept + refunded - fee) * percent / 100)
            amount += min(kept, max(0.0, share - refunded))
        return self.currency_id.round(amount)

    def _get_refund_terms(self, now=None):
        """Return ``(percent, fees)``: the share that cancelling now gives back, and the fees that are kept before it.

        A fee of a late move is not given back, also from what was paid for something else, unless the shop cannot keep
        the time. Fees that the shop took off the order again are none.
        """
        self.ensure_one()
        reservation = self.sudo().reservation_id  # sudo: whose order it is may know what it costs
        if not reservation:
            return 100, 0
        fees = 0 if reservation.trouble else self._get_fees()
        return reservation._get_refund_percent(now=now), fees

    def _get_cancel_terms(self):
        """Return ``(percent, fees)`` when the staff cancel: all goes back; of a no-show, what the policy leaves him."""
        self.ensure_one()
        reservation = self.sudo().reservation_id  # sudo: staff who may cancel the order know its policy
        if reservation.state != "no_show":
            return 100, 0
        return min(reservation.refund_percent, reservation.refund_limit_percent), self._get_fees()

    def _get_fees(self):
        """Return what late moves cost, taxes included."""
        return sum(self._get_fee_lines().mapped("price_total"))

    def _get_fee_lines(self):
        """Return the lines that charge late moves."""
        order = self.sudo()  # sudo: as _charge_fee
        products = order.company_id._get_service_fee_products()
        return order.order_line.filtered(lambda line: line.product_id in products)

    # ------------------------------------------------------------------
    # Promising
    # ------------------------------------------------------------------

    def _promise_refund(self, percent, fees=0):
        """Keep what a cancelled order gives back of what was paid, and ask the staff to refund it with Odoo's means.

        :param fees: what the shop keeps in any case
        """
        for order in self.filtered("service_point_id"):
            paid = order._get_paid_amount()
            amount = order._get_refund_amount(percent, fees)
            order._end_refund_activities()
            if order.currency_id.is_zero(paid):
                continue
            order._set_refund_due(amount)
            if amount:
                order._ask_for_refund(amount, paid, fees)

    def _promise_amount(self, amount):
        """Add a payment that books nothing to what is given back, and ask the staff to do it."""
        self.ensure_one()
        self._set_refund_due(self.refund_due + amount)
        self._ask_for_refund(amount, amount)

    def _ask_for_refund(self, amount, paid, fees=0):
        """Give the staff a refund to do."""
        note = self.env._(
            "Give back %(amount)s of the %(paid)s that were paid: open the payment, then Refund.",
            amount=self.currency_id.format(amount),
            paid=self.currency_id.format(paid),
        )
        if not self.currency_id.is_zero(fees):
            text = self.env._("%(fees)s of fees are kept.", fees=self.currency_id.format(fees))
            note = f"{note} {text}"
        self._plan_activity(self.env._("Refund"), note, REFUND)

    def _set_refund_due(self, amount):
        """Write what is still to be given back."""
        self.ensure_one()
        is_due = self.currency_id.compare_amounts(amount, 0) > 0
        # sudo: payments and customers cause refunds, and may not write orders
        self.sudo().write({"refund_due": amount if is_due else 0, "refund_state": "due" if is_due else "settled"})

    def _end_refund_activities(self):
        """Take back what the staff were asked to give back: it is counted anew."""
        self.sudo().activity_unlink([REFUND])  # sudo: customers may cause it

    # ------------------------------------------------------------------
    # Giving back
    # ------------------------------------------------------------------

    def _record_refund(self, amount):
        """Count what has gone back to the customer; the staff's to-do ends when nothing is left of the promise.

        :param float amount: what went back, positive
        """
        for order in self.filtered(lambda order: order.refund_state == "due"):
            order._set_refund_due(order.refund_due - amount)
            if order.refund_state == "settled":
                order.sudo().activity_feedback([REFUND], feedback=order.env._("The money has been given back."))

    def action_open_refund_payments(self):
        """Open the payments that the promised money goes back from, for the button."""
        self.ensure_one()
        self.check_access("read")
        payments = self._get_payments().payment_id  # whoever may not read payments is refused by their form
        if not payments:
            raise UserError(
                self.env._(
                    "Accounting knows no payment of order %(order)s. Give the money back by hand, then choose Money "
                    "Given Back.",
                    order=self.name,
                )
            )
        action = {"type": "ir.actions.act_window", "res_model": "account.payment", "name": self.env._("Payments")}
        if len(payments) == 1:
            return {**action, "view_mode": "form", "res_id": payments.id}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", payments.ids)]}

    def action_refund_given(self):
        """Say that the promised money was given back by other means than the payment provider's, for the button."""
        self.ensure_one()
        self.check_access("write")
        self._message_log(
            body=self.env._("%(amount)s were given back by hand.", amount=self.currency_id.format(self.refund_due))
        )
        self._record_refund(self.refund_due)
