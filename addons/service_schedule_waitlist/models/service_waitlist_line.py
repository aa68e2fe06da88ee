import logging
from contextlib import contextmanager

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import ExclusionViolation, SerializationFailure

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import stamp

_logger = logging.getLogger(__name__)

CRON = "service_schedule_waitlist.ir_cron_offer_waiting"
CANDIDATES = 20
"""How many in line are looked at for one freed place: the rules may forbid it to the first."""
OFFERED, UNFIT, BUSY = "offered", "unfit", "busy"
"""What comes of asking one in line: he has it; it is not for him; another transaction deals with him right now."""


class ServiceWaitlistEntry(models.Model):
    """The line moves: freed time becomes a hold of the first who waits for it.

    At once, in the transaction that frees it, when it is just the place that somebody of the same offer waits for. All
    else that becomes free (other offers of the same resource, new places, leaves taken back) is found by the cron.

    Nobody waits for a lock on an entry, so whoever holds the lock of a day may look for the next in line. Nor is
    anybody passed over because of a lock: what another transaction is offering him it may take back, when it fails. The
    place is kept for the line then, and the cron asks him again.
    """

    _inherit = "service.waitlist.entry"

    # ------------------------------------------------------------------
    # At once: the freed place itself
    # ------------------------------------------------------------------

    @api.model
    def _get_awaiting_sql(self, alias, now=None):
        """Return the query of the ids of those in line who could have the time of a reservation, first in first.

        The same rules as for booking it: offered to customers, and soon enough before its start.

        :param str alias: of ``service_reservation`` in the query around
        :param datetime now: aware UTC; None is this moment
        """
        self.flush_model(["offer_id", "day", "window_id", "resource_id", "lanes", "state"])
        self.env["service.offer"].flush_model(["active", "is_published", "has_waitlist", "lead_minutes"])

        def of(name):
            return SQL.identifier(alias, name)

        return SQL(
            """SELECT w.id FROM service_waitlist_entry w JOIN service_offer o ON o.id = w.offer_id
                WHERE w.state = 'waiting' AND w.offer_id = %s AND w.day = left(%s, 10)::date
                  AND (w.window_id IS NULL OR w.window_id = %s)
                  AND (w.resource_id IS NULL OR w.resource_id = %s)
                  AND w.lanes <= %s AND o.active AND o.is_published AND o.has_waitlist
                  AND %s > %s + o.lead_minutes * interval '1 minute'
                ORDER BY w.id""",
            of("offer_id"),
            of("wall_start"),
            of("window_id"),
            of("resource_id"),
            of("lanes"),
            of("start"),
            timing.to_field(stamp(now or timing.utc_now())),
        )

    @api.model
    def _hand_over(self, freed):
        """Make holds of freed places for those who are first in line; called where ``_time_freed`` is.

        :param freed: reservations that have just given up their claim
        """
        # sudo: whoever gives time back knows nothing of those who wait
        entries = self.sudo()
        for reservation in freed.sudo():
            line, is_anybody_waiting = entries._find_line(reservation)
            outcome = line._offer_in_turn(reservation)
            if outcome == BUSY:
                self._keep_for_line(reservation)
            elif outcome == UNFIT and is_anybody_waiting:
                self._look_soon()  # others of the same resource or service point may have a use for it

    def _offer_in_turn(self, freed):
        """Offer a freed place to these, one after another, until one has it or must not be passed over."""
        outcome = UNFIT
        for entry in self:
            with self._failing_alone(entry):
                outcome = entry._try_offer_place(freed)
            if outcome != UNFIT:
                break
        return outcome

    @api.model
    def _find_line(self, freed):
        """Return ``(entries, whether anybody waits at the service point)``: who could have a freed place; one query."""
        freed.flush_recordset()
        [(ids, is_anybody_waiting)] = self.env.execute_query(
            SQL(
                """SELECT ARRAY(%s LIMIT %s),
                          EXISTS (SELECT FROM service_waitlist_entry
                                   WHERE state = 'waiting' AND point_id = r.point_id)
                     FROM service_reservation r WHERE r.id = %s""",
                self._get_awaiting_sql("r"),
                CANDIDATES,
                freed.id,
            )
        )
        return self.browse(ids), is_anybody_waiting

    def _try_offer_place(self, freed):
        """Offer the place of a reservation that gave it up; return ``OFFERED``, ``UNFIT`` or ``BUSY``."""
        self.ensure_one()
        times = self._get_place_times(freed)
        if not times:
            return UNFIT
        try:
            with self.env.cr.savepoint():
                if not self.try_lock_for_update():
                    return BUSY
                if self.state != "waiting":
                    return UNFIT
                self._offer(self._hold_place(freed, *times))
                return OFFERED
        except SerializationFailure:
            return UNFIT  # committed since we began to read: he waits no more, nothing else of an entry in line changes
        except ExclusionViolation:
            return UNFIT

    def _get_place_times(self, freed):
        """Return ``(stop, until when it is offered)`` in stamps, or None when this entry cannot have a freed place.

        Every rule is asked again: the shop may be closed by now.
        """
        offer, start = self.offer_id, timing.to_stamp(freed.start)
        codes, stop, _supplies = offer._evaluate(start, freed.window_id, resources=freed.resource_id, lanes=self.lanes)
        until = offer._get_offer_end(start)
        if codes or stop != timing.to_stamp(freed.stop) or until <= stamp(timing.utc_now()):
            return None
        return stop, until

    def _hold_place(self, freed, stop, until):
        """Insert the hold of this entry at just the freed place."""
        offer, start = self.offer_id, timing.to_stamp(freed.start)
        reservations = freed.browse()
        hold = reservations.create(
            {
                **reservations._prepare_values(offer, "", self.partner_id, self.resource_id or None, None),
                **reservations._prepare_time_values(
                    offer, start, stop, freed.window_id, self.lanes, offer._get_policy()
                ),
                "resource_id": freed.resource_id.id,
                "lane": freed.lane,
                "state": "held",
                "expires_at": timing.to_field(until),
            }
        )
        hold._record("held", {}, "")
        return hold

    @api.model
    def _keep_for_line(self, freed):
        """Keep a freed place from strangers until the cron can ask the first in line again.

        It is a hold of nobody that is over already: free for nobody but the line while somebody waits for it, and for
        everybody as soon as nobody does, see ``_get_stale_sql``.
        """
        names = ("start", "stop", "blocked_start", "blocked_stop", "tz", "wall_start", "wall_stop", "lane", "lanes")
        now = timing.to_field(stamp(timing.utc_now()))
        reservations = freed.browse()
        try:
            with self.env.cr.savepoint():
                hold = reservations.create(
                    {
                        **reservations._prepare_values(freed.offer_id, "", None, None, None),
                        **{name: freed[name] for name in names},
                        "window_id": freed.window_id.id,
                        "resource_id": freed.resource_id.id,
                        "state": "held",
                        "expires_at": now,
                    }
                )
        except ExclusionViolation:
            return
        hold._record("held", {}, self.env._("Kept for the first on the waitlist"))
        self._look_soon()

    @contextmanager
    def _failing_alone(self, record):
        """Undo the body and go on when it fails: the fault of one record is told in the log, the others are served.

        A lost connection, or two who wait for each other crosswise, is nobody's fault and ends the transaction.
        """
        try:
            with self.env.cr.savepoint():
                yield
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _logger.exception("waitlist: %s %s failed, and is tried again", record._name, record.id)

    @api.model
    def _look_soon(self, at=None):
        """Let the cron go through the line; now, or at a moment (naive UTC)."""
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)  # sudo: customers cause it by what they do

    # ------------------------------------------------------------------
    # The steps of an entry
    # ------------------------------------------------------------------

    def _offer(self, hold):
        """Note what is offered to this entry; the cron tells the customer, and asks the next when the offer ends."""
        self._update_state("offered", {"reservation_id": hold.id})
        self._look_soon()
        self._look_soon(hold.expires_at)

    def _end_offer(self, outcome):
        """Note what became of what was offered to these entries: ``taken``, ``missed`` or ``left``."""
        self._update_state(outcome)
        if outcome == "missed":
            self._look_soon()
