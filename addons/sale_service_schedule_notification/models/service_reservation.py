from odoo import models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import from_wall_text, local


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    def _get_time_label(self):
        """Return the time of the promise without its day: "3:00 PM", or the name of its window."""
        self.ensure_one()
        if self.window_id:
            return self.window_id.name
        zone = self._get_zone()
        return timing.time_text(self.env, local(from_wall_text(self.wall_start, zone), zone))
