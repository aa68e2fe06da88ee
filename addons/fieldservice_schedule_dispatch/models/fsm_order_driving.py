from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.models.service_reservation import CLAIMING
from odoo.addons.service_schedule.schedlib import local_day

WHOLE_DAY = 24 * 3600
REST = timedelta(hours=4)
"""Who has so long between two jobs before and after midnight goes home; with less he works through the night."""


class Driving(NamedTuple):
    """The way to a job from what its technician does before on that day.

    :param previous: the ``fsm.order`` before, empty for the first of the day: then he comes from home
    :param minutes: of driving, rounded up; None when nobody knows, for want of coordinates or of a road
    :param room: minutes between the two that nothing else takes; None for the first of the day
    :param conflict: the sentence that says that the room is too small, "" when it is not
    """

    previous: models.BaseModel
    minutes: int | None
    room: int | None
    conflict: str


class FsmOrder(models.Model):
    """The way between two jobs is kept free. Dispatch never offers less; people may arrange less, and are told."""

    _inherit = "fsm.order"

    driving_conflict = fields.Text(
        "Too Little Time to Drive",
        compute="_compute_driving_conflict",
        help="Between this job and the one before or after it.",
    )

    @api.depends("person_id", "scheduled_date_start", "scheduled_date_end", "location_id", "state")
    def _compute_driving_conflict(self):
        saved = self.filtered("id")
        ways = saved._get_driving(with_next=True)
        for job in self:
            said = [ways[job.id].conflict] if job.id in ways else []
            said += [way.conflict for way in ways.values() if job.id and way.previous == job]
            job.driving_conflict = "\n".join(filter(None, said)) or False

    def _get_driving(self, with_next=False):
        """Return ``{job id: Driving}`` of those of these jobs that take their technician's time.

        A fixed number of queries, however many jobs, days and technicians there are.

        :param with_next: the jobs that come right after these as well
        """
        timed = self.sudo().filtered(lambda job: job.reservation_id and job._wants_time())  # sudo: colleagues' time
        claims = timed._read_days()
        legs = {}  # job: (the one before, the time of others between them)
        for own in claims.values():
            for turn in _turns(own):
                legs.update(_chain(turn))
        wanted = [job for job in legs if job in timed or (with_next and legs[job][0] in timed)]
        matrices = timed._read_ways(wanted, legs)
        mine = self.env["fsm.order"].with_env(self.env)
        return {job.id: job._say_way(mine, *legs[job], matrices[job.company_id]) for job in wanted}

    def _read_days(self):
        """Return ``{resource: claims in the order of time}`` around these jobs; two queries."""
        if not self:
            return {}
        claims = self.env["service.reservation"].search(
            [
                ("resource_id", "in", self.person_id.resource_id.ids),
                ("state", "in", CLAIMING),
                ("start", "<", fields.Datetime.add(max(self.mapped("scheduled_date_start")), seconds=WHOLE_DAY)),
                ("stop", ">", fields.Datetime.subtract(min(self.mapped("scheduled_date_start")), seconds=WHOLE_DAY)),
            ],
            order="start, id",
        )
        return claims.grouped("resource_id")

    def _read_ways(self, jobs, legs):
        """Return ``{company: {(from, to coordinates): seconds}}`` of the ways to ``jobs``; one query a company."""
        found = {}
        for company, own in self.browse().union(*jobs).grouped("company_id").items():
            pairs = {(job._get_origin(legs[job][0]), job._get_coordinates()) for job in own}
            found[company] = self.env["fsm.travel"]._get_pairs(company, {pair for pair in pairs if all(pair)})
        return found

    def _get_origin(self, previous):
        """Return the coordinates from where the technician comes, None when nobody knows."""
        if previous:
            return previous._get_coordinates()
        home = (self.person_id.start_latitude, self.person_id.start_longitude)
        return home if any(home) else None

    def _say_way(self, mine, previous, taken, ways):
        """Return the `Driving` to this job.

        :param mine: jobs in the environment of who asks
        :param taken: seconds of other things between the two
        :param ways: ``{(from, to coordinates): seconds}``
        """
        seconds = ways.get((self._get_origin(previous), self._get_coordinates()))
        minutes = None if seconds is None else -(-seconds // 60)
        if not previous:
            return Driving(mine, minutes, None, "")
        between = self.scheduled_date_start - previous.scheduled_date_end
        room = max(0, int(between.total_seconds()) - taken)
        conflict = ""
        if seconds is not None and room < seconds:
            conflict = self.env._(
                "From %(before)s to %(job)s it is about %(minutes)s min by car, and there are %(room)s min.",
                before=previous._get_stop_name(),
                job=self._get_stop_name(),
                minutes=minutes,
                room=room // 60,
            )
        return Driving(mine.browse(previous.id), minutes, room // 60, conflict)

    def _get_stop_name(self):
        """Return what a stop is called on a route: "FO012 (Lot 3)"."""
        return f"{self.name} ({self.sudo().location_id.name})"


def _turns(claims):
    """Return one technician's claims by turn: a day's, and what he goes on with past midnight."""
    turns, day, ends = [], None, None
    for claim in claims:
        today = local_day(timing.to_stamp(claim.start), timing.zone(claim.tz))
        if day is None or (today != day and claim.start - ends >= REST):
            turns.append([])
            day, ends = today, claim.stop
        turns[-1].append(claim)
        ends = max(ends, claim.stop)
    return turns


def _chain(claims):
    """Return ``{job: (the job before, seconds that other things take between them)}`` of one turn's claims."""
    found = {}
    before, taken = claims[0].job_id.browse(), 0
    for claim in claims:
        if not claim.job_id or claim.is_overbooked:
            taken += int((claim.stop - claim.start).total_seconds())
            continue
        found[claim.job_id] = (before, taken)
        before, taken = claim.job_id, 0
    return found
