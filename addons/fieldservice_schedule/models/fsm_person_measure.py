from odoo import api, fields, models


class FsmPerson(models.Model):
    """What a technician has done: measured, never typed."""

    _inherit = "fsm.person"

    job_count = fields.Integer("Jobs Done", compute="_compute_measures")
    average_hours = fields.Float(
        compute="_compute_measures", help="From start to end, in hours, of the jobs of which both were recorded."
    )

    customer_rating = fields.Float(
        compute="_compute_customer_rating", help="The average of what customers gave for his jobs: 5 is best, 1 worst."
    )
    rating_count = fields.Integer("Ratings by Customers", compute="_compute_customer_rating")

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

    @api.depends_context("uid")
    def _compute_customer_rating(self):
        # sudo: who may see a colleague may see what customers think of his work
        rows = (
            self.env["rating.rating"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", "fsm.order"),
                    ("rated_partner_id", "in", self.partner_id.ids),
                    ("consumed", "=", True),
                    ("rating", ">=", 1),
                ],
                ["rated_partner_id"],
                ["__count", "rating:avg"],
            )
        )
        found = {partner.id: (count, average) for partner, count, average in rows}
        for person in self:
            person.rating_count, person.customer_rating = found.get(person.partner_id.id, (0, 0.0))
