import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.models.service_offer import LONGEST_SPAN_DAYS
from odoo.addons.service_schedule.schedlib import local_day, stamp

from .service_waitlist_line import BUSY, OFFERED, UNFIT

_logger = logging.getLogger(__name__)

BATCH = 100
LONGEST_SPAN = timedelta(days=LONGEST_SPAN_DAYS)


class ServiceWaitlistEntry(models.Model):
    """The line moves by the cron: whatever else has become free, in the order of the line.

    A run looks at what can have changed: days that have passed, holds that are over, and those in line on days that
    have something free. What fails, fails alone.
    """

    _inherit = "service.waitlist.entry"

    _day_idx = models.Index("(day) WHERE state = 'waiting'")

    @api.model
    def _cron_offer_waiting(self):
        """Close what has passed, hand over what was held, offer what is free in the order of the line, tell them."""
        self._close_past()
        self._expire_awaited()
        self._offer_free()
        self._tell()

    @api.model
    def _close_past(self):
        """End the wait for days that have passed, by the clock of each service point."""
        # no clock is more than a day ahead of UTC: a day that has passed somewhere is this one or earlier
        past = self.search([("state", "=", "waiting"), ("day", "<=", fields.Datetime.now().date())])
        for point, entries in past.grouped("point_id").items():
            with self._failing_alone(point):
                today = point._get_today()
                entries.filtered(lambda entry, today=today: entry.day < today)._update_state("over")

    @api.model
    def _expire_awaited(self):
        """Expire the holds that are over and for which somebody waits: their time goes to the first in line."""
        count = 0
        for hold in self._find_awaited():
            # whom another transaction deals with he is not passed over: his time stays as it is until the next run
            with self._failing_alone(hold):
                line, _is_anybody_waiting = self._find_line(hold)
                if line[:1]._is_free_to_ask():
                    count += hold._try_expire()
            self.env["ir.cron"]._commit_progress()
        if count:
            _logger.info("%s holds expired that others wait for", count)

    @api.model
    def _find_awaited(self):
        """Return the holds that are over and for which somebody waits, the oldest first."""
        holds = self.env["service.reservation"]
        holds.flush_model(["state", "expires_at", "offer_id", "wall_start", "window_id", "resource_id", "lanes"])
        rows = self.env.execute_query(
            SQL(
                """SELECT r.id FROM service_reservation r
                    WHERE r.state = 'held' AND r.expires_at <= %s AND EXISTS (%s) ORDER BY r.expires_at, r.id""",
                fields.Datetime.now(),
                self._get_awaiting_sql("r"),
            )
        )
        return holds.browse([row[0] for row in rows])

    def _is_free_to_ask(self):
        """Return whether no other transaction deals with this entry; an entry that is none is free."""
        try:
            with self.env.cr.savepoint():
                return len(self.try_lock_for_update()) == len(self)
        except SerializationFailure:
            return True  # he waits no more: the next is the first

    # ------------------------------------------------------------------
    # What is free
    # ------------------------------------------------------------------

    @api.model
    def _offer_free(self):
        """Offer free time to those in line, first in first, and commit what has been done from time to time."""
        crons = self.env["ir.cron"]
        waiting = self._find_servable()
        crons._commit_progress(remaining=len(waiting))
        found, busy, count = {}, set(), 0
        for entry in waiting:
            outcome = entry._offer_next(found, busy)
            count += 1
            if outcome == OFFERED or count == BATCH:
                if not crons._commit_progress(count):
                    return
                count = 0
        crons._commit_progress(count)

    def _offer_next(self, found, busy):
        """Offer something to this entry, unless one before it in the same line must not be passed over.

        :param dict found: what availability answered in this run, by offer, day and places; emptied when it changes
        :param set busy: the lines, ``(offer id, day)``, whose first another transaction deals with; the next run asks
            them again
        """
        outcome = UNFIT
        with self._failing_alone(self):
            line = (self.offer_id.id, self.day)
            outcome = BUSY if line in busy else self._try_offer_any(found)
            if outcome == BUSY:
                busy.add(line)
        if outcome == OFFERED:
            found.clear()  # what it took may have been free for others as well
        return outcome

    @api.model
    def _find_servable(self):
        """Return those in line on days on which something is free, first in first. Full days cost one look a line."""
        domains = [Domain.FALSE]
        for offer, days in self._find_lines():
            with self._failing_alone(offer):
                zone, first = offer.point_id._get_zone(), min(days)
                last = min(max(days), first + LONGEST_SPAN)
                free = {local_day(slot.start, zone) for slot in offer.get_availability(first, last)}
                domains.append(Domain("offer_id", "=", offer.id) & Domain("day", "in", sorted(free & days)))
        return self.search(Domain("state", "=", "waiting") & Domain.OR(domains), order="id")

    @api.model
    def _find_lines(self):
        """Return ``[(offer, {days})]`` for which somebody waits and may be offered something.

        Reads the index from one line to the next, not from one entry to the next.
        """
        self.flush_model(["offer_id", "day", "state"])
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE line AS (
                       (SELECT offer_id, day FROM service_waitlist_entry WHERE state = 'waiting'
                         ORDER BY offer_id, day LIMIT 1)
                       UNION ALL
                       SELECT after.offer_id, after.day FROM line, LATERAL (
                           SELECT w.offer_id, w.day FROM service_waitlist_entry w
                            WHERE w.state = 'waiting' AND (w.offer_id, w.day) > (line.offer_id, line.day)
                            ORDER BY w.offer_id, w.day LIMIT 1) after)
                   SELECT offer_id, array_agg(day) FROM line GROUP BY offer_id ORDER BY offer_id"""
            )
        )
        days = {offer_id: set(offer_days) for offer_id, offer_days in rows}
        offers = self.env["service.offer"].browse(days)
        return [
            (offer, days[offer.id]) for offer in offers if offer.active and offer.is_published and offer.has_waitlist
        ]

    def _try_offer_any(self, found):
        """Hold the first time of the day that fits this entry; return ``OFFERED``, ``UNFIT`` or ``BUSY``.

        :param dict found: as in ``_offer_next``
        """
        self.ensure_one()
        for slot in self._find_slots(found):
            try:
                with self.env.cr.savepoint():
                    if not self.try_lock_for_update():
                        return BUSY
                    if self.state != "waiting":
                        return UNFIT
                    self._offer_slot(slot)
                    return OFFERED
            except NotBookable:
                continue  # taken meanwhile
            except SerializationFailure:
                return UNFIT  # he waits no more
        return UNFIT

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
