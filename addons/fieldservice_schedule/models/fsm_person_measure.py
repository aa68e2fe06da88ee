from odoo import api, fields, models


class FsmPerson(models.Model):
    """What a technician has done: measured, never typed."""

    _inherit = "fsm.person"

    job_count = fields.Integer("Jobs Done", compute="_compute_measures")
    average_hours = fields.Float(
        compute="_compute_measures", help="From start to end, in hours, of the jobs of which both were recorded."
    )

    @api.depends_context("uid")
    def _compute_measures(self):
        # sudo: who may see a colleague may see how much he has done, not what
        done = (
            self.env["fsm.order"]
            .sudo()
            ._read_group(
                [("person_id", "in", self.ids), ("state", "in", ("completed", "closed"))],
                ["person_id"],
                ["__count", "duration:sum", "date_start:count"],
            )
        )
        found = {person.id: (count, hours, measured) for person, count, hours, measured in done}
        for person in self:
            count, hours, measured = found.get(person._origin.id, (0, 0.0, 0))
            person.job_count = count
            person.average_hours = hours / measured if measured else 0.0
