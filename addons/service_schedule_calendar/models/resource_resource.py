from odoo import models

from odoo.addons.service_schedule.models import resource_resource


class ResourceResource(models.Model):
    _inherit = "resource.resource"
    _hours_fields = resource_resource.ResourceResource._hours_fields | {"user_id"}

    def write(self, vals):
        """Override of ``service_schedule``: another user has another calendar, which is to show the appointments."""
        result = super().write(vals)
        if "user_id" in vals:
            self.env["service.reservation"]._sync_events_before_commit()
        return result
