import json
from datetime import UTC

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local, local_day

from ..measure import Measure, Stop, measure

FIGURES = ("driving", "late", "overtime")
SILENT_SECONDS = 30
"""After so long without a word a plan in the making is said to be silent."""


class FsmPlan(models.Model):
    """What a plan found: a line for each job, and what it saves."""

    _inherit = "fsm.plan"

    driving_before = fields.Integer(readonly=True, copy=False, help="In minutes.")
    driving_after = fields.Integer(readonly=True, copy=False, help="In minutes.")
    late_before = fields.Integer(readonly=True, copy=False, help="In minutes.")
    late_after = fields.Integer(readonly=True, copy=False, help="In minutes.")
    overtime_before = fields.Integer(readonly=True, copy=False, help="In minutes.")
    overtime_after = fields.Integer(readonly=True, copy=False, help="In minutes.")
    unassigned_before = fields.Integer(readonly=True, copy=False)
    unassigned_after = fields.Integer(readonly=True, copy=False)
    change_count = fields.Integer("Changes", readonly=True, copy=False)
    iterations_done = fields.Integer("Tries", readonly=True, copy=False)
    percent = fields.Integer(compute="_compute_progress")
    progress_text = fields.Char(compute="_compute_progress")
    runner_problem = fields.Char(compute="_compute_progress")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    def _store(self, layout, jobs, plan, notes):
        """Write down the lines and the figures of a ``dispatchlib.Plan``."""
        self.line_ids.unlink()
        unassigned = {one.visit: one for one in plan.unassigned}
        stops = [(row, stop) for row in plan.routes for stop in row.stops]
        visits = {visit.id: visit for visit in layout.problem.visits}
        knowing = jobs._read_knowing_persons()
        values = [self._prepare_stop(layout, jobs, visits, knowing, row, stop) for row, stop in stops]
        refused = [self._prepare_unplaced(layout, job, unassigned.get(job.id)) for job in self._pick_left(jobs, stops)]
        self.env["fsm.plan.line"].sudo().create(values + refused)  # sudo: nobody writes lines by hand
        before, after = (
            self._measure(layout, self._get_present_stops(layout, jobs)),
            self._measure(layout, plan_stops(plan, visits)),
        )
        figures = {f"{name}_before": -(-getattr(before, name) // 60) for name in FIGURES}
        figures |= {f"{name}_after": -(-getattr(after, name) // 60) for name in FIGURES}
        kinds = [one["kind"] for one in values + refused]
        self.write(
            {
                **figures,
                "unassigned_before": len(jobs.filtered(lambda job: not job.person_id)),
                "unassigned_after": kinds.count("unplaced") + kinds.count("dropped"),
                "change_count": sum(kinds.count(kind) for kind in ("new", "moved", "retimed", "dropped")),
                "iterations_done": plan.iterations,
                "notes": "\n".join(notes) or False,
                "computed_at": fields.Datetime.now(),
                "state": "ready",
            }
        )

    def _pick_left(self, jobs, stops):
        """Return the jobs that have no stop."""
        placed = {stop.visit for _row, stop in stops if not stop.is_fixed}
        return jobs.filtered(lambda job: job.id not in placed)

    def _prepare_stop(self, layout, jobs, visits, knowing, route, stop):
        """Return the values of the line of a stop."""
        dispatch = self.env["fsm.dispatch"]
        person, day = layout.days[route.technician]
        start = dispatch._to_moment(layout, stop.start)
        values = {
            "plan_id": self.id,
            "job_id": stop.visit,
            "person_id": person.id,
            "start": start,
            "stop": dispatch._to_moment(layout, stop.leave),
            "day": day,
            "drive_minutes": -(-stop.driving // 60),
        }
        if stop.is_fixed:
            return {**values, "kind": "fixed"}
        job = jobs.browse(stop.visit)
        old = {"old_person_id": job.person_id.id, "old_start": job.scheduled_date_start}
        wishes = self._find_wishes(visits[stop.visit], person, person.id in knowing.get(stop.visit, ()))
        return {**values, **old, "kind": _kind(job, person, start), "told": {"wishes": wishes}}

    def _prepare_unplaced(self, layout, job, unassigned):
        """Return the values of the line of a job that nobody gets."""
        told = {"unlocated": True} if unassigned is None else {"refused": self._find_refusals(layout, unassigned)}
        # what is nowhere on the map stays with whom it is: nobody looked for another
        is_lost = bool(job.person_id) and unassigned is not None
        return {
            "plan_id": self.id,
            "job_id": job.id,
            "kind": "dropped" if is_lost else "kept" if job.person_id else "unplaced",
            "person_id": job.person_id.id if job.person_id and not is_lost else False,
            "start": job.scheduled_date_start if job.person_id and not is_lost else False,
            "stop": job.scheduled_date_end if job.person_id and not is_lost else False,
            "day": self._get_local_day(job) if job.person_id and not is_lost else False,
            "old_person_id": job.person_id.id,
            "old_start": job.scheduled_date_start,
            "told": told,
        }

    def _get_local_day(self, job):
        """Return the day on which a job is planned, on the company's clock."""
        return local_day(timing.to_stamp(job.scheduled_date_start), self._get_zone())

    def _find_refusals(self, layout, unassigned):
        """Return why nobody gets a job, as JSON: of each technician one day, and more than that it is his day off."""
        dispatch = self.env["fsm.dispatch"]
        refused = dispatch._pick_refused(dispatch._to_refused(layout, unassigned))
        told = [
            [name, [[reason.code, reason.data] for reason in reasons]]
            for name, reasons in dispatch._keep_refusals(refused)
        ]
        return json.loads(json.dumps(told, default=str))

    def _find_wishes(self, visit, person, knows_unit):
        """Return which wishes speak for this technician, and which are left open, by their names."""
        found = []
        if visit.preferred:
            found.append("preferred" if person.id in visit.preferred else "not_preferred")
        if knows_unit or person.id in visit.previous:
            found.append("knows_unit" if knows_unit else "previous")
        if visit.priority:
            found.append("urgent")
        return found

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    def _get_present_starts(self, layout, jobs):
        """Return ``{job id: second}`` of when the jobs that somebody has begin now."""
        timed = jobs.filtered(lambda job: job.person_id and job.scheduled_date_start)
        return {job.id: layout.horizon.seconds(job.scheduled_date_start.replace(tzinfo=UTC)) for job in timed}

    def _get_present_stops(self, layout, jobs):
        """Return ``{row: stops}`` of the jobs that may be moved, where they are now."""
        places = {visit.id: visit for visit in layout.problem.visits}
        found = {}
        for job in jobs:
            row = self._get_row(layout, job)
            if row is not None:
                start = layout.horizon.seconds(job.scheduled_date_start.replace(tzinfo=UTC))
                stop = Stop(places[job.id].place, start, start + places[job.id].duration)
                found.setdefault(row, []).append(stop)
        return found

    def _measure(self, layout, stops):
        """Return the ``Measure`` of all days with these stops and what stands."""
        whole = Measure()
        for row in layout.rows:
            standing = [Stop(fixed.place, fixed.start, fixed.stop) for fixed in row.fixed]
            closes = max((stop for _start, stop in row.shifts), default=None)
            whole += measure([*standing, *stops.get(row.id, ())], row.start, row.end, closes, layout.problem.travel)
        return whole

    # ------------------------------------------------------------------
    # On the screen
    # ------------------------------------------------------------------

    @api.depends("state", "progress_ids.done", "progress_ids.beat_at")
    def _compute_progress(self):
        """Say how far it is; and that nobody works on it, rather than wait for ever."""
        for plan in self:
            progress = plan.sudo().progress_ids[:1]  # sudo: only the machine has rights to these rows
            is_waiting = plan.state == "waiting" and bool(progress)
            plan.percent = round(100 * progress.done) if is_waiting else 100 * (plan.state in ("ready", "applied"))
            plan.progress_text = plan._say_progress(progress) if is_waiting else False
            plan.runner_problem = plan._say_runner(progress) if is_waiting else False

    def _say_progress(self, progress):
        """Return how far the run in the background is."""
        if not progress.beat_at:
            return self.env._("Waiting for its turn.")
        if not progress.done:
            return self.env._("Reading jobs, hours and ways.")
        return self.env._(
            "%(percent)s %% done. The best so far leaves %(count)s jobs without a technician.",
            percent=round(100 * progress.done),
            count=progress.unassigned,
        )

    def _say_runner(self, progress):
        """Return why nothing happens; False when something does."""
        if self._find_lost():
            return self.env._("Nobody computes this plan any more: the server ended it before it was done. Plan again.")
        heard = progress.beat_at or progress.queued_at
        is_silent = (fields.Datetime.now() - heard).total_seconds() >= SILENT_SECONDS
        if progress.beat_at and not is_silent:
            return False
        if not self._is_runner_alive():
            return self.env._(
                "Nobody takes up work in the background: the runner of queue_job does not run on this server. "
                "The plan begins as soon as it does. Ask your administrator to add queue_job to server_wide_modules."
            )
        if progress.beat_at:
            return self.env._("Nothing has been heard of it for a while. It is taken up again by itself.")
        return False

    @api.depends("line_ids", "state")
    @api.depends_context("lang")
    def _compute_preview(self):
        for plan in self:
            lines = plan.line_ids
            plan.preview = (
                self.env["ir.qweb"]._render(
                    "fieldservice_schedule_dispatch_plan.preview",
                    {
                        "plan": plan,
                        "days": plan._group_lines(lines),
                        "nobody": lines.filtered(lambda one: not one.person_id),
                    },
                )
                if lines
                else False
            )

    def _group_lines(self, lines):
        """Return ``[(day as text, [(fsm.person, lines, minutes of driving)])]`` for the preview."""
        days = []
        placed = lines.filtered("person_id").sorted(lambda one: (one.day, one.person_id.name or "", one.start))
        for day, todays in placed.grouped("day").items():
            people = [
                (person, own, sum(own.mapped("drive_minutes"))) for person, own in todays.grouped("person_id").items()
            ]
            days.append((format_date(self.env, day, date_format="full"), people))
        return days

    def _format_time(self, moment):
        """Return the time of a naive UTC moment on the company's clock, by which its lines are sorted into days."""
        return timing.time_text(self.env, local(timing.to_stamp(moment), self._get_zone())) if moment else ""


def plan_stops(plan, visits):
    """Return ``{row: stops}`` of what a ``dispatchlib.Plan`` places."""
    return {
        route.technician: [
            Stop(visits[stop.visit].place, stop.start, stop.leave) for stop in route.stops if not stop.is_fixed
        ]
        for route in plan.routes
    }


def _kind(job, person, start):
    """Return what happens to a job that is placed."""
    if not job.person_id:
        return "new"
    if job.person_id != person:
        return "moved"
    return "kept" if job.scheduled_date_start == start else "retimed"
