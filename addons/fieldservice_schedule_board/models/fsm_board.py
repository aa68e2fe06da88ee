from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import day_span, intersect, local_day, subtract

LONGEST = 31
"""Days that one board may show."""
MOST_WAITING = 100
"""How many unassigned jobs the list beside the board shows; the search finds the others."""


class Days(NamedTuple):
    """The days of a board: ``first`` and ``last`` (dates, both shown), on the clock of ``zone``.

    ``begin`` and ``end`` are the stamps of their first moment and of the first moment after them.
    """

    zone: ZoneInfo
    first: object
    last: object
    begin: int
    end: int


class FsmBoard(models.AbstractModel):
    """The dispatch board: who does what when, and what is wrong with it.

    Jobs are read with the user's own rights. One call answers all, in a number of queries that does not grow with days,
    technicians or jobs. Days are those of the company's clock, whatever the user's or the browser's.
    """

    _name = "fsm.board"
    _description = "Dispatch Board"

    @api.model
    def read_board(self, domain, first_day=False, day_count=1):
        """Return what the board shows, as JSON.

        :param domain: of the jobs, from the search bar
        :param str first_day: ISO date; False is today
        :param int day_count: how many days, at most ``LONGEST``
        :raise AccessError: the user may not see jobs
        """
        self.env["fsm.order"].check_access("read")
        return self._with_clock()._read_board(domain, fields.Date.to_date(first_day), day_count)

    @api.model
    def _read_board(self, domain, first_day, day_count):
        """Return what ``read_board`` does; times in its sentences are those of the environment's zone."""
        orders = self.env["fsm.order"]
        days = self._get_days(first_day, min(max(day_count, 1), LONGEST))
        jobs = orders._search_on_board(domain, days)
        persons = self._search_persons(jobs)
        taken = self.env["fsm.dispatch"]._read_taken(persons, orders, days.begin, days.end)
        hours = self.env["fsm.dispatch"]._read_hours(self.env.company, persons, days.first, days.last)
        waiting, waiting_count = orders._search_waiting(domain)
        driving = jobs._get_driving(with_next=True)
        conflicts = self._find_conflicts(jobs, hours, taken, driving)
        values = {value["id"]: value for value in (jobs | waiting)._get_board_values(driving)}
        for job in jobs:
            values[job.id]["conflicts"] = conflicts.get(job, [])
        return {
            "zone": days.zone.key,
            "first_day": days.first.isoformat(),
            "day_count": (days.last - days.first).days + 1,
            "technicians": self._prepare_persons(persons),
            "jobs": [values[job.id] for job in jobs],
            "waiting": [values[job.id] for job in waiting],
            "waiting_count": waiting_count,
            "shades": self._prepare_shades(days, persons, hours, taken),
            "may_create": orders.has_access("create"),
        }

    @api.model
    def _get_zone(self, company=None):
        """Return the ``ZoneInfo`` of a company's clock (the user's): the one by which dispatch counts days."""
        return self.env["fsm.dispatch"]._get_zone(company or self.env.company)

    @api.model
    def _with_clock(self):
        """Return the board with its own zone: sentences tell times as the board shows them."""
        return self.with_context(tz=self._get_zone().key)

    @api.model
    def _get_days(self, first, count):
        """Return the `Days` from ``first`` (a date, today when empty) on."""
        zone = self._get_zone()
        first = first or local_day(timing.to_stamp(fields.Datetime.now()), zone)
        last = first + timedelta(days=count - 1)
        return Days(zone, first, last, day_span(first, zone)[0], day_span(last, zone)[1])

    @api.model
    def _search_persons(self, jobs):
        """Return the technicians who have a row: the company's, and whoever has one of the jobs.

        Who sees his own jobs only sees the rows of himself and of those whom he manages.
        """
        persons = self.env["fsm.person"]
        persons = persons.search(persons._get_company_domain(self.env.companies), order="name")
        if not self.env.user.has_group("fieldservice.group_fsm_user"):
            own = persons._get_own()
            persons &= (own | own._get_assignable()).sudo(False)
        return (persons | jobs.person_id).sorted(lambda person: (person.name or "", person.id))

    @api.model
    def _prepare_persons(self, persons):
        """Return the rows as JSON."""
        persons_sudo = persons.sudo()  # sudo: what a colleague can do may be known
        return [
            {
                "id": person.id,
                "name": person.name,
                "skills": person.skill_ids.skill_id.mapped("name"),
                "territories": person.territory_ids.mapped("name"),
            }
            for person in persons_sudo
        ]

    # ------------------------------------------------------------------
    # When nobody works
    # ------------------------------------------------------------------

    @api.model
    def _prepare_shades(self, days, persons, hours, taken):
        """Return the times at which somebody does not work or has something else, as JSON.

        :param hours: what ``fsm.dispatch._read_hours`` returns
        :param taken: what ``fsm.dispatch._read_taken`` returns
        """
        whole = [(days.begin, days.end)]
        leaves = self._read_leaves(days, persons)
        busy = self.env["service.reservation"]._read_busy(persons.sudo().resource_id, days.begin, days.end)
        shades = []
        for person in persons:
            work = whole if hours[person] is None else intersect(hours[person], whole)
            shades += [self._prepare_shade(person, "off", span, "") for span in subtract(whole, work)]
            shades += [self._prepare_shade(person, "leave", *leave) for leave in leaves.get(person, [])]
            others = taken[person].filtered(lambda claim: not claim.job_id)
            spans = [(timing.to_stamp(one.blocked_start), timing.to_stamp(one.blocked_stop)) for one in others]
            spans += intersect(busy.get(person.sudo().resource_id.id, []), whole)
            shades += [self._prepare_shade(person, "busy", span, self.env._("Something else")) for span in spans]
        return shades

    @api.model
    def _prepare_shade(self, person, kind, span, title):
        """Return a span of a person's day in which he does not do jobs."""
        start, stop = (fields.Datetime.to_string(timing.to_field(stamp)) for stamp in span)
        return {"person_id": person.id, "kind": kind, "start": start, "stop": stop, "title": title}

    @api.model
    def _read_leaves(self, days, persons):
        """Return ``{person: [(span, title)]}`` of leaves and public holidays within the days. One query."""
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()  # sudo: that a colleague is away may be known, why only to whoever plans his work
            .search_fetch(
                [
                    ("time_type", "=", "leave"),
                    ("resource_id", "in", [False, *persons.sudo().resource_id.ids]),
                    ("date_from", "<", timing.to_field(days.end)),
                    ("date_to", ">", timing.to_field(days.begin)),
                ],
                ["name", "resource_id", "calendar_id", "company_id", "date_from", "date_to"],
            )
        )
        return {person: self._pick_leaves(leaves, person.sudo().resource_id, days) for person in persons}

    @api.model
    def _pick_leaves(self, leaves, resource, days):
        """Return ``[(span, title)]`` of those of the leaves that concern a resource."""
        is_planner = self.env.user.has_group("fieldservice.group_fsm_dispatcher")
        found = []
        for leave in leaves:
            of_all = not leave.resource_id and leave.calendar_id in (resource.calendar_id, leave.calendar_id.browse())
            of_all = of_all and leave.company_id in (resource.company_id, leave.company_id.browse())
            if leave.resource_id == resource or of_all:
                is_told = of_all or is_planner
                title = (leave.name if is_told else "") or self.env._("Away")
                span = (timing.to_stamp(leave.date_from), timing.to_stamp(leave.date_to))
                found.append(((max(span[0], days.begin), min(span[1], days.end)), title))
        return found

    @api.model
    def _get_open_domain(self):
        """Return the domain of jobs that are still to be done."""
        return Domain("state", "in", ("requested", "assigned", "in_progress"))
