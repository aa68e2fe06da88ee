from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.fieldservice_schedule.dispatchlib import Engine, Fixed
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.schedlib import day_span

DAY = timedelta(days=1)
NEVER = (-1, -1)
"""A span of the horizon in which nobody works: before it begins."""


class Choice(NamedTuple):
    """Somebody who can do a job: the ``fsm.person``, his start (naive UTC), the engine's `Option` and `Visit`.

    ``knows_unit`` is whether he did work on the job's unit before.
    """

    person: models.BaseModel
    start: object
    option: object
    visit: object
    knows_unit: bool


class Suggestion(NamedTuple):
    """Who can do a job, the best first, who cannot, and what the numbers lack.

    ``choices`` and ``refused`` are lists of `Choice` and `Refused`, ``notes`` sentences.
    """

    choices: list
    refused: list
    notes: tuple = ()


class Refused(NamedTuple):
    """Somebody who cannot, on one local day, and the engine's reasons."""

    person: models.BaseModel
    day: object
    reasons: tuple


class FsmDispatch(models.AbstractModel):
    """Who should do this? And: give these jobs to whom they fit best, one by one."""

    _inherit = "fsm.dispatch"

    @api.model
    def _suggest(self, job, first, last, persons=None):
        """Return the `Suggestion` for one job on local days; nobody is named when nobody knows where the job is.

        :param persons: who is asked; None is all of the job's company
        """
        persons = self._get_persons(job.company_id) if persons is None else persons
        layout = self._lay_out(job, persons, first, last)
        if layout.unlocated:
            return Suggestion([], [])
        answer = Engine(layout.problem).suggest(job.id)
        knowing = job._read_knowing_persons().get(job.id, frozenset())
        choices = [self._to_choice(layout, option, knowing) for option in answer.options]
        return Suggestion(choices, self._to_refused(layout, answer), layout.notes)

    @api.model
    def _insert(self, jobs, persons=None):
        """Give jobs to whom they fit best on their own planned day; return ``{job: why nobody could take it}``.

        The jobs have a planned start, on whose day of the company's clock they begin; in a night shift they may end on
        the next. Those that are harder to place come first: the more urgent, then the longer. Each is placed where it
        costs least beside those before it; then all are written at once, so their time is reserved. Query counts do not
        grow with jobs or days.
        """
        failures, plan = {}, {}
        for company, own in jobs.grouped("company_id").items():
            people = self._get_persons(company) if persons is None else persons
            zone = self._get_zone(company)
            by_day = own.grouped(lambda job, company=company: self._get_day(company, job.scheduled_date_start))
            # from the evening before, since who began then may still be at work
            layout = self._lay_out(own, people, min(by_day) - DAY, max(by_day))
            for day in sorted(by_day):
                chosen, refused, layout = self._choose(layout, _get_day(layout, day, zone, by_day[day]), by_day[day])
                plan.update(chosen)
                failures.update(refused)
        failures.update(self._assign(plan))
        return failures

    def _choose(self, whole, layout, jobs):
        """Place jobs one by one.

        Return ``({job: (technician, start as naive UTC, hours)}, {job: why nobody could take it}, the whole layout with
        the chosen times standing)``: a night is looked at again with the next day.

        :param layout: the part of the ``whole`` layout that is the jobs' day
        """
        engine = Engine(layout.problem)
        numbers = {tour.day.technician.id: tour.day.number for tour in engine.tours}
        failures = {job: self._say_unlocated(job) for job in layout.unlocated}
        for job in (jobs - layout.unlocated).sorted(_by_difficulty):
            answer = engine.suggest(job.id)
            if answer.options:
                engine.place(numbers[answer.options[0].technician], engine.board.node_of[job.id])
            else:
                failures[job] = self._say_refusals(self._pick_refused(self._to_refused(layout, answer)))
        of_id = {job.id: job for job in jobs}
        routes = engine.plan().routes
        chosen = {
            of_id[stop.visit]: (layout.days[route.technician][0], self._to_moment(layout, stop.start))
            for route in routes
            for stop in route.stops
            if not stop.is_fixed
        }
        plan = {job: (*choice, job.scheduled_duration) for job, choice in chosen.items()}
        return plan, failures, _keep_routes(whole, routes)

    @api.model
    def _pick_refused(self, refused):
        """Return one of each person's `Refused`: where it says more than that he does not work then, that one."""
        told = {}
        for one in sorted(refused, key=lambda one: all(reason.code == "off_shift" for reason in one.reasons)):
            told.setdefault(one.person, one)
        return list(told.values())

    def _assign(self, plan):
        """Give jobs their technicians and times, as ``_plan_many`` takes them; return ``{job: why that could not be}``.

        All at once. The times were free when they were read; where somebody was quicker the database says so: then the
        halves are tried, and theirs, down to the jobs that cannot be, so that these hurt no others.
        """
        if not plan:
            return {}
        # in the order in which everybody takes the locks of technicians' days
        jobs = sorted(plan, key=lambda job: (plan[job][0].sudo().resource_id.id, plan[job][1], job.id))
        try:
            with self.env.cr.savepoint():
                # one note each, written at once: tracked changes would be written job by job
                self.env["fsm.order"].union(*jobs)._track_discard()
                jobs[0]._plan_many({job: plan[job] for job in jobs})
                jobs[0].union(*jobs).is_dispatched = True
                jobs[0].union(*jobs)._log_placing()
            return {}
        except (UserError, NotBookable) as error:
            if len(jobs) == 1:
                return {jobs[0]: str(error)}
        half = len(jobs) // 2
        first, second = jobs[:half], jobs[half:]
        return {**self._assign({job: plan[job] for job in first}), **self._assign({job: plan[job] for job in second})}

    @api.model
    def _get_persons(self, company):
        """Return the technicians who work for a company."""
        persons = self.env["fsm.person"]
        return persons.search(persons._get_company_domain(company))

    def _to_choice(self, layout, option, knowing):
        """Return an option of the engine in Odoo's terms.

        :param knowing: ids of who did work on the unit before
        """
        person, _day = layout.days[option.technician]
        start = self._to_moment(layout, option.start)
        return Choice(person, start, option, layout.problem.visits[0], person.id in knowing)

    def _to_refused(self, layout, answer):
        """Return the refusals of an answer in Odoo's terms."""
        return [Refused(*layout.days[one.technician], one.reasons) for one in answer.refusals]

    def _to_moment(self, layout, seconds):
        """Return seconds of the horizon as naive UTC."""
        return layout.horizon.instant(seconds).replace(tzinfo=None)


def _get_day(layout, day, zone, jobs):
    """Return the part of a layout that is one day with its jobs, which begin on it.

    Those who began the evening before and work past midnight are in it, too.
    """
    anchor = timing.to_stamp(layout.horizon.anchor.replace(tzinfo=None))
    begin, end = (moment - anchor for moment in day_span(day, zone))
    ids = set(jobs.ids)
    problem = replace(
        layout.problem,
        technicians=tuple(
            row
            for row in layout.problem.technicians
            if layout.days[row.id][1] == day
            or (layout.days[row.id][1] == day - DAY and layout.spans[row.id][1] > begin)
        ),
        visits=tuple(_begin_within(visit, begin, end - 1) for visit in layout.problem.visits if visit.id in ids),
    )
    return layout._replace(problem=problem, unlocated=layout.unlocated & jobs)


def _begin_within(visit, first, last):
    """Return a visit that begins between two seconds, both included; never, where that is not wanted."""
    windows = visit.windows or ((first, last),)
    inside = [(max(first, opens), min(last, closes)) for opens, closes in windows if opens <= last and closes >= first]
    return replace(visit, windows=tuple(inside) or (NEVER,))


def _keep_routes(layout, routes):
    """Return a layout in which the stops of ``routes`` stand, as appointments do."""
    places = {visit.id: visit.place for visit in layout.problem.visits}
    loads = {visit.id: visit.load for visit in layout.problem.visits}
    placed = {route.technician: [stop for stop in route.stops if not stop.is_fixed] for route in routes}
    rows = []
    for row in layout.problem.technicians:
        stops = placed.get(row.id, ())
        standing = [Fixed(stop.visit, places[stop.visit], stop.start, stop.leave) for stop in stops]
        rows.append(
            replace(
                row,
                fixed=tuple(sorted((*row.fixed, *standing), key=lambda fixed: fixed.start)),
                max_visits=None if row.max_visits is None else row.max_visits - len(stops),
                max_load=None if row.max_load is None else row.max_load - sum(loads[stop.visit] for stop in stops),
            )
        )
    return layout._replace(problem=replace(layout.problem, technicians=tuple(rows)))


def _by_difficulty(job):
    """Return what sorts jobs: those first that are harder to place."""
    return (-int(job.priority or 0), -job.scheduled_duration, job.id)
