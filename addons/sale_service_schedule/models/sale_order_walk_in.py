from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Walk-ins of offers that are paid ahead: no time is held for them, so nothing else keeps the work until the money
    has come.
    """

    _inherit = "sale.order"

    unpaid_start_reason = fields.Char(
        "Started Unpaid", copy=False, readonly=True, help="Why the staff began it before it was paid."
    )
    is_payment_missing = fields.Boolean(
        compute="_compute_is_payment_missing", help="Work cannot begin: it is paid ahead, and has not been paid."
    )

    @api.depends("amount_total", "state", "fulfilment_step", "service_offer_id", "reservation_id", "transaction_ids")
    def _compute_is_payment_missing(self):
        for order in self:
            order.is_payment_missing = bool(order._get_missing_payment())

    def _awaits_payment(self):
        """Return whether a customer ordered it himself, to be served as soon as he has paid.

        Until then it is none of the shop's, as an order whose time is only held.
        """
        self.ensure_one()
        return bool(
            self.submission_key
            and self.require_payment
            and self.state in ("draft", "sent")
            and not self.sudo().reservation_id  # sudo: whoever reads the order may know whether it has a time
        )

    def _get_missing_payment(self):
        """Return what is still to be paid before work may begin on a walk-in, 0.0 for nothing.

        What a customer ordered himself keeps the share that was demanded then; for what the staff entered, the offer
        says it.
        """
        self.ensure_one()
        is_open = self.state != "cancel" and not self.sudo().fulfilment_step  # sudo: the step is nobody's to write
        if not self.service_offer_id or self.reservation_id or self.unpaid_start_reason or not is_open:
            return 0.0
        if self.submission_key:
            due = self._get_prepayment_required_amount()
        else:
            due = self.currency_id.round(self.amount_total * self._get_prepaid_share())
        missing = due - max(self._get_paid_amount(), self._get_invoice_payments())
        return missing if self.currency_id.compare_amounts(missing, 0) > 0 else 0.0

    def _get_invoice_payments(self):
        """Return what was paid on the order's invoices: at the counter, or by transfer."""
        # sudo: staff who serve the order need not read its invoices, only whether it is paid
        posted = self.sudo().invoice_ids.filtered(lambda move: move.state == "posted")
        return sum(-move.direction_sign * (move.amount_total - move.amount_residual) for move in posted)

    def _get_begin_obstacles(self):
        """Override to demand the payment of a walk-in that is paid ahead."""
        obstacles = super()._get_begin_obstacles()
        missing = self._get_missing_payment()
        if missing:
            obstacles.append(
                self.env._(
                    "%(amount)s have to be paid first. Take the payment; or open the order and start it without "
                    "payment, with a reason.",
                    amount=self.currency_id.format(missing),
                )
            )
        return obstacles

    def _start_unpaid(self, reason):
        """Begin the work knowing that it is not paid: a note in the history says who did, and why.

        :raise UserError: there is no reason, or nothing is missing
        """
        self.ensure_one()
        self.check_access("write")
        reason = (reason or "").strip()
        missing = self._get_missing_payment()
        if not reason or not missing:
            raise UserError(
                self.env._("There is no payment missing on order %(order)s.", order=self.name)
                if reason
                else self.env._("Say why the work begins before it is paid.")
            )
        self.sudo().unpaid_start_reason = reason  # sudo: the field is nobody's to write but this method's
        self._message_log(
            body=self.env._(
                "Started although %(amount)s were not paid: %(reason)s",
                amount=self.currency_id.format(missing),
                reason=reason,
            )
        )
        if self.state in ("draft", "sent"):
            self.action_confirm()
        self.action_start_work()

    def action_ask_start_unpaid(self):
        """Open the dialog that asks why the work begins before it is paid."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start Without Payment"),
            "res_model": "sale.order.start.unpaid",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }
