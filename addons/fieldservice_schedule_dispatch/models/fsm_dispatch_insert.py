from dataclasses import replace
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.fieldservice_schedule.dispatchlib import Engine
from odoo.addons.service_schedule.exceptions import NotBookable


class Choice(NamedTuple):
    """Somebody who can do a job: the ``fsm.person``, his start (naive UTC), the engine's `Option` and `Visit`."""

    person: models.BaseModel
    start: object
    option: object
    visit: object


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
        choices = [self._to_choice(layout, option) for option in answer.options]
        return Suggestion(choices, self._to_refused(layout, answer), layout.notes)

    @api.model
    def _insert(self, jobs, persons=None):
        """Give jobs to whom they fit best on their own planned day; return ``{job: why nobody could take it}``.

        The jobs have a planned start, on whose local day they take place. Those that are harder to place come first:
        the more urgent, then the longer. Each is placed where it costs least beside those before it; then all are
        written at once, so their time is reserved. Query counts do not grow with jobs or days.
        """
        failures, plan = {}, {}
        for company, own in jobs.grouped("company_id").items():
            people = self._get_persons(company) if persons is None else persons
            by_day = own.grouped(lambda job: job._get_planned_day())
            layout = self._lay_out(own, people, min(by_day), max(by_day))
            for day, todays in by_day.items():
                chosen, refused = self._choose(_get_day(layout, day, todays), todays)
                plan.update(chosen)
                failures.update(refused)
        failures.update(self._assign(plan))
        return failures

    def _choose(self, layout, jobs):
        """Return ``({job: (technician, start as naive UTC, hours)}, {job: why nobody could take it})``."""
        engine = Engine(layout.problem)
        numbers = {tour.day.technician.id: tour.day.number for tour in engine.tours}
        failures = {job: self._say_unlocated(job) for job in layout.unlocated}
        for job in (jobs - layout.unlocated).sorted(_by_difficulty):
            answer = engine.suggest(job.id)
            if answer.options:
                engine.place(numbers[answer.options[0].technician], engine.board.node_of[job.id])
            else:
                failures[job] = self._say_refusals(self._to_refused(layout, answer))
        of_id = {job.id: job for job in jobs}
        chosen = {
            of_id[stop.visit]: (layout.days[route.technician][0], self._to_moment(layout, stop.start))
            for route in engine.plan().routes
            for stop in route.stops
            if not stop.is_fixed
        }
        return {job: (*choice, job.scheduled_duration) for job, choice in chosen.items()}, failures

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
        return self.env["fsm.person"].search([("company_id", "in", (company.id, False))])

    def _to_choice(self, layout, option):
        """Return an option of the engine in Odoo's terms."""
        person, _day = layout.days[option.technician]
        return Choice(person, self._to_moment(layout, option.start), option, layout.problem.visits[0])

    def _to_refused(self, layout, answer):
        """Return the refusals of an answer in Odoo's terms."""
        return [Refused(*layout.days[one.technician], one.reasons) for one in answer.refusals]

    def _to_moment(self, layout, seconds):
        """Return seconds of the horizon as naive UTC."""
        return layout.horizon.instant(seconds).replace(tzinfo=None)


def _get_day(layout, day, jobs):
    """Return the part of a layout that is one local day with its jobs."""
    ids = set(jobs.ids)
    problem = replace(
        layout.problem,
        technicians=tuple(row for row in layout.problem.technicians if layout.days[row.id][1] == day),
        visits=tuple(visit for visit in layout.problem.visits if visit.id in ids),
    )
    return layout._replace(problem=problem, unlocated=layout.unlocated & jobs)


def _by_difficulty(job):
    """Return what sorts jobs: those first that are harder to place."""
    return (-int(job.priority or 0), -job.scheduled_duration, job.id)
