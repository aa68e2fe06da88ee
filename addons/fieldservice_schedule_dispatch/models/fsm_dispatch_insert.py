from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.fieldservice_schedule.dispatchlib import Engine
from odoo.addons.service_schedule.exceptions import NotBookable


class Choice(NamedTuple):
    """Somebody who can do a job: the ``fsm.person``, when he would begin (naive UTC), and the engine's `Option`."""

    person: models.BaseModel
    start: object
    option: object


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
        """Return ``(choices, refused)`` of one job on local days: the best choice first.

        :param persons: who is asked; None is all of the job's company
        :return: lists of `Choice` and `Refused`; both empty when nobody knows where the job is
        """
        persons = self._get_persons(job.company_id) if persons is None else persons
        layout = self._lay_out(job, persons, first, last)
        if layout.unlocated:
            return [], []
        answer = Engine(layout.problem).suggest(job.id)
        choices = [self._to_choice(layout, option) for option in answer.options]
        return choices, self._to_refused(layout, answer)

    @api.model
    def _insert(self, jobs, persons=None):
        """Give jobs to whom they fit best on their own planned day; return ``{job: why nobody could take it}``.

        The jobs have a planned start, on whose local day they take place. Those that are harder to place come first:
        the more urgent, then the longer. Each is placed where it costs least beside those before it; then all are
        written, so their time is reserved.
        """
        failures = {}
        for company, own in jobs.grouped("company_id").items():
            people = self._get_persons(company) if persons is None else persons
            for day, todays in own.grouped(lambda job: job._get_planned_day()).items():
                failures.update(self._insert_day(todays, people, day))
        return failures

    def _insert_day(self, jobs, persons, day):
        """Do what ``_insert`` says, for one local day."""
        layout = self._lay_out(jobs, persons, day, day)
        engine = Engine(layout.problem)
        numbers = {tour.day.technician.id: tour.day.number for tour in engine.tours}
        failures = {job: self._say_unlocated(job) for job in layout.unlocated}
        for job in (jobs - layout.unlocated).sorted(_by_difficulty):
            answer = engine.suggest(job.id)
            if answer.options:
                engine.place(numbers[answer.options[0].technician], engine.board.node_of[job.id])
            else:
                failures[job] = self._say_refusals(self._to_refused(layout, answer))
        for route in engine.plan().routes:
            person, _day = layout.days[route.technician]
            for stop in route.stops:
                if not stop.is_fixed:
                    job = jobs.browse(stop.visit)
                    failure = self._assign(job, person, self._to_moment(layout, stop.start))
                    failures.update({job: failure} if failure else {})
        return failures

    def _assign(self, job, person, start):
        """Give a job its technician and its time; return why that could not be, "" when it could.

        The time was free when it was read; who was quicker has it, and the database says so.
        """
        try:
            with self.env.cr.savepoint():
                job.write({"person_id": person.id, "scheduled_date_start": start})
        except (UserError, NotBookable) as error:
            return str(error)
        return ""

    @api.model
    def _get_persons(self, company):
        """Return the technicians who work for a company."""
        return self.env["fsm.person"].search([("company_id", "in", (company.id, False))])

    def _to_choice(self, layout, option):
        """Return an option of the engine in Odoo's terms."""
        person, _day = layout.days[option.technician]
        return Choice(person, self._to_moment(layout, option.start), option)

    def _to_refused(self, layout, answer):
        """Return the refusals of an answer in Odoo's terms."""
        return [Refused(*layout.days[one.technician], one.reasons) for one in answer.refusals]

    def _to_moment(self, layout, seconds):
        """Return seconds of the horizon as naive UTC."""
        return layout.horizon.instant(seconds).replace(tzinfo=None)


def _by_difficulty(job):
    """Return what sorts jobs: those first that are harder to place."""
    return (-int(job.priority or 0), -job.scheduled_duration, job.id)
