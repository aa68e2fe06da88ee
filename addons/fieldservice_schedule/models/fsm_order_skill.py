from odoo import api, models


class FsmOrder(models.Model):
    _inherit = "fsm.order"

    @api.depends("skill_ids")
    def _compute_skill_workers(self):
        """Override of ``fieldservice_skill``: right for several jobs at once, in two queries."""
        everybody = self.env["fsm.person"].search([])
        rows = (
            self.env["fsm.person.skill"]
            .sudo()
            ._read_group([("skill_id", "in", self.skill_ids.ids)], ["person_id"], ["skill_id:array_agg"])
        )
        skills = {person.id: set(skill_ids) for person, skill_ids in rows}
        for job in self:
            wanted = set(job.skill_ids._origin.ids)
            job.skill_worker_ids = everybody.filtered(
                lambda person, wanted=wanted: wanted <= skills.get(person.id, set())
            )
