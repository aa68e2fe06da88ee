from odoo import fields, models

PREFERENCE = "has_service_events"


class ResUsers(models.Model):
    _inherit = "res.users"

    has_service_events = fields.Boolean(
        "My Appointments in My Odoo Calendar",
        default=True,
        help="What you serve stands in your calendar, and in Google's or Outlook's when you have connected it.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        """Override of ``base``: a preference of one's own."""
        return [*super().SELF_READABLE_FIELDS, PREFERENCE]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Override of ``base``: a preference of one's own."""
        return [*super().SELF_WRITEABLE_FIELDS, PREFERENCE]

    def write(self, vals):
        """Override of ``base`` to put what is coming into the calendar, or take it out."""
        result = super().write(vals)
        if PREFERENCE in vals:
            self.env["service.reservation"]._sync_events_before_commit()
        return result
