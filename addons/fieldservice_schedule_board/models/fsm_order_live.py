from odoo import api, models

SHOWN = frozenset(
    (
        "active",
        "company_id",
        "equipment_id",
        "equipment_ids",
        "exception_reason",
        "is_locked",
        "location_id",
        "name",
        "person_id",
        "priority",
        "request_early",
        "scheduled_date_end",
        "scheduled_date_start",
        "scheduled_duration",
        "skill_ids",
        "stage_id",
    )
)
"""What of a job the board shows, or what that follows from."""


class FsmOrder(models.Model):
    """Boards that somebody looks at hear that a job on them has changed, and read anew what they may."""

    _inherit = "fsm.order"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``fieldservice`` to let boards know."""
        jobs = super().create(vals_list)
        jobs._touch_boards()
        return jobs

    def unlink(self):
        """Override of ``base`` to let boards know."""
        self._touch_boards()
        return super().unlink()

    def _write_plainly(self, vals):
        """Override of ``fieldservice_schedule``, by which every change of jobs comes, to let boards know."""
        if SHOWN.isdisjoint(vals):
            return super()._write_plainly(vals)
        self._touch_boards()
        result = super()._write_plainly(vals)
        self._touch_boards()
        return result

    def _touch_boards(self):
        """Remember where these jobs stand, for the boards that are told when this transaction ends."""
        jobs = self.sudo()  # sudo: where a job stands is a fact, whoever changes it
        places = {
            (
                job.company_id.id,
                job.scheduled_date_start,
                job.scheduled_date_end,
                job.state == "requested" and not job.person_id,
            )
            for job in jobs
        }
        self.env["fsm.board"]._remember_places(places)
