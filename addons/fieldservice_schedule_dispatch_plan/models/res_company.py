from odoo import fields, models


class ResCompany(models.Model):
    """How much a plan may cost to compute."""

    _inherit = "res.company"

    dispatch_plan_seconds = fields.Integer("Seconds a Plan", default=20)
    dispatch_plan_iterations = fields.Integer("Tries a Plan", default=0, help="0: as many as the seconds allow.")

    _dispatch_plan_check = models.Constraint(
        "CHECK (dispatch_plan_seconds BETWEEN 1 AND 600 AND COALESCE(dispatch_plan_iterations, 0) >= 0)",
        "A plan takes 1 to 600 seconds.",
    )
