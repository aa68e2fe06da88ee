import uuid
from collections import defaultdict
from contextlib import contextmanager
from itertools import pairwise, repeat

from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, format_time

from .. import timing
from ..exceptions import TimeTaken
from ..schedlib import Reason, days, local, local_day, may_change, pick, wall_text

CLAIMING = ("held", "confirmed")


class ServiceReservation(models.Model):
    _name = "service.reservation"
    _description = "Service Reservation"
    _order = "start, id"
    _rec_name = "public_id"

    public_id = fields.Char(
        "Public Reference", required=True, readonly=True, copy=False, default=lambda self: str(uuid.uuid4())
    )
    revision = fields.Integer(
        readonly=True, copy=False, help="Rises with every change that the customer can see; 0 is as booked."
    )
    offer_id = fields.Many2one("service.offer", required=True, readonly=True, ondelete="restrict", index=True)
    point_id = fields.Many2one("service.point", "Service Point", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    window_id = fields.Many2one("service.window", readonly=True, ondelete="restrict", index="btree_not_null")
    resource_id = fields.Many2one("resource.resource", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index="btree_not_null")
    state = fields.Selection(
        [("held", "Held"), ("confirmed", "Confirmed"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="confirmed",
        copy=False,
    )
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(required=True, readonly=True)
    promised = fields.Datetime(
        "Promised Time",
        compute="_compute_promised",
        store=True,
        help="The end of a window, the start of a chosen time: after it the work is overdue.",
    )
    blocked_start = fields.Datetime(required=True, readonly=True)
    blocked_stop = fields.Datetime(required=True, readonly=True)
    tz = fields.Char("Time Zone", required=True, readonly=True)
    wall_start = fields.Char(
        "Start on the Wall Clock",
        required=True,
        readonly=True,
        help="What was promised, in the service point's zone. If the zone's rules change, this stays.",
    )
    wall_stop = fields.Char("Stop on the Wall Clock", required=True, readonly=True)
    lane = fields.Integer("First Place", required=True, readonly=True)
    lanes = fields.Integer("Places Taken", required=True, readonly=True, default=1)
    cutoff_minutes = fields.Integer(readonly=True, help="The cut-off in force when it was booked.")
    change_ids = fields.One2many("service.reservation.change", "reservation_id", "History", readonly=True)
    reschedule_count = fields.Integer("Rescheduled", compute="_compute_history", store=True)
    original_start = fields.Datetime("Original Time", compute="_compute_history", store=True)

    _public_id_uniq = models.Constraint("UNIQUE (public_id)", "The public reference is already used.")
    _span_order = models.Constraint(
        "CHECK (start < stop AND blocked_start <= start AND stop <= blocked_stop)",
        "A reservation starts before it stops, within the time that it blocks.",
    )
    _lanes_positive = models.Constraint("CHECK (lane >= 0 AND lanes >= 1)", "A reservation takes at least one place.")
    # The judge of every race: one row per resource, place and time, whatever the code above believed.
    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(resource_id, resource_id, '[]') WITH =,
            int4range(lane, lane + lanes) WITH &&,
            tsrange(blocked_start, blocked_stop) WITH &&)
        WHERE (state IN ('held', 'confirmed'))""",
        "That time has just been taken.",
    )
    _claims_idx = models.Index("(resource_id, blocked_stop) WHERE state IN ('held', 'confirmed')")

    @api.depends("window_id", "start", "stop")
    def _compute_promised(self):
        for reservation in self:
            reservation.promised = reservation.stop if reservation.window_id else reservation.start

    @api.depends("change_ids")
    def _compute_history(self):
        for reservation in self:
            moves = reservation.change_ids.filtered(lambda change: change.kind == "rescheduled").sorted("id")
            reservation.reschedule_count = len(moves)
            reservation.original_start = moves[0].from_start if moves else reservation.start

    @api.depends("offer_id", "start", "window_id")
    def _compute_display_name(self):
        for reservation in self:
            reservation.display_name = f"{reservation.offer_id.name}, {reservation._get_label()}"

    # ------------------------------------------------------------------
    # Reading claims
    # ------------------------------------------------------------------

    @api.model
    def _read_claims(self, resources, start, stop, ignore=None):
        """Return ``{resource id: [(blocked start, blocked stop, lane, lanes)]}`` in stamps, in one query.

        Of the claims that touch ``[start, stop)``, stamps; ``ignore`` is a reservation that does not count.

        The database groups the rows into arrays: ten thousand claims cost one row per resource.
        """
        if not resources:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT resource_id, lane, lanes, array_agg(date_part('epoch', blocked_start)::bigint),
                          array_agg(date_part('epoch', blocked_stop)::bigint)
                     FROM service_reservation
                    WHERE state IN ('held', 'confirmed') AND resource_id IN %s
                      AND blocked_stop > %s AND blocked_start < %s AND id <> %s
                    GROUP BY resource_id, lane, lanes""",
                tuple(resources.ids),
                timing.to_field(start),
                timing.to_field(stop),
                ignore.id if ignore else 0,
            )
        )
        claims = defaultdict(list)
        for resource_id, lane, lanes, starts, stops in rows:
            claims[resource_id] += zip(starts, stops, repeat(lane), repeat(lanes))
        return claims

    # ------------------------------------------------------------------
    # Taking, moving and giving back time
    # ------------------------------------------------------------------

    @api.model
    def _book(self, offer, choice, *, partner=None, resources=None, lanes=1, by_staff=False, now=None):
        """Take a time and return the confirmed reservation.

        Every rule is checked here, whatever the page said. Callers check that the user may book for ``partner``.

        :param str choice: what ``service.offer.parse_choice`` reads
        :param resources: take one of these; None is any of the offer's
        :param bool by_staff: notice and horizon bind customers only
        :param datetime now: aware UTC; None is this moment
        :raise NotBookable: with all the reasons
        :raise TimeTaken: somebody else was first
        """
        start, window = offer.parse_choice(choice)
        values = {
            "offer_id": offer.id,
            "point_id": offer.point_id.id,
            "company_id": offer.company_id.id,
            "partner_id": partner.id if partner else False,
            "cutoff_minutes": offer.cutoff_minutes,
        }
        with self._taking_time(offer._get_candidates(resources), [start], offer):
            time, places = self._check_choice(offer, start, window, resources, lanes, by_staff, now)
            # sudo: customers have no rights on reservations; the rules above have been checked
            reservation = self._claim({**values, **time}, places, self.sudo().create)
        reservation._record("booked", {}, "")
        return reservation.with_env(self.env)

    def _reschedule(self, choice, *, resources=None, lanes=None, by_staff=False, reason="", now=None):
        """Move this reservation to another time under the same rules and constraint; same time is no change.

        :param lanes: how many places it takes from now on; None is as many as before. The rest is as in ``_book``.
        :raise NotBookable, TimeTaken: as ``_book``; also when it is too late or in the wrong state to move
        """
        self.ensure_one()
        offer = self.offer_id
        start, window = offer.parse_choice(choice)
        self_sudo = self.sudo()
        self._check_may_change(by_staff, now)
        lanes = lanes or self.lanes
        is_same = start == stamp_of(self.start) and (window or self.env["service.window"]) == self.window_id
        if is_same and lanes == self.lanes:
            return
        before = self._get_place()
        concerned = offer._get_candidates(resources) | self_sudo.resource_id
        with self._taking_time(concerned, [stamp_of(self.start), start], offer):
            time, places = self._check_choice(offer, start, window, resources, lanes, by_staff, now, self)
            # sudo: customers have no rights on reservations; the rules above have been checked
            self._claim({**time, "revision": self.revision + 1}, places, self_sudo.write)
        self._record("rescheduled", before, reason)

    def _resize(self, lanes):
        """Take more or fewer places at the same time, for work that grows or shrinks. No notice is asked for.

        Fewer can always be had: at worst they are some of those that it has.

        :raise NotBookable: there are not enough places
        :raise TimeTaken: somebody else was first
        """
        self.ensure_one()
        if self.state not in CLAIMING or lanes == self.lanes:
            return
        offer = self.offer_id
        zone = offer.point_id._get_zone()
        start, stop = stamp_of(self.start), stamp_of(self.stop)
        self_sudo = self.sudo()
        with self._taking_time(offer._get_candidates() | self_sudo.resource_id, [start], offer):
            supplies = offer._read_supplies(local_day(start, zone), local_day(stop, zone), ignore=self)[2]
            supplies.sort(key=lambda supply: supply.id != self_sudo.resource_id.id)
            places = pick(start, stop, self.window_id.id or None, supplies, offer._get_policy(), lanes)
            if lanes < self.lanes:
                places.append((self_sudo.resource_id.id, self.lane))
            if not places:
                offer._raise_not_booked([Reason.FULL], self._get_label())
            # sudo: whoever may change the work may change the room that it takes
            self._claim({"start": self.start, "stop": self.stop, "lanes": lanes}, places, self_sudo.write)

    def _cancel(self, *, by_staff=False, reason="", now=None):
        """Give the time back. Cancelling twice is one cancellation.

        :raise NotBookable: done already, or a customer's cut-off has passed
        """
        for reservation in self.filtered(lambda reservation: reservation.state != "cancelled"):
            reservation._check_may_change(by_staff, now)
            before = reservation._get_place()
            # sudo: customers have no rights on reservations; the rules above have been checked
            reservation.sudo().write({"state": "cancelled", "revision": reservation.revision + 1})
            reservation._record("cancelled", before, reason)

    def _complete(self):
        """The customer has been served: what is left of the time is free again."""
        for reservation in self.filtered(lambda reservation: reservation.state == "confirmed"):
            before = reservation._get_place()
            reservation.sudo().state = "done"  # sudo: staff who may finish the work, checked by its own model
            reservation._record("done", before, "")

    def _check_may_change(self, by_staff=False, now=None):
        """Raise ``NotBookable`` when the state or the cut-off forbids to move or cancel."""
        self.ensure_one()
        codes = self._get_change_reasons(by_staff, now)
        if codes:
            self.offer_id._raise_not_booked(codes)

    def _get_change_reasons(self, by_staff=False, now=None):
        """Return why it cannot be moved or cancelled, [] when it can. Staff have no cut-off."""
        self.ensure_one()
        if self.state not in CLAIMING:
            return [Reason.WRONG_STATE]
        if by_staff or may_change(self.cutoff_minutes, stamp_of(self.start), now or timing.utc_now()):
            return []
        return [Reason.TOO_LATE_TO_CHANGE]

    def _check_choice(self, offer, start, window, resources, lanes, by_staff, now, ignore=None):
        """Check every rule; return ``(values of the time, places to try)``."""
        codes, stop, supplies = offer._evaluate(
            start, window, resources=resources, lanes=lanes, by_staff=by_staff, now=now, ignore=ignore
        )
        if codes:
            offer._raise_not_booked(codes, self._format_label(offer.point_id._get_zone(), start, window))
        policy = offer._get_policy(by_staff)
        if ignore:
            supplies.sort(key=lambda supply: supply.id != ignore.resource_id.id)
        places = pick(start, stop, window.id if window else None, supplies, policy, lanes)
        return self._prepare_time_values(offer, start, stop, window, lanes, policy), places

    @api.model
    def _prepare_time_values(self, offer, start, stop, window, lanes, policy):
        """Return the field values of a time; a window blocks no buffers: it is capacity, not one visit."""
        zone = offer.point_id._get_zone()
        before, after = (0, 0) if window else (policy.before_minutes * 60, policy.after_minutes * 60)
        return {
            "start": timing.to_field(start),
            "stop": timing.to_field(stop),
            "blocked_start": timing.to_field(start - before),
            "blocked_stop": timing.to_field(stop + after),
            "tz": offer.point_id.tz,
            "wall_start": wall_text(start, zone),
            "wall_stop": wall_text(stop, zone),
            "window_id": window.id if window else False,
            "lanes": lanes,
        }

    @contextmanager
    def _taking_time(self, resources, starts, offer):
        """Hold the locks of the days of ``starts`` (stamps) while the body checks and takes a time.

        A loser gives the locks back, with the savepoint, before he reads what is still free: nobody waits for that.
        """
        try:
            with self.env.cr.savepoint():
                self._lock_time(resources, starts, offer)
                yield
        except TimeTaken as lost:
            raise TimeTaken(self._describe_taken(offer, lost.place), lost.reasons, lost.place) from None

    def _claim(self, values, places, take):
        """Call ``take`` with the values at one place after another until the database accepts one; return its result.

        What we read before may be stale (the snapshot is older than the lock), so a place that looked free can be
        taken: then the next one is tried. When all are gone the caller reads ``TimeTaken``.
        """
        for resource_id, lane in places:
            try:
                with self.env.cr.savepoint():
                    return take({**values, "resource_id": resource_id, "lane": lane})
            except ExclusionViolation:
                continue
        raise TimeTaken(self.env._("That time has just been taken."), [Reason.FULL], values)

    def _describe_taken(self, offer, values):
        """Return "That time has just been taken" with the nearest other times."""
        start = stamp_of(values["start"])
        nearest = offer.get_nearest(
            start, stamp_of(values["stop"]), lanes=values["lanes"], by_staff=self.env.user._is_internal()
        )
        text = self.env._("That time has just been taken.")
        if not nearest:
            return text
        windows = offer.point_id.window_ids.grouped("id")
        zone = offer.point_id._get_zone()
        labels = [self._format_label(zone, slot.start, windows.get(slot.key)) for slot in nearest]
        return "\n".join([text, self.env._("Still free:"), *[f"- {label}" for label in labels]])

    def _lock_time(self, resources, starts, offer):
        """Wait for the others who take time of these resources on these days: lock, then insert, then constrain.

        One advisory transaction lock per resource and UTC day, taken in sorted order, so that two bookers never wait
        for each other crosswise in the exclusion constraint.
        """
        spare = offer.buffer_before_minutes + offer.buffer_after_minutes + offer.duration_minutes + 1440
        dates = {
            day.toordinal()
            for start in starts
            for day in days(
                timing.to_field(start - offer.buffer_before_minutes * 60).date(),
                timing.to_field(start + spare * 60).date(),
            )
        }
        keys = sorted((resource_id, day) for resource_id in resources.ids for day in dates)
        if keys:
            self.env.cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock("
                    "    hashtextextended('service.reservation', k.r::bigint * 10000000 + k.d))"
                    " FROM (SELECT * FROM unnest(%s, %s) AS k(r, d) ORDER BY 1, 2) AS k",
                    [key[0] for key in keys],
                    [key[1] for key in keys],
                )
            )

    # ------------------------------------------------------------------
    # History and announcement
    # ------------------------------------------------------------------

    def _get_place(self):
        """Return the values of a change row's "from" side: where the reservation is now."""
        self.ensure_one()
        return {
            "from_start": self.start,
            "from_stop": self.stop,
            "from_window_id": self.window_id.id,
            "from_resource_id": self.sudo().resource_id.id,
        }

    def _record(self, kind, before, reason):
        """Append to the history and announce it."""
        self.ensure_one()
        after = (
            {}
            if kind in ("cancelled", "done")
            else {
                "to_start": self.start,
                "to_stop": self.stop,
                "to_window_id": self.window_id.id,
                "to_resource_id": self.sudo().resource_id.id,
            }
        )
        # sudo: nobody has rights to write history, this is its only pen
        change = (
            self.env["service.reservation.change"]
            .sudo()
            .create(
                {
                    "reservation_id": self.id,
                    "kind": kind,
                    "revision": self.revision,
                    "user_id": self.env.uid,
                    "reason": reason or False,
                    **before,
                    **after,
                }
            )
        )
        self._announce(change)

    def _announce(self, change):
        """Tell whoever is concerned that this reservation changed: the one place where events leave this addon.

        Here the staff of the service point hear on the bus that something moved; addons above extend it with what
        they know (orders, messages). ``change`` is the ``service.reservation.change`` row just written.
        """
        self.ensure_one()
        self.sudo().point_id._bus_send(
            "service_schedule/changed",
            {"point_id": self.point_id.id, "reservation": self.public_id, "kind": change.kind},
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Reservations are kept with their history. Cancel them instead."))

    # ------------------------------------------------------------------
    # What people read
    # ------------------------------------------------------------------

    def _get_zone(self):
        """Return the zone of the promise: what the shop's was when it was booked."""
        return timing.zone(self.tz)

    def _get_label(self):
        """Return the promise as it was made: "Thursday, October 15, 2026 at Afternoon (12:00-17:00)"."""
        self.ensure_one()
        return self._format_label(self._get_zone(), stamp_of(self.start), self.window_id, stamp_of(self.stop))

    @api.model
    def _format_label(self, zone, start, window=None, stop=None):
        """Return a time (stamp) in the user's language and ``zone``; a window by its name and hours.

        :param stop: stamp; until when a window was promised, which its hours of today need not tell
        """
        moment = local(start, zone)
        if not window:
            time = format_time(self.env, moment.time(), time_format="short")
        elif stop:
            time = window.sudo()._format_promise(moment, local(stop, zone))
        else:
            time = window.sudo().display_name
        return self.env._(
            "%(date)s at %(time)s", date=format_date(self.env, moment.date(), date_format="full"), time=time
        )

    def _get_chain(self):
        """Return every time this reservation had: "Oct 10 → Oct 12 → Oct 15", "" when it never moved.

        Times are added when two neighbours fall on the same day.
        """
        self.ensure_one()
        moves = self.sudo().change_ids.filtered(lambda change: change.kind == "rescheduled").sorted("id")
        if not moves:
            return ""
        zone = self._get_zone()
        moments = [local(stamp_of(moment), zone) for moment in [moves[0].from_start, *moves.mapped("to_start")]]
        dates = [moment.date() for moment in moments]
        with_time = any(first == second for first, second in pairwise(dates))
        return " → ".join(self._format_short(moment, with_time) for moment in moments)

    @api.model
    def _format_short(self, moment, with_time=False):
        """Return a local moment as "Oct 10", or "Oct 10 3:00 PM"."""
        text = format_date(self.env, moment.date(), date_format="MMM d")
        return f"{text} {format_time(self.env, moment.time(), time_format='short')}" if with_time else text


def stamp_of(value):
    """Return the stamp of a naive UTC field value."""
    return timing.to_stamp(value)
