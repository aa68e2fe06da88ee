from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.fieldservice_schedule.models.fsm_stage import STATES


class FsmOrderBatch(models.TransientModel):
    """Many jobs at once: give them to a technician, or bring them into a state.

    Each job that can is changed; what is refused is listed with its reason, and stays as it is.
    """

    _name = "fsm.order.batch"
    _description = "Change Many Jobs"

    kind = fields.Selection([("assign", "Assign a technician"), ("state", "Move to a state")], required=True)
    order_ids = fields.Many2many("fsm.order", string="Jobs", readonly=True)
    order_count = fields.Integer("Number of Jobs", compute="_compute_order_count")
    person_id = fields.Many2one(
        "fsm.person", "Technician", help="Left empty, the jobs are taken from whoever has them."
    )
    state = fields.Selection(STATES, "New State")
    warning = fields.Char(compute="_compute_warning")
    done_count = fields.Integer("Changed", readonly=True)
    refused = fields.Text("Not Changed", readonly=True)
    is_done = fields.Boolean(readonly=True)

    @api.model
    def default_get(self, fields_list):
        """Override of ``base`` to take the jobs that were chosen in the list."""
        values = super().default_get(fields_list)
        if "order_ids" in fields_list and self.env.context.get("active_model") == "fsm.order":
            values["order_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return values

    @api.depends("order_ids")
    def _compute_order_count(self):
        for wizard in self:
            wizard.order_count = len(wizard.order_ids)

    @api.depends("kind", "person_id", "state", "order_ids")
    def _compute_warning(self):
        """Say what is worth a second look before it is done."""
        for wizard in self:
            wizard.warning = wizard._say_warning()

    def _say_warning(self):
        """Return what will be lost: technicians who have the jobs now, or work that is cancelled."""
        if self.kind == "assign":
            taken = self.order_ids.filtered(lambda job: job.person_id and job.person_id != self.person_id)
            return self.env._("%(count)s of them are somebody else's now.", count=len(taken)) if taken else ""
        if self.state == "cancelled":
            begun = self.order_ids.filtered(lambda job: job.state == "in_progress")
            return self.env._("%(count)s of them are under way.", count=len(begun)) if begun else ""
        return ""

    def action_apply(self):
        """Do it, and show what was refused."""
        self.ensure_one()
        if self.kind == "state" and not self.state:
            raise UserError(self.env._("Choose the new state."))
        refused = []
        for job in self.order_ids.sorted(lambda job: (job.scheduled_date_start or fields.Datetime.now(), job.id)):
            message = self._apply_to(job)
            if message:
                refused.append(message if job.name in message else f"{job.name}: {message}")
        self.write(
            {"is_done": True, "done_count": self.order_count - len(refused), "refused": "\n".join(refused) or False}
        )
        return self._reopen() if refused else self._finish()

    def _apply_to(self, job):
        """Change one job; return why it was refused, "" when it was done."""
        try:
            with self.env.cr.savepoint():
                if self.kind == "assign":
                    job.person_id = self.person_id
                else:
                    job._update_state(self.state)
        except (UserError, AccessError, ValidationError) as refused:
            return str(refused)
        return ""

    def _reopen(self):
        """Show the wizard again, with what was refused."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Done, but not all"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _finish(self):
        """Close, with a word about what was done."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s jobs changed.", count=self.done_count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
