from itertools import pairwise

from odoo import api, models
from odoo.tools import format_date

from .. import timing
from ..schedlib import from_wall_text, local
from .service_reservation import stamp_of


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    def _get_zone(self):
        """Return the zone of the promise: what the shop's was when it was booked."""
        return timing.zone(self.tz)

    def _get_label(self):
        """Return the promise as it was made: "Thursday, October 15, 2026 at Afternoon (12:00-17:00)".

        That is the wall clock, also on the day on which the zone's rules changed and the UTC has not followed yet.
        """
        self.ensure_one()
        zone = self._get_zone()
        start, stop = (from_wall_text(text, zone) for text in (self.wall_start, self.wall_stop))
        return self._format_label(zone, start, self.window_id, stop)

    @api.model
    def _format_label(self, zone, start, window=None, stop=None):
        """Return a time (stamp) in the user's language and ``zone``; a window by its name and hours.

        :param stop: stamp; until when a window was promised, which its hours of today need not tell
        """
        moment = local(start, zone)
        if not window:
            time = timing.time_text(self.env, moment)
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
        return f"{text} {timing.time_text(self.env, moment)}" if with_time else text
