from odoo import models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    _service_attending_idx = models.Index("(event_id, partner_id) WHERE state IS DISTINCT FROM 'declined'")

    def write(self, vals):
        """Override of ``calendar``: who declines a meeting has time again, who accepts it after all has none."""
        result = super().write(vals)
        if "state" in vals:
            self.event_id._review_promises()
        return result
