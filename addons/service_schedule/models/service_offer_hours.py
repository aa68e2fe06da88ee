from odoo import models
from odoo.fields import Domain


class ServiceOffer(models.Model):
    _name = "service.offer"
    _inherit = ["service.offer", "service.hours.mixin"]
    _hours_fields = frozenset(("resource_ids",))

    def _get_promises_domain(self):
        """Override of ``service.hours.mixin``: what was booked of these offers."""
        return Domain("offer_id", "in", self.ids)
