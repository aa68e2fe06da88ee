from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_list

from odoo.addons.fieldservice_schedule.dispatchlib import Fixed, Horizon, Problem, Technician
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.models.service_reservation import CLAIMING
from odoo.addons.service_schedule.schedlib import covers, day_span, days, instant, intersect, local_day

from .fsm_order import STEP
from .turns import ease, turns


class Layout(NamedTuple):
    """A problem for ``dispatchlib``, and what its numbers are in Odoo.

    ``days`` is ``{id of a technician's row: (fsm.person, local day)}``; ``unlocated`` are the jobs that stand nowhere
    on the map and so are not in the problem: they are named, not guessed. ``rows`` are the technicians' days as they
    are, before what people arranged is made to work (``ease``). ``notes`` are the sentences about what the numbers
    lack. ``places`` are the coordinates of the rows of the travel matrix. ``spans`` is ``{id of a technician's row:
    seconds from which to which it goes}``: from midnight to midnight, but for shifts that go on past it.
    """

    problem: Problem
    horizon: Horizon
    days: dict
    unlocated: models.BaseModel
    rows: tuple
    notes: tuple
    places: tuple
    spans: dict

    def get_row(self, person_id, second):
        """Return the id of a person's row in which a second lies, None when it lies in none."""
        rows = (row for row, (start, stop) in self.spans.items() if row[0] == person_id and start <= second < stop)
        return next(rows, None)


class Places:
    """The rows of the travel matrix: one for each pair of coordinates, with the name that it was first met with."""

    def __init__(self):
        self.rows = {}
        self.names = []

    def get_row(self, coordinates, name=""):
        """Return the row of ``(latitude, longitude)`` in degrees; None of what is not located."""
        if not coordinates:
            return None
        if coordinates not in self.rows:
            self.names.append(name)
        return self.rows.setdefault(coordinates, len(self.rows))


class FsmDispatch(models.AbstractModel):
    """Where Odoo's records become a problem for ``dispatchlib``: all is read in batch, and nothing decided here.

    Query counts do not grow with days, technicians or jobs.
    """

    _name = "fsm.dispatch"
    _description = "Dispatch"

    @api.model
    def _get_zone(self, company):
        """Return the ``ZoneInfo`` of a company's clock: the one by which dispatch counts days, whoever looks.

        Not that of the service point of its work, which nobody sees: it was given the company's when it was made, or
        none that was known.
        """
        return timing.zone(company.partner_id.tz or company.resource_calendar_id.tz)

    @api.model
    def _get_day(self, company, moment=None):
        """Return the day of a naive UTC moment on a company's clock; None is now."""
        return local_day(timing.to_stamp(moment or fields.Datetime.now()), self._get_zone(company))

    @api.model
    def _lay_out(self, jobs, persons, first, last, now=None):
        """Return the `Layout` of placing ``jobs`` with ``persons`` on local days, both included.

        What the persons have on these days already stands, but for the jobs themselves: they are looked at as if nobody
        had them. Nothing begins in the past. Days are those of the company's clock. No service is asked for ways here:
        what is not known is reckoned, which a note says.

        :param datetime now: naive UTC; None is now
        """
        company = jobs.company_id[:1] or self.env.company
        zone = self._get_zone(company)
        begin, end = day_span(first, zone)[0], day_span(last, zone)[1]
        horizon, places = Horizon(instant(begin)), Places()
        now = begin + _round(timing.to_stamp(now or fields.Datetime.now()) - begin)
        bounds = [(day, day_span(day, zone)) for day in days(first, last)]
        shifts = self._read_turns(company, persons, bounds)
        end = max([end, *(span[1] for span, _shifts in shifts.values())])
        rows = self._prepare_rows(shifts, self._read_taken(persons, jobs, begin, end), places, begin, now)
        located = jobs.filtered("is_located")
        previous, preferred = located._read_previous_persons(), located._read_preferred_persons()
        visits = [
            job._prepare_visit(
                places.get_row(job._get_coordinates(), job.sudo().location_id.name),
                horizon,
                (max(0, now - begin), end - begin),
                previous,
                preferred,
            )
            for job in located
        ]
        ways = self.env["fsm.travel"]._get_ways(company, list(places.rows))
        travel = [[None if seconds is None else _round(seconds) for seconds in row] for row in ways.matrix]
        problem = Problem(
            tuple(ease(row, travel) for row in rows), tuple(visits), travel, company._get_dispatch_weights()
        )
        return Layout(
            problem,
            horizon,
            {(person.id, day): (person, day) for person, day in shifts},
            jobs - located,
            tuple(rows),
            self._say_ways(ways, places),
            tuple(places.rows),
            {(person.id, day): (span[0] - begin, span[1] - begin) for (person, day), (span, _own) in shifts.items()},
        )

    def _say_ways(self, ways, places):
        """Return the sentences about ways that are not known, and have them fetched."""
        said = []
        if ways.missing:
            self.env["fsm.travel"]._want()
            said.append(
                self.env._(
                    "%(count)s driving times are not known yet and are reckoned by the straight line.",
                    count=ways.missing,
                )
            )
        if ways.lost:
            names = sorted({places.names[row] for row in ways.lost})
            said.append(self.env._("No road leads to: %(places)s.", places=format_list(self.env, names)))
        return tuple(said)

    def _read_turns(self, company, persons, bounds):
        """Return ``{(person, day): (span, shifts)}`` day by day: what ``turns`` says of each person's working time.

        :param bounds: ``[(day, span from midnight to midnight)]``
        """
        hours = self._read_hours(company, persons, bounds[0][0], bounds[-1][0])
        spans = [span for _day, span in bounds]
        always = [(spans[0][0], spans[-1][1])]
        found = {
            # None is whenever one likes; no hours at all is a long leave
            person: turns(always if hours[person] is None else hours[person], spans)
            for person in persons
        }
        return {(person, day): found[person][at] for at, (day, _span) in enumerate(bounds) for person in persons}

    def _prepare_rows(self, shifts, taken, places, begin, now):
        """Return the technicians' days as ``dispatchlib.Technician``.

        :param shifts: what ``_read_turns`` returns
        :param taken: what ``_read_taken`` returns
        :param int begin: the stamp of second 0, and ``now`` the stamp before which nothing begins
        """
        persons = self.env["fsm.person"].union(*(person for person, _day in shifts))
        is_today = any(span[0] < now < span[1] for span, _own in shifts.values())
        begun = self._read_begun(persons, now) if is_today else {}
        rows = []
        for (person, day), (span, own) in shifts.items():
            # a list, not ``filtered``, which would read them one by one
            todays = [one for one in taken[person] if _is_within(one, *map(timing.to_field, span))]
            done = begun.get(person.id, []) if span[0] < now < span[1] else []
            done = [job for job in done if timing.to_stamp(job.date_start) >= span[0]]
            left = intersect(own, [(max(span[0], now), span[1])] if now < span[1] else [])
            row = self._prepare_technician(person, day, left, todays, done, places, begin)
            rows.append(self._begin_now(row, todays, done, places, begin, now) if span[0] < now < span[1] else row)
        return rows

    def _read_hours(self, company, persons, first, last):
        """Return ``{person: spans of stamps in which he works}`` without his leaves; None is whenever one likes."""
        point = self.env["service.point"]._get_field_work_offer(company).point_id
        _opening, _holidays, hours = point._read_hours(persons.sudo().resource_id, first, last)
        return {person: hours.get(person.sudo().resource_id.id) for person in persons}

    def _read_taken(self, persons, jobs, begin, end):
        """Return ``{person: reservations}`` that take time between two stamps, but for those of ``jobs``."""
        persons_sudo = persons.sudo()  # sudo: that a colleague has no time may be known, what for is not told here
        taken = (
            self.env["service.reservation"]
            .sudo()
            .search(
                [
                    ("resource_id", "in", persons_sudo.resource_id.ids),
                    ("state", "in", CLAIMING),
                    ("blocked_start", "<", timing.to_field(end)),
                    ("blocked_stop", ">", timing.to_field(begin)),
                    ("job_id", "not in", jobs.ids),
                    "|",
                    ("expires_at", "=", False),
                    ("expires_at", ">", fields.Datetime.now()),
                ],
                order="blocked_start, id",
            )
        )
        by_resource = taken.grouped("resource_id")
        found = defaultdict(taken.browse)
        for person in persons:
            found[person] = by_resource.get(person.sudo().resource_id, taken.browse())
        return found

    def _prepare_technician(self, person, day, shifts, taken, begun, places, begin):
        """Return a person's day as a ``dispatchlib.Technician``.

        A reservation for a job on the map is an appointment to drive to; all others only take their time.

        :param shifts: spans of stamps
        :param taken: the person's reservations, as a list
        :param begun: the jobs that he has begun on this day, done or not
        :param int begin: the stamp of second 0
        """
        fixed, blocked = [], []
        for reservation in taken:
            span = (timing.to_stamp(reservation.blocked_start), timing.to_stamp(reservation.blocked_stop))
            job = reservation.job_id
            coordinates = job._get_coordinates() if job and not reservation.is_overbooked else None
            start, stop = span[0] - begin, span[1] - begin
            if coordinates and covers(shifts, *span):
                fixed.append(Fixed(job.id, places.get_row(coordinates, job.sudo().location_id.name), start, stop))
            else:
                blocked.append((start, stop))
        home = (person.start_latitude, person.start_longitude)
        row = places.get_row(home if any(home) else None, person.name)
        return Technician(
            id=(person.id, day),
            person=person.id,
            shifts=tuple((start - begin, stop - begin) for start, stop in shifts),
            start=row,
            end=row,
            skills=frozenset(person.sudo().skill_ids.skill_id.ids),
            territories=frozenset(person.territory_ids.ids),
            **self._prepare_limits(person, {*(one.job_id for one in taken if one.job_id), *begun}),
            fixed=tuple(fixed),
            blocked=tuple(blocked),
        )

    def _prepare_limits(self, person, jobs):
        """Return how many jobs, and seconds of them, a person may be given beside the ``jobs`` of his day."""
        worked = sum(round(job.scheduled_duration * 3600) for job in jobs)
        return {
            "max_visits": max(0, person.max_jobs - len(jobs)) if person.max_jobs else None,
            "max_load": max(0, round(person.max_hours * 3600) - worked) if person.max_hours else None,
        }


def _is_within(reservation, start, stop):
    """Return whether a reservation takes time between two moments, naive UTC."""
    return reservation.blocked_start < stop and reservation.blocked_stop > start


def _round(seconds):
    """Return seconds rounded up to whole steps: people begin at 8:45, not at 8:43:21.

    Rounding up keeps the triangle rule: a detour is never shorter than the direct way.
    """
    return -(-seconds // STEP) * STEP
