from odoo import fields, models

KINDS = [
    ("new", "New"),
    ("moved", "Another Technician"),
    ("retimed", "Another Time"),
    ("kept", "As It Is"),
    ("fixed", "Stands"),
    ("dropped", "Nobody Any More"),
    ("unplaced", "Nobody"),
]
APPLIED = ("new", "moved", "retimed")
"""The kinds of lines that give a job a technician and a time."""


class FsmPlanLine(models.Model):
    """What a plan does with one job, and why. ``fixed`` are jobs that no plan moves: they are only shown."""

    _name = "fsm.plan.line"
    _description = "Job in a Plan"
    _order = "plan_id, person_id, start, id"

    plan_id = fields.Many2one("fsm.plan", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    job_id = fields.Many2one("fsm.order", required=True, ondelete="cascade", index=True)
    location_id = fields.Many2one(related="job_id.location_id")
    kind = fields.Selection(KINDS, required=True)
    old_person_id = fields.Many2one("fsm.person", "Was", ondelete="cascade")
    old_start = fields.Datetime("Was At")
    person_id = fields.Many2one("fsm.person", "Technician", ondelete="cascade")
    start = fields.Datetime()
    stop = fields.Datetime("End")
    day = fields.Date()
    drive_minutes = fields.Integer("Driving", help="Minutes from the stop before.")
    reason = fields.Text()
