import uuid
from collections import defaultdict
from contextlib import contextmanager
from itertools import repeat

from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import timing
from ..exceptions import TimeTaken
from ..schedlib import Reason, days, local_day, may_change, pick, stamp, wall_text

CLAIMING = ("held", "confirmed")
NOW = "now"
"""The choice of who wants to be served at once."""
STATES = [
    ("held", "Held"),
    ("confirmed", "Confirmed"),
    ("done", "Done"),
    ("no_show", "No-Show"),
    ("cancelled", "Cancelled"),
    ("released", "Released"),
    ("expired", "Expired"),
]


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
        STATES,
        required=True,
        readonly=True,
        default="confirmed",
        copy=False,
        help="A held time is kept until the hold ends; it is then confirmed, released or expired.",
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
    cutoff_minutes = fields.Integer("Cut-off (minutes)", readonly=True, help="The cut-off in force when it was booked.")
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
    # what the scheduled actions look for, which must not grow with the history
    _coming_idx = models.Index("(stop) WHERE state IN ('held', 'confirmed')")
    _promised_idx = models.Index("(promised) WHERE state = 'confirmed'")

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
    def _read_claims(self, resources, start, stop, ignore=None, now=None):
        """Return ``{resource id: [(blocked start, blocked stop, lane, lanes)]}`` in stamps, in one query.

        Of the claims that touch ``[start, stop)``, stamps; ``ignore`` are reservations that do not count. Neither do
        holds whose time is over: whoever takes their time expires them. What else keeps a resource busy claims all of
        its lanes.

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
                      AND blocked_stop > %s AND blocked_start < %s AND id <> ALL(%s) AND NOT (%s)
                    GROUP BY resource_id, lane, lanes""",
                tuple(resources.ids),
                timing.to_field(start),
                timing.to_field(stop),
                ignore.ids if ignore else [],
                self._get_stale_sql("service_reservation", now),
            )
        )
        claims = defaultdict(list)
        for resource_id, lane, lanes, starts, stops in rows:
            claims[resource_id] += zip(starts, stops, repeat(lane), repeat(lanes))
        for resource_id, spans in self._read_busy(resources, start, stop).items():
            lane_count = resources.browse(resource_id).lane_count
            claims[resource_id] += [(begin, end, 0, lane_count) for begin, end in spans if begin < stop and end > start]
        return claims

    @api.model
    def _get_stale_sql(self, alias, now=None):
        """Return the condition that a row is a hold whose time is over and counts as free.

        :param str alias: of ``service_reservation`` in the query
        :param datetime now: aware UTC; None is this moment
        """
        return SQL(
            "%s = 'held' AND %s <= %s",
            SQL.identifier(alias, "state"),
            SQL.identifier(alias, "expires_at"),
            timing.to_field(stamp(now or timing.utc_now())),
        )

    # ------------------------------------------------------------------
    # Taking, moving and giving back time
    # ------------------------------------------------------------------

    @api.model
    def _book(self, offer, choice, *, partner=None, resources=None, lanes=1, by_staff=False, origin=None, now=None):
        """Take a time and return the confirmed reservation.

        Every rule is checked here, whatever the page said. Callers check that the user may book for ``partner``.

        :param str choice: what ``service.offer.parse_choice`` reads
        :param resources: take one of these, as the customer wishes; None is any of the offer's
        :param bool by_staff: notice and horizon bind customers only
        :param origin: the reservation that this one follows
        :param datetime now: aware UTC; None is this moment
        :raise NotBookable: with all the reasons
        :raise TimeTaken: somebody else was first
        """
        values = {"state": "confirmed", **self._prepare_values(offer, choice, partner, resources, origin)}
        reservation = self._take(offer, choice, values, resources, lanes, by_staff, now)
        reservation._record("booked", {}, "")
        return reservation.with_env(self.env)

    def _take(self, offer, choice, values, resources, lanes, by_staff, now):
        """Create a reservation of ``values`` at the time of ``choice``, under its locks; return it as superuser."""
        start, window = offer.parse_choice(choice, now)
        with self._taking_time(offer._get_candidates(resources), [start], offer):
            time, places = self._check_choice(offer, start, window, resources, lanes, by_staff, now)
            # sudo: customers have no rights on reservations; the rules above have been checked
            return self._claim({**values, **time}, places, self.sudo().create, now)

    @api.model
    def _prepare_values(self, offer, choice, partner, resources, origin):
        """Return the values of a new reservation apart from its time: for whom, what, and the policy in force."""
        return {
            "offer_id": offer.id,
            "point_id": offer.point_id.id,
            "company_id": offer.company_id.id,
            "partner_id": partner.id if partner else False,
            "is_resource_chosen": resources is not None,
            "is_now": choice == NOW,
            "origin_id": origin.id if origin else False,
            **offer._prepare_policy_values(),
        }

    def _reschedule(self, choice, *, resources=None, lanes=None, by_staff=False, reason="", now=None):
        """Move this reservation to another time under the same rules and constraint; same time is no change.

        :param lanes: how many places it takes from now on; None is as many as before. The rest is as in ``_book``.
        :raise NotBookable, TimeTaken: as ``_book``; also when it is too late or in the wrong state to move
        """
        self.ensure_one()
        offer = self.offer_id
        start, window = offer.parse_choice(choice, now)
        self._check_may_change(by_staff, now)
        lanes = lanes or self.lanes
        is_same = self._is_at(start, window) and lanes == self.lanes and self.state in CLAIMING
        if is_same and not self.trouble:  # the same time may be what ends the trouble, with another person
            return
        values = self._prepare_reschedule_values(start, by_staff, now)
        self._move(start, window, values, resources, lanes, by_staff, now, "rescheduled", reason)

    def _is_at(self, start, window):
        """Return whether this reservation has the time that starts at a stamp, in a window or in none."""
        return start == stamp_of(self.start) and (window or self.env["service.window"]) == self.window_id

    def _move(self, start, window, values, resources, lanes, by_staff, now, kind, reason=""):
        """Write ``values`` and another time, under the locks of both days; the place that it has comes first."""
        offer = self.offer_id
        before = self._get_place()
        self_sudo = self.sudo()
        concerned = offer._get_candidates(resources) | self_sudo.resource_id
        with self._taking_time(concerned, [stamp_of(self.start), start], offer):
            time, places = self._check_choice(offer, start, window, resources, lanes, by_staff, now, self)
            # sudo: customers have no rights on reservations; the rules above have been checked
            self._claim({**time, **values, "revision": self.revision + 1}, places, self_sudo.write, now)
        self._record(kind, before, reason)

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
        before = self._get_place()
        # whom the customer asked for stays, however the work grows
        resources = self_sudo.resource_id if self.is_resource_chosen else None
        with self._taking_time(offer._get_candidates(resources) | self_sudo.resource_id, [start], offer):
            supplies = offer._read_supplies(local_day(start, zone), local_day(stop, zone), resources, ignore=self)[2]
            supplies.sort(key=lambda supply: supply.id != self_sudo.resource_id.id)
            places = pick(start, stop, self.window_id.id or None, supplies, offer._get_policy(), lanes)
            if lanes < self.lanes:
                places.append((self_sudo.resource_id.id, self.lane))
            if not places:
                offer._raise_not_booked([Reason.FULL], self._get_label())
            # sudo: whoever may change the work may change the room that it takes
            self._claim(
                {
                    "start": self.start,
                    "stop": self.stop,
                    "blocked_start": self.blocked_start,
                    "blocked_stop": self.blocked_stop,
                    "lanes": lanes,
                },
                places,
                self_sudo.write,
            )
        if self_sudo.resource_id.id != before["from_resource_id"]:
            self_sudo.revision += 1
            self._record("resized", before, "")

    def _cancel(self, *, by_staff=False, reason="", now=None):
        """Give the time back; a time that was only held is released. Cancelling twice is one cancellation.

        :raise NotBookable: done already, or a customer's cut-off has passed
        """
        ending = self.filtered(lambda reservation: reservation.state != "cancelled")
        ending._lock_all()
        for reservation in ending:
            reservation._check_may_change(by_staff, now)
            is_hold = reservation.state == "held" and reservation.trouble != "late"  # nothing but a hold
            reservation._give_up("released" if is_hold else "cancelled", reason)

    def _complete(self):
        """The customer has been served: what is left of the time is free again."""
        for reservation in self.filtered(lambda reservation: reservation.state == "confirmed"):
            reservation._give_up("done", "")

    def _give_up(self, state, reason="", is_locked=False):
        """End the claim of one reservation; ``state`` is also the kind of the change.

        What was paid too late, and held anew for its customer, needs a new time again when that hold ends.

        The day's lock comes first, so that whoever takes the time next and we never wait for each other crosswise.

        :param bool is_locked: the caller has the lock of the place already
        """
        self.ensure_one()
        before = self._get_place()
        had_time = self.state in CLAIMING
        self_sudo = self.sudo()  # sudo: customers have no rights on reservations; callers have checked the rules
        if not is_locked:
            self._lock_time(self_sudo.resource_id, [stamp_of(self.start)], self.offer_id)
        self_sudo.write(
            {
                "state": state,
                "expires_at": False,
                "holder": False,
                "hold_number": 0,
                "trouble": "late" if self.trouble == "late" and state in ("released", "expired") else False,
                "revision": self.revision + 1,
            }
        )
        self._record(state, before, reason)
        if had_time:
            self_sudo._time_freed()

    def _time_freed(self):
        """Hear that this reservation has just given up its claim. A hook: nothing here.

        Called in the transaction that gave it up, under the lock of its resource and day. Whoever passes the time on
        may take that very place only: other locks could be waited for crosswise.
        """

    def _check_may_change(self, by_staff=False, now=None):
        """Raise ``NotBookable`` when the state or the cut-off forbids to move or cancel."""
        self.ensure_one()
        codes = self._get_change_reasons(by_staff, now)
        if codes:
            self.offer_id._raise_not_booked(codes)

    def _get_change_reasons(self, by_staff=False, now=None):
        """Return why it cannot be moved or cancelled, [] when it can. Staff have no cut-off."""
        self.ensure_one()
        if self.trouble:
            return []  # the shop could not keep the promise: no cut-off binds the customer
        if by_staff and self.state == "no_show":
            return []  # who did not come gets another appointment
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
        policy = offer._get_choice_policy(start, window, by_staff, now)
        supplies = offer._order_supplies(supplies, start, ignore)
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

    def _claim(self, values, places, take, now=None):
        """Call ``take`` with the values at one place after another until the database accepts one; return its result.

        What we read before may be stale (the snapshot is older than the lock), so a place that looked free can be
        taken: then the next one is tried. When all are gone the caller reads ``TimeTaken``. Holds whose time is over
        are expired on the way.
        """
        for resource_id, lane in places:
            place = {**values, "resource_id": resource_id, "lane": lane}
            try:
                with self.env.cr.savepoint():
                    self._expire_at(place, now)
                    return take(place)
            except ExclusionViolation:
                continue
        raise TimeTaken(self.env._("That time has just been taken."), [Reason.FULL], values)

    def _describe_taken(self, offer, values):
        """Return "That time has just been taken" with the nearest other times."""
        start = stamp_of(values["start"])
        nearest = offer.get_nearest(
            start, stamp_of(values["stop"]), lanes=values["lanes"], by_staff=self.env.user._is_internal()
        )
        return self._add_free_times(self.env._("That time has just been taken."), offer, nearest)

    @api.model
    def _add_free_times(self, text, offer, slots):
        """Return a refusal with the times that can be had instead, one in a line."""
        if not slots:
            return text
        windows = offer.point_id.window_ids.grouped("id")
        zone = offer.point_id._get_zone()
        labels = [self._format_label(zone, slot.start, windows.get(slot.key)) for slot in slots]
        return "\n".join([text, self.env._("Still free:"), *[f"- {label}" for label in labels]])

    def _lock_time(self, resources, starts, offer):
        """Wait for the others who take time of these resources on these days: lock, then insert, then constrain.

        One advisory transaction lock per resource and UTC day, taken in sorted order, so that two bookers never wait
        for each other crosswise in the exclusion constraint.
        """
        self._take_locks(self._get_lock_keys(resources, starts, offer))

    def _lock_all(self, with_others=False):
        """Take the locks of all these reservations at once, before they are ended or moved one by one.

        One after another, two who do so with several reservations could wait for each other crosswise.

        :param bool with_others: also of everything else that could serve them
        """
        keys = set()
        for reservation in self.sudo() if len(self) > 1 else ():  # sudo: only what they occupy is looked at
            offer = reservation.offer_id
            resources = reservation.resource_id | (offer._get_candidates() if with_others else reservation.resource_id)
            keys |= self._get_lock_keys(resources, [stamp_of(reservation.start)], offer)
        self._take_locks(keys)

    @api.model
    def _get_lock_keys(self, resources, starts, offer):
        """Return ``{(resource id, UTC day)}``: what is locked to take or end the time of ``starts`` (stamps)."""
        spare = offer.buffer_before_minutes + offer.buffer_after_minutes + offer.duration_minutes + 1440
        dates = {
            day.toordinal()
            for start in starts
            for day in days(
                timing.to_field(start - offer.buffer_before_minutes * 60).date(),
                timing.to_field(start + spare * 60).date(),
            )
        }
        return {(resource_id, day) for resource_id in resources.ids for day in dates}

    @api.model
    def _take_locks(self, keys):
        """Take locks in the one order in which everybody takes them, and keep them until the transaction ends."""
        if keys:
            resource_ids, ordinals = zip(*keys, strict=True)
            self.env.cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock("
                    "    hashtextextended('service.reservation', k.r::bigint * 10000000 + k.d))"
                    " FROM (SELECT * FROM unnest(%s, %s) AS k(r, d) ORDER BY 1, 2) AS k",
                    list(resource_ids),
                    list(ordinals),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Reservations are kept with their history. Cancel them instead."))


def stamp_of(value):
    """Return the stamp of a naive UTC field value."""
    return timing.to_stamp(value)
