import logging
from contextlib import contextmanager

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, consteq, hmac

from .. import timing
from ..exceptions import NotBookable
from ..schedlib import Reason, stamp, wall_text
from ..sweeps import sweep
from .service_reservation import NOW, stamp_of

_logger = logging.getLogger(__name__)

DAY_SECONDS = 86400
MOST_HOLDS = 4
"""So many times as long as one hold may a booking be held, again and again, before its time is chosen anew."""
GONE = ("released", "expired")
"""A hold that ended without becoming a reservation; its time can be taken again, by a late payment or another try."""


class ServiceReservation(models.Model):
    """Holds: a time that is kept while the customer fills in and pays.

    held → confirmed | released | expired. A hold is over when ``expires_at`` has passed, whether or not its row says
    ``expired`` already: it then counts as free, and whoever takes the time expires the row.
    """

    _inherit = "service.reservation"

    expires_at = fields.Datetime("Held Until", readonly=True, copy=False)
    holder = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Who holds it, as the bound on holds counts: a partner, or a guest's address made unreadable.",
    )
    hold_number = fields.Integer(readonly=True, copy=False, groups="base.group_system")
    first_held_at = fields.Datetime(
        "Held Since",
        readonly=True,
        copy=False,
        help="When a time was first held that was chosen from the free ones: moving it, or holding it again, "
        "does not begin anew.",
    )
    is_now = fields.Boolean("Served at Once", readonly=True, copy=False)
    is_resource_chosen = fields.Boolean(
        "Asked for by Name", readonly=True, copy=False, help="The customer wants this person and no other."
    )
    origin_id = fields.Many2one(
        "service.reservation", "Follows", readonly=True, ondelete="restrict", index="btree_not_null", copy=False
    )
    follow_up_ids = fields.One2many("service.reservation", "origin_id", "Led To", readonly=True)

    _held_expires = models.Constraint(
        "CHECK ((state = 'held') = (expires_at IS NOT NULL))", "A held time, and no other, has an end of its hold."
    )
    # the bound on holds: a number for each, so that two requests at once cannot both be the last
    _hold_number_uniq = models.UniqueIndex(
        "(holder, hold_number) WHERE state = 'held' AND holder IS NOT NULL", "You hold too many times at once."
    )
    _expiry_idx = models.Index("(expires_at) WHERE state = 'held'")

    # ------------------------------------------------------------------
    # Holding
    # ------------------------------------------------------------------

    @api.model
    def _hold(
        self,
        offer,
        choice,
        *,
        holder=None,
        mine=None,
        limit=None,
        partner=None,
        resources=None,
        lanes=1,
        by_staff=False,
        minutes=None,
        origin=None,
        now=None,
    ):
        """Keep a time for a while and return the held reservation. Holding the same time again prolongs nothing.

        Two equal requests at once: the second reads ``TimeTaken``, and finds its twin's hold when it is tried again in
        a new transaction.

        :param str choice: what ``service.offer.parse_choice`` reads
        :param str holder: "partner:<id>" or "address:<whatever>": how many one may hold at once is bounded; None is not
        :param mine: the holder's holds that are the caller's own: only these can be the same time again. Guests of one
            address share a holder, and one must not get into another's hold. None is all of them
        :param int limit: the bound; None is the service point's
        :param int minutes: how long; None is the offer's
        :param resources: take one of these, as the customer wishes; None is any
        :raise NotBookable, TimeTaken: as ``_book``; also when the holder holds too many
        """
        live, stale = self._find_held(holder, now)
        own = live if mine is None else live & mine.sudo()  # sudo: only compared
        twin = own._find_twin(offer, choice, resources, lanes, now)
        if twin:
            return twin.with_env(self.env)
        values = {
            **self._prepare_values(offer, choice, partner, resources, origin),
            **self._prepare_hold_values(offer, choice, holder, minutes, now),
        }
        limit = limit or offer._get_hold_limit(holder)
        with self._forgetting(stale, offer, offer.parse_choice(choice, now)[0], resources):
            reservation = self._number(
                live,
                limit if holder else 0,
                lambda number: self._take(
                    offer, choice, {**values, "hold_number": number}, resources, lanes, by_staff, now
                ),
            )
        reservation._record("held", {}, "")
        return reservation.with_env(self.env)

    def _move_hold(self, choice, *, holder=None, resources=None, lanes=None, anew=False, now=None):
        """Hold another time instead, or the same one again after the hold ended; a new hold time begins.

        What was paid too late goes on needing a new time until it is confirmed: when this hold ends, it is told.

        Not for ever: one after another they last ``MOST_HOLDS`` times as long as one, then the time is free for others
        for a while, or chosen anew as by anybody.

        :param str holder: as in ``_hold``; None is who holds it now
        :param bool anew: the customer has chosen from the free times, after his hold had ended, as anybody may
        :raise NotBookable, TimeTaken: as ``_hold``; the state is neither held nor a hold that ended; or it was held for
            as long as it may be
        """
        self.ensure_one()
        if self.state != "held" and self.state not in GONE:
            self.offer_id._raise_not_booked([Reason.WRONG_STATE])
        offer = self.offer_id
        self_sudo = self.sudo()  # sudo: who holds it is only compared
        holder = holder or self_sudo.holder
        live, stale = self._find_held(holder, now)
        start, window = offer.parse_choice(choice, now)
        values = {
            **self._prepare_hold_values(offer, choice, holder, None, now),
            **self._prepare_bound_values(choice, anew, now),
            "is_now": choice == NOW,
            "is_resource_chosen": resources is not None,
        }
        with self._forgetting(stale - self_sudo, offer, start, resources):
            self._number(
                live - self_sudo,
                offer._get_hold_limit(holder) if holder else 0,
                lambda number: self._move(
                    start, window, {**values, "hold_number": number}, resources, lanes or self.lanes, False, now, "held"
                ),
            )

    @contextmanager
    def _forgetting(self, stale, offer, start, resources):
        """Let the holder's holds that have ended count no more, while the body takes a time that starts at a stamp.

        Whoever takes their time expires them under the lock of their days. So that we two never wait for each other
        crosswise, their rows are changed under that lock only, taken together with the lock of the time that is wanted.
        """
        if not stale:
            yield
            return
        starts = [
            moment
            for hold in stale
            for moment in range(stamp_of(hold.blocked_start), stamp_of(hold.blocked_stop), DAY_SECONDS)
        ]
        with self._taking_time(offer._get_candidates(resources) | stale.resource_id, [start, *starts], offer):
            stale.write({"holder": False})
            stale.flush_recordset()  # now, under the lock
            yield

    @api.model
    def _prepare_hold_values(self, offer, choice, holder, minutes, now):
        """Return the values of a hold. It does not outlast the time itself, unless that is now."""
        begin = stamp(now or timing.utc_now())
        until = begin + (minutes or offer.hold_minutes) * 60
        if choice != NOW:
            until = min(until, offer.parse_choice(choice, now)[0])
        return {
            "state": "held",
            "holder": holder or False,
            "first_held_at": timing.to_field(begin),
            "expires_at": timing.to_field(until),
        }

    def _prepare_bound_values(self, choice, anew, now):
        """Return since when this booking is held, and an end of its hold that is not beyond what it may have.

        :raise NotBookable: it was held for as long as it may be
        """
        moment = stamp(now or timing.utc_now())
        # what was paid too late is nothing that anybody holds for free
        is_anew = anew or self.trouble == "late" or not self.first_held_at or self._is_long_over(moment)
        first = moment if is_anew else stamp_of(self.first_held_at)
        last = self._get_hold_bound(first)
        if self._is_live(now):  # what it has already it keeps: the waitlist holds longer
            last = max(last, stamp_of(self.expires_at))
        if moment >= last:
            raise NotBookable(
                self.env._(
                    "This was kept for you for %(minutes)s minutes, and nobody has booked it. Choose a time again.",
                    minutes=(last - first) // 60,
                ),
                [Reason.TOO_MANY_HELD],
            )
        until = self._prepare_hold_values(self.offer_id, choice, None, None, now)["expires_at"]
        return {"first_held_at": timing.to_field(first), "expires_at": min(until, timing.to_field(last))}

    def _is_long_over(self, moment):
        """Return whether its time was free for others for as long as a hold lasts: whoever comes back begins anew.

        :param int moment: now, a stamp
        """
        # sudo: customers may read neither history nor offers
        ended = self.expires_at if self.state == "held" else self.sudo().change_ids[:1].create_date
        return bool(ended) and moment - stamp_of(ended) >= self.sudo().offer_id.hold_minutes * 60

    def _get_hold_bound(self, first):
        """Return the moment until which it may be held without a payment, a stamp.

        :param int first: when it was first held, a stamp
        """
        return first + MOST_HOLDS * self.sudo().offer_id.hold_minutes * 60  # sudo: customers may not read offers

    @api.model
    def _find_held(self, holder, now=None):
        """Return ``(live, stale)``: the holds of a holder, as superuser."""
        # sudo: customers have no rights on reservations; these are the holder's own
        held = self.sudo().search([("state", "=", "held"), ("holder", "=", holder)]) if holder else self.sudo().browse()
        live = held.filtered(lambda hold: hold._is_live(now))
        return live, held - live

    def _is_live(self, now=None):
        """Return whether this is a hold that has not ended."""
        self.ensure_one()
        return self.state == "held" and stamp_of(self.expires_at) > stamp(now or timing.utc_now())

    def _find_twin(self, offer, choice, resources, lanes, now):
        """Return the one of these holds that keeps just this time already."""
        start, window = offer.parse_choice(choice, now)
        return self.filtered(
            lambda hold: (
                hold.offer_id == offer
                and (hold.is_now if choice == NOW else hold._is_at(start, window))
                and hold.lanes == lanes
                and (resources is None or hold.resource_id in resources)
            )
        )[:1]

    def _number(self, live, limit, take):
        """Return ``take(number)`` with a number below ``limit`` that none of the ``live`` holds has; 0 is no limit.

        The unique index decides between two who want the same number at once.

        :raise NotBookable: all numbers are in use
        """
        if not limit:
            return take(0)
        for number in sorted(set(range(limit)) - set(live.mapped("hold_number"))):
            try:
                with self.env.cr.savepoint():
                    return take(number)
            except UniqueViolation:
                continue
        raise NotBookable(
            self.env._(
                "You hold %(count)s times already. Finish or give up one of them first.", count=len(live) or limit
            ),
            [Reason.TOO_MANY_HELD],
        )

    # ------------------------------------------------------------------
    # The ends of a hold
    # ------------------------------------------------------------------

    def _confirm(self, *, now=None):
        """Make a reservation of the hold. Confirming twice is once.

        A hold whose time is over but which nobody has taken is still good. One that has expired or was released takes
        its time again: the same place, else another that the offer and the customer allow.

        :raise NotBookable, TimeTaken: the time has passed, or cannot be had again
        """
        for reservation in self.filtered(lambda reservation: reservation.state != "confirmed"):
            if reservation.state in GONE:
                reservation._take_again(now)
            elif reservation.state == "held":
                reservation._confirm_held(now)
            else:
                reservation.offer_id._raise_not_booked([Reason.WRONG_STATE])

    def _confirm_held(self, now):
        """Confirm a row that still has its time. "Now" begins when it is confirmed, not when it was asked for."""
        values = {**self._prepare_confirmed_values(), "revision": self.revision + 1}
        if self.is_now:
            values.update(self._prepare_now_values(now))
        elif stamp_of(self.start) <= stamp(now or timing.utc_now()):
            self.offer_id._raise_not_booked([Reason.PAST], self._get_label())
        before = self._get_place()
        self.sudo().write(values)  # sudo: customers have no rights on reservations; callers check whose it is
        self._record("confirmed", before, "")

    @api.model
    def _prepare_confirmed_values(self):
        """Return the values that end a hold well."""
        return {"state": "confirmed", "expires_at": False, "holder": False, "hold_number": 0, "trouble": False}

    def _prepare_now_values(self, now):
        """Return the values of a session that begins at the next full minute, within the time that was kept for it."""
        start = max(stamp_of(self.start), self.offer_id._get_now(now))
        stop = start + stamp_of(self.stop) - stamp_of(self.start)
        end = stop + self.offer_id.buffer_after_minutes * 60
        if end > stamp_of(self.blocked_stop):
            self.offer_id._raise_not_booked([Reason.PAST], self._get_label())
        zone = self._get_zone()
        return {
            "start": timing.to_field(start),
            "stop": timing.to_field(stop),
            "blocked_stop": timing.to_field(end),
            "wall_start": wall_text(start, zone),
            "wall_stop": wall_text(stop, zone),
        }

    def _take_again(self, now):
        """Take the time of a hold that has ended once more, and confirm it. Notice and horizon were kept when held."""
        offer = self.offer_id
        start = offer._get_now(now) if self.is_now else stamp_of(self.start)
        resources = self.sudo().resource_id if self.is_resource_chosen else None
        values = self._prepare_confirmed_values()
        self._move(start, self.window_id, values, resources, self.lanes, True, now, "confirmed")

    def _confirm_or_park(self, *, now=None):
        """Confirm, or keep the reservation without a time until the customer chooses a new one; True when confirmed.

        Never raises for a lost time: who calls has the customer's money already. What has been served, or was never
        come for, stays as it is: money for it may come at any time later.
        """
        self.ensure_one()
        if self.state in ("done", "no_show"):
            return True
        try:
            with self.env.cr.savepoint():
                self._confirm(now=now)
            return True
        except NotBookable as lost:
            self._park(str(lost))
            return False

    def _park(self, reason=""):
        """End the hold and mark that the customer has to choose a new time. Parking twice is once."""
        self.ensure_one()
        if self.state == "held":
            self._give_up("expired")
        self._set_trouble("late", reason)

    def _release(self, reason=""):
        """Give held times back; what has ended already stays as it is.

        :raise NotBookable: one is more than a hold
        """
        for reservation in self.filtered(lambda reservation: reservation.state not in GONE):
            if reservation.state != "held":
                reservation.offer_id._raise_not_booked([Reason.WRONG_STATE])
            reservation._give_up("released", reason)

    def _prolong(self, until):
        """Keep held times until a moment (naive UTC), never for less than now, and not beyond their start."""
        for hold in self.filtered(lambda hold: hold.state == "held"):
            # sudo: the caller knows the rule that keeps it longer
            hold.sudo().expires_at = max(hold.expires_at, until if hold.is_now else min(until, hold.start))

    # ------------------------------------------------------------------
    # Expiry
    # ------------------------------------------------------------------

    @api.model
    def _expire_at(self, place, now=None):
        """Expire the holds whose time is over and that lie on a place that is being taken.

        :param dict place: resource_id, lane, lanes, blocked_start and blocked_stop as fields have them
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT r.id FROM service_reservation r
                    WHERE %s AND r.resource_id = %s
                      AND int4range(r.lane, r.lane + r.lanes) && int4range(%s, %s)
                      AND tsrange(r.blocked_start, r.blocked_stop) && tsrange(%s, %s)""",
                self._get_stale_sql("r", now),
                place["resource_id"],
                place["lane"],
                place["lane"] + place["lanes"],
                place["blocked_start"],
                place["blocked_stop"],
            )
        )
        # sudo: whoever takes time may end what has ended
        for hold in (self.sudo().browse([row[0] for row in rows]) - self.sudo()).sorted("id"):
            hold._give_up("expired", is_locked=True)
            hold.flush_recordset()  # before the place is taken, not after

    @api.model
    def _cron_expire_holds(self):
        """Mark the holds whose time is over as expired. Hygiene: their time counts as free already."""
        stale = self.search(self._get_stale_domain(), order="expires_at, id")
        expired, _failed = sweep(stale, lambda hold: hold._try_expire(), _logger)
        if expired:
            _logger.info("%s holds expired", len(expired))

    @api.model
    def _get_stale_domain(self):
        """Return the domain of the holds whose time is over."""
        return Domain("state", "=", "held") & Domain("expires_at", "<=", fields.Datetime.now())

    def _try_expire(self):
        """Expire one hold whose time is over; False when somebody else deals with it at this moment."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._lock_time(self.resource_id, [stamp_of(self.start)], self.offer_id)
                if not self.try_lock_for_update() or self.state != "held" or self._is_live():
                    return False
                self._give_up("expired", is_locked=True)
                return True
        except SerializationFailure:
            return False  # it changed after we began to read: paid, released or taken over

    # ------------------------------------------------------------------
    # Links for people without a log-in
    # ------------------------------------------------------------------

    def _get_token(self):
        """Return the secret that opens this reservation's pages from a link in a message."""
        self.ensure_one()
        return hmac(self.env(su=True), "service.reservation", self.public_id)

    @api.model
    def _find_by_token(self, public_id, token):
        """Return the reservation of a link as superuser, empty when the link is not one of ours."""
        # a reference with a zero byte is nobody's: the database cannot even look for it
        reservation = self.sudo().search([("public_id", "=", (public_id or "").replace("\0", ""))], limit=1)
        # in bytes: a token with an accent is a wrong one, not a fault
        is_ours = reservation and consteq(reservation._get_token().encode(), (token or "").encode())
        return reservation if is_ours else reservation.browse()
