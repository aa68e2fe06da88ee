from datetime import timedelta
from itertools import pairwise

from psycopg2.errors import ExclusionViolation

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import TimeTaken
from odoo.addons.service_schedule.models.service_reservation import CLAIMING, stamp_of
from odoo.addons.service_schedule.schedlib import Reason, days, wall_text

LIFTED = 1_000_000
"""Beyond all places: where reservations wait that are moved together, so that two may change places."""


class ServiceReservation(models.Model):
    """How jobs take time: many at once, in a fixed number of queries for each.

    A person has one place, 0, and the exclusion constraint gives it to one reservation at a time. What a manager
    overbooks lies on the first of the places 1, 2, … that is free, beside what he has: the row is confirmed, shown and
    kept like any other, the constraint stays as strict as it is, and whoever asks for free time is told that it is
    taken (``_read_claims``). When what it overlaps goes away, it gets place 0 and is overbooked no more.
    """

    _inherit = "service.reservation"

    @api.model
    def _settle_jobs(self, moving, ending, overbooking=""):
        """Take time for jobs, move what they have, and give back what they do not need any more. As superuser.

        :param moving: jobs whose reservation is not the time that they need, or that have none
        :param ending: jobs that need none any more
        :param str overbooking: see ``fsm.order._settle_time``
        :raise TimeTaken: lists whose time is not free, and what for
        """
        places = {job: job._get_wanted_place() for job in moving}
        self._take_locks(self._get_job_keys(places.values(), (moving | ending).reservation_id))
        for job in ending:
            job.reservation_id._give_up("done" if job.state in ("completed", "closed") else "cancelled", is_locked=True)
        if places:
            lanes = self._find_lanes(places, overbooking)
            self._place_jobs(places, lanes, overbooking)

    @api.model
    def _get_job_keys(self, places, reservations):
        """Return ``{(resource id, UTC day)}`` of all days of ``places`` and of what ``reservations`` have now."""
        spans = [*places, *((one.resource_id, one.start, one.stop) for one in reservations)]
        return {
            (resource.id, day.toordinal()) for resource, start, stop in spans for day in days(start.date(), stop.date())
        }

    @api.model
    def _find_lanes(self, places, overbooking):
        """Return ``{job: place}``: 0, or where an overbooked one has to go.

        :raise TimeTaken: somebody has something else then, and nobody overbooks
        """
        overlaps = self._find_overlaps(places)
        if overlaps and not overbooking:
            raise TimeTaken(self._describe_overlaps(overlaps, places), [Reason.FULL])
        taken = {job: {claim.lane for claim in overlaps.get(job, ())} for job in places}
        return {job: next(lane for lane in range(len(used) + 1) if lane not in used) for job, used in taken.items()}

    @api.model
    def _find_overlaps(self, places):
        """Return ``{job: reservations}`` that have the same person at the same time; two of ``places`` as well.

        Holds whose time is over are expired on the way.
        """
        jobs = self.env["fsm.order"].union(*places)
        rows = self._read_overlaps(places, jobs.reservation_id)
        stale = self.browse({claim_id for _job_id, claim_id, is_stale in rows if is_stale})
        for hold in stale.sorted("id"):
            hold._give_up("expired", is_locked=True)
        found = {}
        for job_id, claim_id, is_stale in rows:
            if not is_stale:
                job = jobs.browse(job_id)
                found[job] = found.get(job, self.browse()) | self.browse(claim_id)
        self._check_each_other(places)
        return found

    @api.model
    def _read_overlaps(self, places, moving):
        """Return ``[(job id, reservation id, is it a hold that is over)]``, without the ``moving``; one query."""
        self.flush_model()
        job_ids, resource_ids, starts, stops = zip(
            *((job.id, resource.id, start, stop) for job, (resource, start, stop) in places.items()), strict=True
        )
        return self.env.execute_query(
            SQL(
                """SELECT wanted.job_id, r.id, %s
                     FROM unnest(%s, %s, %s::timestamp[], %s::timestamp[]) AS wanted(job_id, resource_id, start, stop)
                     JOIN service_reservation r ON r.resource_id = wanted.resource_id
                          AND r.state IN ('held', 'confirmed')
                          AND r.blocked_start < wanted.stop AND r.blocked_stop > wanted.start
                    WHERE r.id <> ALL(%s)
                    ORDER BY wanted.job_id, r.start, r.id""",
                self._get_stale_sql("r"),
                list(job_ids),
                list(resource_ids),
                list(starts),
                list(stops),
                moving.ids,
            )
        )

    @api.model
    def _check_each_other(self, places):
        """Raise ``TimeTaken`` when two of the jobs that are being placed overlap each other."""
        ordered = sorted(places, key=lambda job: (places[job][0].id, places[job][1], job.id))
        lines = [
            self._describe_overlap(places[second][0].name, first.name, places[first][1], places[first][2])
            for first, second in pairwise(ordered)
            if places[first][0] == places[second][0] and places[first][2] > places[second][1]
        ]
        if lines:
            raise TimeTaken("\n".join(lines), [Reason.FULL])

    @api.model
    def _describe_overlaps(self, overlaps, places):
        """Return the sentences about whose time is not free."""
        lines = [
            self._describe_overlap(places[job][0].name, claim._get_claim_name(), claim.start, claim.stop)
            for job, claims in overlaps.items()
            for claim in claims
        ]
        return "\n".join(dict.fromkeys(lines))

    @api.model
    def _describe_overlap(self, who, what, start, stop):
        """Return "Maria already has FO012 from Oct 19, 2026 9:00 AM to 10:00 AM."."""
        job = self.env["fsm.order"].sudo(False)
        is_one_day = job._to_reader(start).date() == job._to_reader(stop).date()
        return self.env._(
            "%(who)s already has %(what)s from %(start)s to %(stop)s.",
            who=who,
            what=what,
            start=job._format_moment(start),
            stop=job._format_moment(stop, with_day=not is_one_day),
        )

    def _get_claim_name(self):
        """Return what this time is taken for, as colleagues call it."""
        return self.job_id.name or self.offer_id.name

    @api.model
    def _place_jobs(self, places, lanes, overbooking):
        """Write and create the reservations; the database is the judge.

        :raise TimeTaken: somebody else took the time while we looked
        """
        rows = {job: job._get_row_to_move() for job in places}
        moved = {row: (job, row._get_place()) for job, row in rows.items() if row}
        fresh = [job for job, row in rows.items() if not row]
        values = {job: self._prepare_job_values(job, places[job], lanes[job], overbooking) for job in places}
        bookings = self._prepare_bookings(fresh)
        try:
            with self.env.cr.savepoint():
                if len(moved) > 1:
                    self.union(*moved)._lift()
                for reservation, (job, _before) in moved.items():
                    again = {"state": "confirmed", "trouble": False, "revision": reservation.revision + 1}
                    reservation.write({**values[job], **again})
                created = self.create([{**values[job], **bookings[job]} for job in fresh])
                self.env.flush_all()
        except ExclusionViolation:
            raise TimeTaken(self._describe_lost(places), [Reason.FULL]) from None
        note = self.env._("Overbooked: %(reason)s", reason=overbooking) if overbooking else ""
        self._record_all("booked", {reservation: {} for reservation in created}, note)
        self._record_moved({reservation: before for reservation, (_job, before) in moved.items()}, note)

    @api.model
    def _record_moved(self, befores, note):
        """Write the history of reservations that have another place, and let what was overbooked have their old ones.

        :param befores: ``{reservation: its place before}``, as ``_get_place`` returns it
        """
        kinds = {"rescheduled": {}, "reassigned": {}}
        for reservation, before in befores.items():
            is_same_time = (before["from_start"], before["from_stop"]) == (reservation.start, reservation.stop)
            kinds["reassigned" if is_same_time else "rescheduled"][reservation] = before
        for kind, own in kinds.items():
            self._record_all(kind, own, note)
        self._settle_overbooked(
            [(before["from_resource_id"], before["from_start"], before["from_stop"]) for before in befores.values()]
        )

    def _lift(self):
        """Put reservations that are moved together beyond all places, until each is where it goes."""
        if self:
            self.flush_recordset()
            self.env.execute_query(
                SQL(
                    "UPDATE service_reservation SET lane = %s + id WHERE id IN %s RETURNING id", LIFTED, tuple(self.ids)
                )
            )
            self.invalidate_recordset(["lane"])

    def _set_down(self):
        """Put those of these reservations that are still lifted, since they stay where they were, on place 0 again."""
        self.filtered(lambda one: one.state in CLAIMING and one.lane >= LIFTED).write({"lane": 0})

    @api.model
    def _describe_lost(self, places):
        """Return the sentence about a lost race: who took the time cannot be seen in this transaction."""
        names = sorted({resource.name for resource, _start, _stop in places.values()})
        return self.env._(
            "%(names)s has just been given something else at that time. Look again.", names=", ".join(names)
        )

    @api.model
    def _prepare_job_values(self, job, place, lane, overbooking):
        """Return the values of the time that a job takes."""
        resource, start, stop = place
        return {
            **self._prepare_job_time(job, start, stop),
            "resource_id": resource.id,
            "lane": lane,
            "partner_id": job.partner_id.id,
            "exception_reason": overbooking or False,
        }

    @api.model
    def _prepare_job_time(self, job, start, stop):
        """Return the field values of a time, on the wall clock of the job's site."""
        tz = job.location_id.tz or self.env["service.point"]._get_field_work_offer(job.company_id).point_id.tz
        zone = timing.zone(tz)
        row = job._get_row_to_move()  # what it keeps free before and after stays as long as it was
        before, after = (row.start - row.blocked_start, row.blocked_stop - row.stop) if row else (timedelta(),) * 2
        return {
            "start": start,
            "stop": stop,
            "blocked_start": start - before,
            "blocked_stop": stop + after,
            "tz": tz,
            "wall_start": wall_text(stamp_of(start), zone),
            "wall_stop": wall_text(stamp_of(stop), zone),
            "window_id": False,
            "lanes": 1,
        }

    @api.model
    def _prepare_bookings(self, jobs):
        """Return ``{job: the other values of its new reservation}``, and put the technicians on the offer's list."""
        found = {}
        for company, own in self.env["fsm.order"].union(*jobs).grouped("company_id").items():
            offer = self.env["service.point"]._get_field_work_offer(company)
            newcomers = own.person_id.resource_id - offer.resource_ids
            if newcomers:
                offer.resource_ids |= newcomers
            for job in own:
                booking = self._prepare_values(offer, "", job.partner_id, None, None)
                found[job] = {"state": "confirmed", "job_id": job.id, **booking}
        return found

    # ------------------------------------------------------------------
    # Beside what somebody has
    # ------------------------------------------------------------------

    @api.model
    def _read_claims(self, resources, start, stop, ignore=None, now=None):
        """Override of ``service_schedule``: an overbooked time of a person is taken, too, for whoever looks for one."""
        claims = super()._read_claims(resources, start, stop, ignore, now)
        for resource in resources.filtered(lambda resource: resource.lane_count == 1 and resource.id in claims):
            claims[resource.id] = [(first, last, 0, 1) for first, last, _lane, _lanes in claims[resource.id]]
        return claims

    def _find_overlapping(self):
        """Return the other claims on this reservation's person that overlap it."""
        self.ensure_one()
        return self.search(
            [
                ("id", "!=", self.id),
                ("resource_id", "=", self.resource_id.id),
                ("state", "in", CLAIMING),
                ("blocked_start", "<", self.blocked_stop),
                ("blocked_stop", ">", self.blocked_start),
            ]
        )

    def _time_freed(self):
        """Override of ``service_schedule`` to let what was overbooked have the place that is free now."""
        result = super()._time_freed()
        if self.resource_id.lane_count == 1:  # a counter is never overbooked by jobs
            self._settle_overbooked([(self.resource_id.id, self.blocked_start, self.blocked_stop)])
        return result

    @api.model
    def _settle_overbooked(self, freed):
        """Give place 0 to what is overbooked on persons' freed time, as far as nothing else is there.

        One query where nothing is, however much was freed.

        :param freed: ``[(resource id, start, stop)]``
        """
        if not freed:
            return
        resource_ids, starts, stops = zip(*freed, strict=True)
        around = self.sudo().search(
            [
                ("is_overbooked", "=", True),
                ("resource_id", "in", resource_ids),
                ("state", "in", CLAIMING),
                ("blocked_start", "<", max(stops)),
                ("blocked_stop", ">", min(starts)),
            ]
        )
        waiting = around.filtered(
            lambda one: any(
                one.resource_id.id == resource_id and one.blocked_start < stop and one.blocked_stop > start
                for resource_id, start, stop in freed
            )
        )
        for reservation in waiting:
            if not reservation._find_overlapping():
                try:
                    with self.env.cr.savepoint():
                        reservation.lane = 0
                except ExclusionViolation:  # somebody has taken it meanwhile: it stays beside
                    continue
