from odoo import fields, models


class FsmPerson(models.Model):
    _inherit = "fsm.person"

    max_jobs = fields.Integer("Jobs a Day", help="The most that he is given on one day. 0: as many as fit.")
    max_hours = fields.Float(
        "Hours of Jobs a Day",
        help="The most that his jobs of one day last together, without driving. 0: as much as fits.",
    )

    _max_jobs_check = models.Constraint("CHECK (COALESCE(max_jobs, 0) >= 0)", "Nobody does less than no jobs a day.")
    _max_hours_check = models.Constraint("CHECK (COALESCE(max_hours, 0) >= 0)", "Nobody works for less than no time.")
