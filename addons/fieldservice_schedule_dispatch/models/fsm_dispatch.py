from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_list

from odoo.addons.fieldservice_schedule.dispatchlib import Fixed, Horizon, Problem, Technician
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.models.service_reservation import CLAIMING
from odoo.addons.service_schedule.schedlib import covers, day_span, days, instant, intersect

from .fsm_order import STEP


class Layout(NamedTuple):
    """A problem for ``dispatchlib``, and what its numbers are in Odoo.

    ``days`` is ``{id of a technician's row: (fsm.person, local day)}``; ``unlocated`` are the jobs that stand nowhere
    on the map and so are not in the problem: they are named, not guessed. ``rows`` are the technicians' days as they
    are, before what people arranged is made to work (``_ease``). ``notes`` are the sentences about what the numbers
    lack. ``places`` are the coordinates of the rows of the travel matrix.
    """

    problem: Problem
    horizon: Horizon
    days: dict
    unlocated: models.BaseModel
    rows: tuple
    notes: tuple
    places: tuple


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
    def _lay_out(self, jobs, persons, first, last, now=None):
        """Return the `Layout` of placing ``jobs`` with ``persons`` on local days, both included.

        What the persons have on these days already stands, but for the jobs themselves: they are looked at as if nobody
        had them. Nothing begins in the past. Days are those of the company's clock. No service is asked for ways here:
        what is not known is reckoned, which a note says.

        :param datetime now: naive UTC; None is now
        """
        company = jobs.company_id[:1] or self.env.company
        zone = timing.zone(company.partner_id.tz or company.resource_calendar_id.tz)
        begin, end = day_span(first, zone)[0], day_span(last, zone)[1]
        horizon, places = Horizon(instant(begin)), Places()
        rows, row_days = [], {}
        hours = self._read_hours(company, persons, first, last)
        taken = self._read_taken(persons, jobs, begin, end)
        now = begin + _round(timing.to_stamp(now or fields.Datetime.now()) - begin)
        for day in days(first, last):
            bounds = day_span(day, zone)
            for person in persons:
                span = [(max(bounds[0], now), bounds[1])] if now < bounds[1] else []
                # None is whenever one likes; no hours at all is a long leave
                work = [bounds] if hours[person] is None else hours[person]
                shifts = intersect(work, span)
                # a list, not ``filtered``, which would read them one by one
                todays = [one for one in taken[person] if _is_within(one, *map(timing.to_field, bounds))]
                row = self._prepare_technician(person, day, shifts, todays, places, begin)
                rows.append(row)
                row_days[row.id] = (person, day)
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
        eased = tuple(_ease(row, travel) for row in rows)
        problem = Problem(eased, tuple(visits), travel, company._get_dispatch_weights())
        return Layout(
            problem, horizon, row_days, jobs - located, tuple(rows), self._say_ways(ways, places), tuple(places.rows)
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

    def _prepare_technician(self, person, day, shifts, taken, places, begin):
        """Return a person's day as a ``dispatchlib.Technician``.

        A reservation for a job on the map is an appointment to drive to; all others only take their time.

        :param shifts: spans of stamps
        :param taken: the person's reservations, as a list
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
            max_visits=self._get_rest(person, fixed),
            fixed=tuple(fixed),
            blocked=tuple(blocked),
        )

    def _get_rest(self, person, fixed):
        """Return how many jobs more a person may be given on a day, None without a limit."""
        return max(0, person.max_jobs - len(fixed)) if person.max_jobs else None


def _is_within(reservation, start, stop):
    """Return whether a reservation takes time between two moments, naive UTC."""
    return reservation.blocked_start < stop and reservation.blocked_stop > start


def _round(seconds):
    """Return seconds rounded up to whole steps: people begin at 8:45, not at 8:43:21.

    Rounding up keeps the triangle rule: a detour is never shorter than the direct way.
    """
    return -(-seconds // STEP) * STEP


def _ease(technician, travel):
    """Return a technician's day on which what people have arranged can be kept.

    Whoever has a job at the very beginning of his hours drives there before; at their end he drives home after. Two
    appointments with too little time for the way between them are somebody's decision: the second only takes time, with
    the way back to the first, where the engine thinks that he is.
    """
    kept, blocked = [], list(technician.blocked)
    for fixed, following in pairwise([*technician.fixed, None]):
        if kept and kept[-1].stop + _drive(travel, kept[-1].place, fixed.place) > fixed.start:
            back = fixed.stop + _drive(travel, fixed.place, kept[-1].place)
            if back == inf:  # no road leads on: for the engine he stays where he was
                back = fixed.stop
            blocked.append((fixed.start, min(back, following.start) if following else back))
        else:
            kept.append(fixed)
    changes = {"fixed": tuple(kept), "blocked": tuple(blocked)}
    if kept and technician.start is not None:
        begins = max(start for start, _stop in technician.shifts if start <= kept[0].start)
        ends = min(stop for _start, stop in technician.shifts if stop >= kept[-1].stop)
        if begins + _drive(travel, technician.start, kept[0].place) > kept[0].start:
            changes["start"] = None
        if kept[-1].stop + _drive(travel, kept[-1].place, technician.end) > ends:
            changes["end"] = None
    return replace(technician, **changes)


def _drive(travel, origin, target):
    """Return the seconds of a way, infinite when there is none."""
    seconds = travel[origin][target]
    return inf if seconds is None else seconds
