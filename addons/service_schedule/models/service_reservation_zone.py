import logging

from psycopg2.errors import ExclusionViolation, SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain

from .. import timing
from ..schedlib import from_wall_text, wall_text
from ..sweeps import attempt, sweep
from .service_reservation import CLAIMING, stamp_of

_logger = logging.getLogger(__name__)


class ServiceReservation(models.Model):
    """The wall clock is the promise: when a zone's rules change, the UTC moves."""

    _inherit = "service.reservation"

    @api.model
    def _cron_keep_wall_clock(self):
        """Move coming reservations whose zone's rules changed, so that the promised wall clock stays.

        Rules change when the server's time zone database is updated. A reservation that would collide after the move
        keeps its UTC time and is marked for the staff.
        """
        crons = self.env["ir.cron"]
        waiting = self._find_shifted()
        crons._commit_progress(remaining=len(waiting))
        moved = True
        while moved:  # one that moves may make room for one that could not
            moved = self.browse()
            for reservation in waiting:
                outcome = attempt(reservation, lambda one: one._try_keep_wall_clock(), _logger)
                if outcome is None:
                    waiting -= reservation
                elif outcome:
                    moved += reservation
                    if not crons._commit_progress(1):
                        return
            waiting -= moved
        sweep(waiting, lambda one: one._report_lost_wall_clock(), _logger)

    @api.model
    def _find_shifted(self):
        """Return the coming reservations whose wall clock means another UTC time today, in the order to move them.

        Who moves earlier goes first from the front, who moves later from the back, so that neighbours make room.
        """
        coming = self.search(self._get_coming_domain())
        moves = [(reservation._get_shifted_start(), reservation) for reservation in coming]
        earlier = [reservation for start, reservation in moves if start and start <= reservation.start]
        later = [reservation for start, reservation in moves if start and start > reservation.start]
        return self.concat(*earlier, *reversed(later))

    @api.model
    def _get_coming_domain(self):
        """Return the domain of the claims whose time is not over."""
        return Domain("state", "in", CLAIMING) & Domain("stop", ">", fields.Datetime.now())

    def _get_shifted_start(self):
        """Return the UTC start that the wall clock means today, None when it has it, or when nobody can tell."""
        try:
            return self._get_wall_clock_values().get("start")
        except (KeyError, ValueError):  # a zone that is no more, a text that is no time
            _logger.exception("%s: its wall clock cannot be read", self)
            return None

    def _get_wall_clock_values(self):
        """Return the values of the UTC times that the wall clock means today; {} when it has them.

        A wall clock that has come to lie in a gap is read as the time after the gap, and is written so.
        A time of the customer's own lasts as long as before; a window ends when its end was promised.
        """
        self.ensure_one()
        zone = self._get_zone()
        start, old_start, old_stop = from_wall_text(self.wall_start, zone), stamp_of(self.start), stamp_of(self.stop)
        stop = from_wall_text(self.wall_stop, zone) if self.window_id else start
        if stop <= start:  # also a window that a new gap has swallowed
            stop = start + old_stop - old_start
        texts = wall_text(start, zone), wall_text(stop, zone)
        if (start, stop, *texts) == (old_start, old_stop, self.wall_start, self.wall_stop):
            return {}
        return {
            "start": timing.to_field(start),
            "stop": timing.to_field(stop),
            "blocked_start": self.blocked_start + (timing.to_field(start) - self.start),
            "blocked_stop": self.blocked_stop + (timing.to_field(stop) - self.stop),
            "wall_start": texts[0],
            "wall_stop": texts[1],
        }

    def _try_keep_wall_clock(self):
        """Call ``_keep_wall_clock``; False when the place is taken then, or somebody else changes it at this moment."""
        try:
            with self.env.cr.savepoint():
                return bool(self.try_lock_for_update()) and self._keep_wall_clock()
        except (ExclusionViolation, SerializationFailure):
            return False

    def _keep_wall_clock(self):
        """Set the UTC times that the wall clock means today; True when they moved.

        :raise ExclusionViolation: the place is taken then
        """
        self.ensure_one()
        values = self._get_wall_clock_values()
        if not values:
            return False
        before = self._get_place()
        self._lock_time(self.resource_id, [stamp_of(self.start), stamp_of(values["start"])], self.offer_id)
        with self.env.cr.savepoint():
            self._expire_at({**values, "resource_id": self.resource_id.id, "lane": self.lane, "lanes": self.lanes})
            self.write({**values, "revision": self.revision + 1})  # the calendars of others have the old UTC
        self._record("zone", before, self.env._("The rules of the time zone changed; the wall clock stays."))
        if self.trouble == "place":
            self._review()
        return True

    def _report_lost_wall_clock(self):
        """Tell the staff that this reservation cannot have the time that was promised.

        A hold is not worth their time: if it is confirmed, the next run finds it again.
        """
        if self.state == "confirmed" and self._get_wall_clock_values():
            _logger.warning("reservation %s cannot keep its wall clock: the time is taken", self.public_id)
            self._set_trouble(
                "place",
                self.env._("The rules of the time zone changed, and at the promised time the place is taken."),
            )
