from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.service_capacity import PAST_DAYS


class ServiceCapacityRefresh(models.TransientModel):
    _name = "service.capacity.refresh"
    _description = "Compute Past Available Hours Again"

    point_ids = fields.Many2many(
        "service.point",
        string="Service Points",
        required=True,
        default=lambda self: self.env["service.point"].search([]),
    )
    first_day = fields.Date(
        "From", required=True, default=lambda self: fields.Date.start_of(fields.Date.today(), "month")
    )
    last_day = fields.Date("Until", required=True, default=fields.Date.today)

    @api.constrains("first_day", "last_day")
    def _check_days(self):
        for wizard in self:
            if not 0 <= (wizard.last_day - wizard.first_day).days <= PAST_DAYS:
                raise ValidationError(
                    self.env._(
                        "Choose at most %(days)s days, the last one not before the first: %(first)s to %(last)s.",
                        days=PAST_DAYS,
                        first=wizard.first_day,
                        last=wizard.last_day,
                    )
                )

    def action_refresh(self):
        """Compute the days again with the calendars, leaves and offers as they are now."""
        self.ensure_one()
        self.point_ids._refresh_capacity(self.first_day, self.last_day)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
