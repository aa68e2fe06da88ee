from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderCancelService(models.TransientModel):
    """Cancel an order for the shop: why, which the customer reads, and what he gets back."""

    _name = "sale.order.cancel.service"
    _description = "Cancel an Order"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="order_id.currency_id")
    is_no_show = fields.Boolean(compute="_compute_paid")
    reason = fields.Char(help="The customer reads it.")
    paid = fields.Monetary("Paid So Far", compute="_compute_paid")
    refund_percent = fields.Integer(
        "Give Back (%)",
        compute="_compute_refund_percent",
        store=True,
        readonly=False,
        help="The share of what was paid. Who did not come gets what the policy of his appointment says.",
    )
    refund_amount = fields.Monetary("To Be Given Back", compute="_compute_refund_amount")

    @api.depends("order_id")
    def _compute_paid(self):
        self.order_id.check_access("read")  # what was paid is read without rights on payments
        for wizard in self:
            wizard.paid = wizard.order_id._get_paid_amount()
            wizard.is_no_show = wizard.order_id.fulfilment_state == "no_show"

    @api.depends("order_id")
    def _compute_refund_percent(self):
        for wizard in self:
            wizard.refund_percent = wizard.order_id._get_cancel_terms()[0] if wizard.order_id else 100

    @api.depends("order_id", "refund_percent")
    def _compute_refund_amount(self):
        for wizard in self:
            order = wizard.order_id
            fees = order._get_cancel_terms()[1] if order else 0
            wizard.refund_amount = order._get_refund_amount(wizard.refund_percent, fees) if order else 0

    def action_cancel(self):
        """Cancel the order."""
        self.ensure_one()
        if not 0 <= self.refund_percent <= 100:
            raise UserError(self.env._("Between 0 and 100 percent can be given back."))
        self.order_id._cancel_by_staff(percent=self.refund_percent, reason=(self.reason or "").strip())
        return {"type": "ir.actions.act_window_close"}
