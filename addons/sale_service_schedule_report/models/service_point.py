import time
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.service_schedule import timing

STALE_AFTER = timedelta(hours=1)
PATIENCE_SECONDS = 3


class ServicePoint(models.Model):
    _inherit = "service.point"

    capacity_refreshed_at = fields.Datetime(
        "Available Hours Computed",
        readonly=True,
        copy=False,
        help="When the available hours of the reports were last computed.",
    )

    def _refresh_capacity(self, first_day=None, last_day=None, now=None):
        """Compute the available hours of these service points anew, as ``service.capacity._refresh``.

        One that somebody else is computing at this moment is left to him.
        """
        now = now or timing.utc_now()
        # sudo: whoever reads the report may have it computed; nothing but the truth about calendars is written
        for point_sudo in self.sudo():
            # bookings refer to the service point and must not wait meanwhile
            if point_sudo.try_lock_for_update(allow_referencing=True):
                self.env["service.capacity"]._refresh(point_sudo, first_day, last_day, now)
                point_sudo.capacity_refreshed_at = now.replace(tzinfo=None)

    @api.model
    def _search_stale(self, now=None):
        """Return the service points whose available hours are old, the oldest first; archived ones too."""
        limit = (now or timing.utc_now()).replace(tzinfo=None) - STALE_AFTER
        return self.with_context(active_test=False).search(
            ["|", ("capacity_refreshed_at", "=", False), ("capacity_refreshed_at", "<", limit)],
            order="capacity_refreshed_at NULLS FIRST, id",
        )

    @api.model
    def _refresh_stale_capacity(self):
        """Compute what is old, for a user who waits for it; what takes too long is left to the cron."""
        patience = time.monotonic() + PATIENCE_SECONDS
        for point in self._search_stale():
            if time.monotonic() > patience:
                # sudo: the cron does what this user may have done here and now
                self.env.ref("sale_service_schedule_report.ir_cron_refresh_capacity").sudo()._trigger()
                break
            point._refresh_capacity()

    @api.model
    def _cron_refresh_capacity(self):
        """Compute what is old, one service point a transaction; what time does not allow is done by the next call."""
        points = self._search_stale()
        self.env["ir.cron"]._commit_progress(remaining=len(points))
        for point in points:
            point._refresh_capacity()
            if not self.env["ir.cron"]._commit_progress(1):
                break
