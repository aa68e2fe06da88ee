from odoo import api, fields, models

RULES = frozenset(
    (
        "location_id",
        "fsm_frequency_set_id",
        "start_date",
        "end_date",
        "max_orders",
        "holiday_rule",
        "state",
        "company_id",
    )
)
"""What makes other days, or other times, of a plan."""


class FsmRecurring(models.Model):
    """The life of a plan: begun, suspended and resumed, changed, ended."""

    _inherit = "fsm.recurring"

    @api.model_create_multi
    def create(self, vals_list):
        """Override to make the visits of plans that begin at once; a plan that names no start begins now."""
        plans = super().create(vals_list)
        plans.filtered(lambda plan: plan.state == "progress")._generate_soon()
        return plans

    def write(self, vals):
        """Override to bring the visits in line with a plan that changed."""
        result = super().write(vals)
        if RULES & vals.keys():
            self.filtered(lambda plan: plan.state == "progress")._generate_soon()
        return result

    def action_start(self):
        """Override of ``fieldservice_recurring``: begin or resume, and make the visits.

        What was put aside when the plan was suspended takes place again; what a person cancelled stays cancelled.
        """
        for plan in self.filtered(lambda plan: not plan.start_date):
            plan.start_date = fields.Datetime.now()
        self.write({"state": "progress"})
        self._generate_orders()

    def action_suspend(self):
        """Override of ``fieldservice_recurring``: put the visits to come aside; what people began or moved stays."""
        self.write({"state": "suspend"})
        self._generate_orders()

    @api.model
    def _cron_manage_expiration(self):
        """Override of ``fieldservice_recurring``: a plan is over when its end has come or its limit is reached."""
        progress = [("state", "=", "progress")]
        ended = self.search([*progress, ("end_date", "<=", fields.Datetime.now())])
        limited = self.search([*progress, ("max_orders", ">", 0)])
        full = limited.filtered(lambda plan: plan.fsm_order_count >= plan.max_orders)
        (ended | full).write({"state": "close"})

    def _write_changed(self, values):
        """Write those of the values that differ from what the plan has."""
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)
