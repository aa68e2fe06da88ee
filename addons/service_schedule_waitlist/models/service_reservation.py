from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.service_schedule import timing

OUTCOMES = {"confirmed": "taken", "released": "left", "expired": "missed"}
"""What becomes of an entry when the hold that was offered to it ends."""


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    waitlist_entry_ids = fields.One2many("service.waitlist.entry", "reservation_id", "Waitlist", readonly=True)

    @api.model
    def _get_stale_sql(self, alias, now=None):
        """Override of ``service_schedule``: a hold that is over is not free for others while somebody waits for it.

        It stays claimed until it is handed over, so that nobody jumps the queue.
        """
        awaited = self.env["service.waitlist.entry"]._get_awaiting_sql(alias, now)
        return SQL("%s AND NOT EXISTS (%s)", super()._get_stale_sql(alias, now), awaited)

    def _time_freed(self):
        """Override of ``service_schedule`` to hand the freed time to the first in line."""
        result = super()._time_freed()
        self.env["service.waitlist.entry"]._hand_over(self)
        return result

    def _announce(self, change):
        """Override of ``service_schedule``: the end of an offered hold is what becomes of the entry."""
        result = super()._announce(change)
        outcome = OUTCOMES.get(change.kind)
        if outcome:
            # sudo: whoever ends the hold need not have rights on the waitlist
            self.sudo().waitlist_entry_ids._end_offer(outcome)
        return result

    def _is_end_told(self):
        """Override of ``service_schedule``: who misses an offered time is told so as one who waits."""
        return super()._is_end_told() or bool(self.sudo().waitlist_entry_ids)  # sudo: only whether there are any

    def _get_expiry_label(self):
        """Return until when this is held, in the zone of the promise, "" when it is not."""
        self.ensure_one()
        if not self.expires_at:
            return ""
        return self._format_label(self._get_zone(), timing.to_stamp(self.expires_at))
