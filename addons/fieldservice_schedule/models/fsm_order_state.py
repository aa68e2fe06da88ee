from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .fsm_stage import SEEDED

STEPS = {
    "requested": ("assigned", "in_progress", "completed", "cancelled"),
    "assigned": ("requested", "in_progress", "completed", "cancelled"),
    "in_progress": ("assigned", "completed", "cancelled"),
    "completed": ("closed", "in_progress"),
    "closed": ("completed",),
    "cancelled": ("requested", "assigned"),
}
"""From which state a job may get to which."""
WITH_TECHNICIAN = ("assigned", "in_progress")


class FsmOrder(models.Model):
    """The steps of the work. The stage says which state a job has; a stage can be called as one likes."""

    _inherit = "fsm.order"

    def _update_state(self, target):
        """Bring the jobs into a state: into the first stage that stands for it. Those that have it stay as they are.

        :raise UserError: the step is not allowed
        """
        for company, jobs in self.filtered(lambda job: job.state != target).grouped("company_id").items():
            jobs.write({"stage_id": self._get_stage(target, company).id})

    @api.model
    def _get_stage(self, state, company):
        """Return the stage of a state: the one that fieldservice's code knows, else the first of the company.

        :raise UserError: there is none
        """
        for name in (name for name, code in SEEDED.items() if code == state):
            stage = self.env.ref(name, raise_if_not_found=False)
            if stage and stage.active and stage.code == state:
                return stage
        # sudo: which stages there are is no secret, and a company without its own uses the common ones
        stage = (
            self.env["fsm.stage"]
            .sudo()
            .search(Domain([("code", "=", state), ("company_id", "in", (company.id, False))]), limit=1)
        )
        if not stage:
            label = dict(self._fields["state"]._description_selection(self.env))[state]
            raise UserError(self.env._("There is no stage for the state %(state)s.", state=label))
        return stage

    def _check_step(self, stage, vals):
        """Raise when one of the jobs may not get into a stage from where it is.

        :param dict vals: what else is changed with it
        :raise UserError: lists them
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda job: stage.code not in (job.state, *STEPS.get(job.state, (stage.code,))))
        if wrong:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(job)s cannot go from %(old)s to %(new)s.",
                        job=job.name,
                        old=labels.get(job.state, ""),
                        new=labels.get(stage.code, stage.name),
                    )
                    for job in wrong
                )
            )
        nobody = self.filtered(lambda job: not vals.get("person_id", job.person_id))
        if stage.code in WITH_TECHNICIAN and nobody:
            raise UserError(self.env._("Choose a technician first: %(jobs)s", jobs=", ".join(nobody.mapped("name"))))

    def _record_work(self, before):
        """Keep when the work began and ended: the first start, and the last end; the chatter keeps those before.

        :param before: ``{job: state before this change}``
        """
        now = fields.Datetime.now()
        self.filtered(lambda job: job.state == "in_progress" and not job.date_start).date_start = now
        self.filtered(lambda job: job.state == "completed" and not job.date_end).date_end = now
        self.filtered(lambda job: job.state == "in_progress" and before[job] == "completed").date_end = False

    def _split_by_technician(self, vals):
        """Return ``[(jobs, values)]``: who gets a technician is assigned, who loses him is requested again."""
        if "person_id" not in vals or "stage_id" in vals:
            return [(self, {})]
        old, new = ("requested", "assigned") if vals["person_id"] else ("assigned", "requested")
        following = self.filtered(lambda job: job.state == old)
        groups = [(self - following, {})] if self - following else []
        for company, jobs in following.grouped("company_id").items():
            groups.append((jobs, {"stage_id": self._get_stage(new, company).id}))
        return groups

    def action_start(self):
        """Begin the work."""
        self._update_state("in_progress")

    def action_complete(self):
        """Override of ``fieldservice`` to go through the steps."""
        self._update_state("completed")

    def action_close(self):
        """Close what was completed: nothing is left to do about it."""
        self._update_state("closed")

    def action_cancel(self):
        """Override of ``fieldservice`` to go through the steps."""
        self._update_state("cancelled")

    def action_reopen(self):
        """Take a cancellation, a completion or the closing back."""
        self._forget_failure()
        for job in self:
            job._update_state({"completed": "in_progress", "closed": "completed"}.get(job.state, "requested"))
