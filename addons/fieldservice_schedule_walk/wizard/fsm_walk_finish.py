from odoo import api, fields, models


class FsmWalkFinish(models.TransientModel):
    """Asks before a walk is finished of which units are left."""

    _name = "fsm.walk.finish"
    _description = "Finish a Lot Walk"

    visit_id = fields.Many2one("fsm.order", "Lot Walk", required=True, readonly=True, ondelete="cascade")
    left_count = fields.Integer(compute="_compute_left")
    left_names = fields.Char(compute="_compute_left")

    @api.depends("visit_id")
    def _compute_left(self):
        for wizard in self:
            units = wizard.visit_id._get_left_units()
            wizard.left_count = len(units)
            wizard.left_names = ", ".join(units.mapped("display_name"))

    def action_finish(self):
        """Finish it although units are left."""
        self.visit_id._finish_walk(leave_open=True)
