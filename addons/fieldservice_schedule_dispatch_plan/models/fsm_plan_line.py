from odoo import fields, models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local

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

    def _say_former(self):
        """Return whose a job was, or when, as far as the plan changes it: "from Tom, 9:00 AM"; "" of other lines."""
        self.ensure_one()
        values = {"name": self.old_person_id.name, "time": self._format_former_start()}
        if self.kind == "dropped":
            return self.env._("was %(name)s, %(time)s", **values)
        if self.kind == "moved" and self.old_start == self.start:
            return self.env._("from %(name)s", **values)
        if self.kind == "moved":
            return self.env._("from %(name)s, %(time)s", **values)
        return self.env._("was %(time)s", **values) if self.kind == "retimed" else ""

    def _say_driving(self):
        """Return how far it is from the stop before: "12 min drive"."""
        return self.env._("%(minutes)s min drive", minutes=self.drive_minutes)

    def _format_former_start(self):
        """Return when the job was to begin, on the company's clock; with the day when that was another."""
        if not self.old_start:
            return ""
        moment = local(timing.to_stamp(self.old_start), self.plan_id._get_zone())
        time = timing.time_text(self.env, moment)
        return time if moment.date() == self.day else f"{timing.day_text(self.env, moment)}, {time}"
