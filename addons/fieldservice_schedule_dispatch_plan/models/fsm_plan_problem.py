from dataclasses import replace
from datetime import UTC

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.fieldservice_schedule.dispatchlib import Plan
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import day_span, local_day

MINUTE = 60


class FsmPlan(models.Model):
    """Which jobs a plan may place, and what it has to keep."""

    _inherit = "fsm.plan"

    def _get_zone(self):
        """Return the zone whose days are planned: the company's."""
        return self.env["fsm.dispatch"]._get_zone(self.company_id)

    def _get_bounds(self):
        """Return when the plan's days begin and end, naive UTC."""
        zone = self._get_zone()
        return timing.to_field(day_span(self.date_from, zone)[0]), timing.to_field(day_span(self.date_to, zone)[1])

    def _get_planned_persons(self):
        """Return whose days are planned; nobody when all who were chosen have left."""
        chosen = self.with_context(active_test=False).person_ids
        if chosen:
            return chosen.with_env(self.env).filtered("active")
        return self.env["fsm.dispatch"]._get_persons(self.company_id)

    def _find_jobs(self, now=None):
        """Return the jobs that the plan may place: those that nobody has, and those that may change hands.

        Never what is under way, past, locked or a manager's exception.

        :param datetime now: naive UTC; None is now
        """
        self.ensure_one()
        domains = []
        if self.with_unassigned:
            domains.append(self._get_unassigned_domain(now or fields.Datetime.now()))
        if self.with_assigned:
            domains.append(self._get_assigned_domain(now or fields.Datetime.now()))
        if not domains:
            return self.env["fsm.order"]
        domain = Domain("company_id", "=", self.company_id.id) & Domain.OR(domains)
        if self.team_id:
            domain &= Domain("team_id", "=", self.team_id._origin.id)
        if self.job_ids:
            domain &= Domain("id", "in", self.job_ids._origin.ids)
        return self.env["fsm.order"].search(domain, order="id")

    def _get_unassigned_domain(self, now):
        """Return the domain of jobs without a technician that are wanted on these days, or are overdue."""
        _begin, end = self._get_bounds()
        begin = max(_begin, now)
        timed = Domain("scheduled_date_start", "<", end) & (
            Domain("scheduled_date_start", ">=", begin) | Domain("scheduled_date_start", "<", now)
        )
        untimed = Domain("scheduled_date_start", "=", False) & (
            Domain("request_early", "=", False) | Domain("request_early", "<", end)
        )
        return Domain("state", "=", "requested") & Domain("person_id", "=", False) & (timed | untimed)

    def _get_assigned_domain(self, now):
        """Return the domain of jobs that somebody has and that may change hands or time."""
        begin, end = self._get_bounds()
        persons = self._get_planned_persons()._origin
        return (
            Domain("state", "=", "assigned")
            & Domain("person_id", "in", persons.ids)
            & Domain("scheduled_date_start", ">=", max(begin, now))
            & Domain("scheduled_date_start", "<", end)
            & Domain("is_locked", "=", False)
            & Domain("is_overbooked", "=", False)
        )

    def _lay_out(self, jobs, persons, now):
        """Return the ``Layout`` of these jobs, whose visits keep what this plan has to keep.

        :param datetime now: naive UTC, in whole seconds
        """
        dispatch = self.env["fsm.dispatch"].with_company(self.company_id)  # whose it is also when no job is left
        layout = dispatch._lay_out(jobs, persons, self.date_from, self.date_to, now)
        by_id = {job.id: job for job in jobs}
        visits = tuple(self._bind(by_id[visit.id], visit, layout.horizon, now) for visit in layout.problem.visits)
        return layout._replace(problem=replace(layout.problem, visits=visits))

    def _bind(self, job, visit, horizon, now):
        """Return a visit that keeps the job's time and technician as far as this plan has to."""
        planned = job.scheduled_date_start
        if not planned or planned < now:  # nobody knows when, or it was missed: whenever somebody can
            return visit
        start = horizon.seconds(planned.replace(tzinfo=UTC))
        if job.is_time_promised or job.is_locked or (job.person_id and self.time_rule == "keep"):
            visit = replace(visit, start=start, late=0)
        elif job.person_id and self.time_rule == "near":
            visit = replace(visit, windows=_near(visit, start, self.shift_minutes * MINUTE), late=0)
        elif not job.person_id and not visit.late:
            visit = replace(visit, windows=_within(visit.windows, self._get_day_of(job, horizon)))
        # whoever has been told that somebody comes is not left out for the sake of a detour
        return replace(visit, current=job.person_id.id, must=True) if job.person_id else visit

    def _get_day_of(self, job, horizon):
        """Return the seconds in which the job's planned day begins and ends: nobody said that another day will do."""
        zone = self._get_zone()
        begin, end = day_span(local_day(timing.to_stamp(job.scheduled_date_start), zone), zone)
        anchor = timing.to_stamp(horizon.anchor.replace(tzinfo=None))
        return begin - anchor, end - anchor

    def _get_present(self, layout, jobs):
        """Return the plan as it is now: whom the jobs are with, in the order of time; only good to begin with."""
        days = {}
        for job in jobs.sorted("scheduled_date_start"):
            row = self._get_row(layout, job)
            if row is not None:
                days.setdefault(row, []).append(job.id)
        return Plan.of(days)

    def _get_row(self, layout, job):
        """Return the row of the technician's day on which a job is now; None when it is on none of them."""
        if not (job.person_id and job.scheduled_date_start and job.is_located):
            return None
        return layout.get_row(job.person_id.id, layout.horizon.seconds(job.scheduled_date_start.replace(tzinfo=UTC)))


def _near(visit, start, most):
    """Return the spans around ``start`` that are also wanted; all around it when nothing of it is wanted."""
    around = (start - most, start + most)
    if visit.late:  # as late as that is still what was wanted
        visit = replace(visit, windows=tuple((first, last + visit.late) for first, last in visit.windows))
    return _within(visit.windows, around) if _meet(visit.windows, around) else (around,)


def _meet(windows, span):
    return [
        (max(first, span[0]), min(last, span[1])) for first, last in windows if first <= span[1] and last >= span[0]
    ]


def _within(windows, span):
    """Return what of ``windows`` lies in a span; the span itself when there are none, or none of it is."""
    return tuple(_meet(windows, span)) or (span,)
