import logging

from psycopg2.errors import ExclusionViolation, SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.schedlib import stamp

_logger = logging.getLogger(__name__)

CRON = "service_schedule_waitlist.ir_cron_offer_waiting"
CANDIDATES = 20
"""How many in line are looked at for one freed place: the first may be dealt with elsewhere at this moment."""


class ServiceWaitlistEntry(models.Model):
    """The line moves: freed time becomes a hold of the first who waits for it.

    At once, in the transaction that frees it, when it is just the place that somebody of the same offer waits for. All
    else that becomes free (other offers of the same resource, new places, leaves taken back) is found by the cron.

    Nobody waits for a lock on an entry, so whoever holds the lock of a day may look for the next in line.
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
                WHERE w.state = 'waiting' AND w.offer_id = %s AND w.day::text = left(%s, 10)
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
            if not any(entry._try_offer_place(reservation) for entry in line) and is_anybody_waiting:
                self._look_soon()  # others of the same resource or service point may have a use for it

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
        """Offer the place of a reservation that gave it up; False when this entry cannot have it.

        Whoever is dealt with elsewhere at this moment is passed over: he is being offered another time, or leaves.
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                return bool(self.try_lock_for_update()) and self.state == "waiting" and self._offer_place(freed)
        except (SerializationFailure, ExclusionViolation):
            return False

    def _offer_place(self, freed):
        """Insert the hold at just the freed place; every rule is asked again: the shop may be closed by now."""
        offer, start = self.offer_id, timing.to_stamp(freed.start)
        codes, stop, _supplies = offer._evaluate(start, freed.window_id, resources=freed.resource_id, lanes=self.lanes)
        until = offer._get_offer_end(start)
        if codes or stop != timing.to_stamp(freed.stop) or until <= stamp(timing.utc_now()):
            return False
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
        self._offer(hold)
        return True

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

    # ------------------------------------------------------------------
    # By the cron: whatever else has become free
    # ------------------------------------------------------------------

    @api.model
    def _cron_offer_waiting(self):
        """Close what has passed, hand over what was held, offer what is free in the order of the line, tell them."""
        crons = self.env["ir.cron"]
        self._close_past()
        self._expire_awaited()
        waiting = self.search([("state", "=", "waiting")])
        crons._commit_progress(remaining=len(waiting))
        found = {}
        for entry in waiting:
            if entry._try_offer_any(found):
                found.clear()  # what it took may have been free for others as well
            if not crons._commit_progress(1):
                return
        self._tell()

    @api.model
    def _close_past(self):
        """End the wait for days that have passed, by the clock of each service point."""
        for point, entries in self.search([("state", "=", "waiting")]).grouped("point_id").items():
            today = point._get_today()
            entries.filtered(lambda entry, today=today: entry.day < today)._update_state("over")

    @api.model
    def _expire_awaited(self):
        """Expire the holds that are over on days for which somebody waits: their time goes to the next in line."""
        waiting = self.search([("state", "=", "waiting")])
        holds = self.env["service.reservation"].search(
            Domain("state", "=", "held")
            & Domain("expires_at", "<=", fields.Datetime.now())
            & Domain("offer_id", "in", waiting.offer_id.ids),
            order="expires_at, id",
        )
        count = 0
        for hold in holds:
            count += hold._try_expire()
            self.env["ir.cron"]._commit_progress()
        if count:
            _logger.info("%s holds expired that others wait for", count)

    def _try_offer_any(self, found):
        """Hold the first time of the day that fits this entry; False when there is none.

        :param dict found: what availability answered in this run, by offer, day and places
        """
        self.ensure_one()
        for slot in self._find_slots(found):
            try:
                with self.env.cr.savepoint():
                    return bool(self.try_lock_for_update()) and self.state == "waiting" and self._offer_slot(slot)
            except NotBookable:
                continue  # taken meanwhile
            except SerializationFailure:
                return False  # he leaves, or is being offered another time
        return False

    def _find_slots(self, found):
        """Return the slots that fit this entry, the earliest first."""
        offer, key = self.offer_id, (self.offer_id, self.day, self.lanes)
        if not (offer.active and offer.is_published and offer.has_waitlist):
            return []
        if key not in found:
            found[key] = offer.get_availability(self.day, self.day, lanes=self.lanes)
        return [
            slot
            for slot in found[key]
            if (not self.window_id or slot.key == self.window_id.id)
            and (not self.resource_id or self.resource_id.id in slot.resource_ids)
            and offer._get_offer_end(slot.start) > stamp(timing.utc_now())
        ]

    def _offer_slot(self, slot):
        """Hold one slot for this entry."""
        offer = self.offer_id
        hold = self.env["service.reservation"]._hold(
            offer,
            offer._make_choice(slot),
            partner=self.partner_id,
            resources=self.resource_id or None,
            lanes=self.lanes,
            minutes=offer.waitlist_minutes,
        )
        until = timing.to_field(offer._get_offer_end(slot.start))
        hold.sudo().expires_at = min(hold.expires_at, until)  # sudo: as _hold
        self._offer(hold.sudo())
        return True
