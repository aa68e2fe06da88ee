from odoo import fields, models


class ServiceWaiverOverride(models.TransientModel):
    """Asks a manager why work may begin without a signature."""

    _name = "service.waiver.override"
    _description = "Override a Waiver"

    reservation_id = fields.Many2one("service.reservation", required=True, readonly=True, ondelete="cascade")
    reason = fields.Text(required=True)

    def action_override(self):
        """Record the override in the reservation's history."""
        self.ensure_one()
        self.reservation_id._override_waiver(self.reason)
        return {"type": "ir.actions.act_window_close"}
