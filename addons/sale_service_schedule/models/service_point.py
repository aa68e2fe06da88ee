from odoo import models
from odoo.fields import Domain


class ServicePoint(models.Model):
    _inherit = "service.point"

    def _get_domain_of_day(self, day):
        """Return the domain of the orders that are scheduled on one local day of this service point."""
        start, stop = self._get_day_bounds(day)
        return (
            Domain("service_point_id", "=", self.id)
            & Domain("scheduled_start", ">=", start)
            & Domain("scheduled_start", "<", stop)
        )
