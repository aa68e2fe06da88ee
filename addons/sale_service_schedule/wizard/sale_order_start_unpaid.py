from odoo import fields, models


class SaleOrderStartUnpaid(models.TransientModel):
    """Asks the staff why they begin work that should have been paid ahead."""

    _name = "sale.order.start.unpaid"
    _description = "Start Without Payment"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_start(self):
        """Begin the work, and keep the reason in the order's history."""
        self.ensure_one()
        self.order_id._start_unpaid(self.reason)
        return {"type": "ir.actions.act_window_close"}
