from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..clock import find_quiet, find_zone

NIGHT = (21.0, 8.0)
"""The quiet hours of those who have chosen none, for loud channels only."""


class ServiceNotificationQuiet(models.Model):
    """The quiet hours that a person has chosen. They hold for all channels; urgent events pass."""

    _name = "service.notification.quiet"
    _description = "Quiet Hours"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", "Person", required=True, ondelete="cascade")
    start_hour = fields.Float("From", required=True, help="Local hour of the person.")
    stop_hour = fields.Float(
        "Until", required=True, help="Local hour, on the next day if before the first. The same: no quiet hours."
    )

    _partner_uniq = models.Constraint("UNIQUE (partner_id)", "A person has one set of quiet hours.")

    def write(self, vals):
        """Override to keep whose it is: the rules ask whose it was, not whose it becomes."""
        if "partner_id" in vals and not self.env.su:
            raise AccessError(self.env._("You choose for yourself only."))
        return super().write(vals)

    @api.constrains("start_hour", "stop_hour")
    def _check_hours(self):
        if any(not 0 <= hour <= 24 for quiet in self for hour in (quiet.start_hour, quiet.stop_hour)):
            raise ValidationError(self.env._("Quiet hours are hours of the day, from 0:00 to 24:00."))

    @api.model
    def _read_hours(self, partners):
        """Return ``{partner id: (start hour, stop hour)}`` of those who have chosen; one query."""
        # sudo: whoever causes a message does not see when the other sleeps
        rows = self.sudo().search_fetch([("partner_id", "in", partners.ids)], ["partner_id", "start_hour", "stop_hour"])
        return {row.partner_id.id: (row.start_hour, row.stop_hour) for row in rows}

    @api.model
    def _choose(self, partner, start_hour, stop_hour):
        """Keep the quiet hours of a person. Callers check that he is the user."""
        # sudo: portal users write through their page only
        quiet = self.sudo().search([("partner_id", "=", partner.id)])
        values = {"start_hour": start_hour, "stop_hour": stop_hour}
        if quiet:
            quiet.write(values)
        else:
            quiet = self.sudo().create({"partner_id": partner.id, **values})
        return quiet

    @api.model
    def _find(self, moment, partner, channel, hours, zone_name):
        """Return the quiet hours ``(begin, end)``, naive UTC, that a moment lies in for a person, or None.

        :param dict hours: as ``_read_hours`` returns
        :param zone_name: for a person whose own zone is not known
        """
        chosen = hours.get(partner.id, NIGHT if channel.is_loud else None)
        return chosen and find_quiet(moment, find_zone(partner.tz, zone_name), *chosen)
