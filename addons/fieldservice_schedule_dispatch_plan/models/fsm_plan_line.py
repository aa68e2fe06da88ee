from odoo import api, fields, models

from odoo.addons.fieldservice_schedule.dispatchlib import Reason
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
    told = fields.Json(readonly=True, help="What the planner said, without words.")
    reason = fields.Text("Reason, as It Was Written", readonly=True, help="Of older plans.")
    why = fields.Text("Reason", compute="_compute_why", help="In the language of whoever reads it.")

    @api.depends("told", "reason", "job_id")
    @api.depends_context("lang")
    def _compute_why(self):
        for line in self:
            line.why = line._say_why(line.told) if line.told else line.reason

    def _say_why(self, told):
        """Return why somebody gets the job, or nobody does; False where there is nothing to say."""
        dispatch = self.env["fsm.dispatch"]
        if "unlocated" in told:
            return dispatch._say_unlocated(self.job_id)
        if "refused" in told:
            told = [(name, [Reason(*reason) for reason in reasons]) for name, reasons in told["refused"]]
            return dispatch._say_who_cannot(told)
        return "; ".join(self._say_wish(name) for name in told["wishes"]) or False

    def _say_wish(self, name):
        """Return the words for a wish that is granted, or left open."""
        return {
            "preferred": self.env._("preferred by the customer"),
            "not_preferred": self.env._("not whom the customer prefers"),
            "knows_unit": self.env._("knows this unit"),
            "previous": self.env._("was here before"),
            "urgent": self.env._("urgent"),
        }[name]

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
