from odoo import api, fields, models


class FsmOrderOverbook(models.TransientModel):
    """A manager gives a job a time that is not free, and says why."""

    _name = "fsm.order.overbook"
    _description = "Overbook a Technician"

    order_id = fields.Many2one("fsm.order", "Job", required=True, readonly=True, ondelete="cascade")
    person_id = fields.Many2one(
        "fsm.person", "Technician", required=True, compute="_compute_plan", store=True, readonly=False, precompute=True
    )
    start = fields.Datetime(required=True, compute="_compute_plan", store=True, readonly=False, precompute=True)
    hours = fields.Float(
        "Length", required=True, compute="_compute_plan", store=True, readonly=False, precompute=True, help="In hours."
    )
    reason = fields.Char(required=True, help="Whoever meets the overlap reads it.")

    @api.depends("order_id")
    def _compute_plan(self):
        for wizard in self:
            job = wizard.order_id
            wizard.person_id = job.person_id
            wizard.start = job.scheduled_date_start
            wizard.hours = job.scheduled_duration or 1.0

    def action_overbook(self):
        """Do it."""
        self.ensure_one()
        self.order_id._overbook(self.person_id, self.start, self.hours, self.reason)
