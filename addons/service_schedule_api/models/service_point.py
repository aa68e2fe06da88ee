from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain


class ServicePoint(models.Model):
    _inherit = "service.point"

    @api.model
    def _get_api_points(self):
        """Return the service points that the user may know of: where a customer can order, else what the rules show."""
        if self.env.user.share:
            # sudo: the form decides itself what a customer may use
            return self.env["service.order.form"].sudo()._get_points()
        return self.search([])

    def _get_api_day_domain(self, first=None, last=None):
        """Return the domain of what is scheduled on days of these service points' own calendars, inclusive.

        :param date first: None is the beginning of time, as ``last`` is its end
        """
        parts = [Domain.FALSE]
        for point in self:
            part = Domain("service_point_id", "=", point.id)
            if first:
                part &= Domain("scheduled_start", ">=", point._get_day_bounds(first)[0])
            if last:
                part &= Domain("scheduled_start", "<", point._get_day_bounds(last + timedelta(days=1))[0])
            parts.append(part)
        return Domain.OR(parts)
