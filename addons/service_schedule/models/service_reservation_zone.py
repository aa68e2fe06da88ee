import logging

from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models

from .. import timing
from ..schedlib import from_wall_text, wall_text
from .service_reservation import CLAIMING, stamp_of

_logger = logging.getLogger(__name__)


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    @api.model
    def _cron_keep_wall_clock(self):
        """Move coming reservations whose zone's rules changed, so that the promised wall clock stays.

        Rules change when the server's time zone database is updated. A reservation that would collide after the move
        stays, and is logged for the staff.
        """
        coming = self.search([("state", "in", CLAIMING), ("stop", ">", fields.Datetime.now())])
        for reservation in coming:
            try:
                reservation._keep_wall_clock()
            except ExclusionViolation:
                _logger.warning("reservation %s cannot keep its wall clock: the time is taken", reservation.public_id)

    def _keep_wall_clock(self):
        """Set the UTC times that the wall clock means today; True when they moved."""
        self.ensure_one()
        zone = timing.zone(self.tz)
        shift = from_wall_text(self.wall_start, zone) - stamp_of(self.start)
        if not shift:
            return False
        before = self._get_place()
        names = ("start", "stop", "blocked_start", "blocked_stop")
        values = {name: timing.to_field(stamp_of(self[name]) + shift) for name in names}
        self._lock_time(self.resource_id, [stamp_of(values["start"])], self.offer_id)
        with self.env.cr.savepoint():
            self.write(
                {
                    **values,
                    "wall_start": wall_text(stamp_of(values["start"]), zone),
                    "wall_stop": wall_text(stamp_of(values["stop"]), zone),
                }
            )
        self._record("zone", before, "")
        return True
