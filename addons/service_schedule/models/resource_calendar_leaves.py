from odoo import models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "service.hours.mixin"]
    _hours_fields = frozenset(("resource_id", "calendar_id", "company_id", "date_from", "date_to", "time_type"))

    def _get_promises_domain(self):
        """Override of ``service.hours.mixin``: what lies in these leaves."""
        return Domain.OR(leave._get_covered_domain() for leave in self)

    def _get_covered_domain(self):
        """Return the domain of the reservations in one leave; without a resource it is a public holiday."""
        covered = Domain([("start", "<", self.date_to), ("stop", ">", self.date_from)])
        if self.resource_id:
            return covered & Domain("resource_id", "=", self.resource_id.id)
        if self.company_id:
            covered &= Domain("company_id", "=", self.company_id.id)
        return covered & self.calendar_id._get_promises_domain() if self.calendar_id else covered
