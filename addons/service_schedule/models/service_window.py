from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_duration

from .resource_calendar import hours_to_minutes


class ServiceWindow(models.Model):
    _name = "service.window"
    _description = "Service Window"
    _order = "point_id, hour_from, hour_to, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="What other systems call the window, for example MORNING. Unique at the service point.",
    )
    active = fields.Boolean(default=True)
    point_id = fields.Many2one("service.point", "Service Point", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="point_id.company_id", store=True)
    hour_from = fields.Float("From", required=True, help="Wall clock of the service point, in hours.")
    hour_to = fields.Float("To", required=True, help="Wall clock of the service point, in hours; 24:00 is midnight.")

    _hours_order = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "A window starts at 0:00 or later, ends by 24:00, and starts before it ends.",
    )
    _code_uniq = models.Constraint("UNIQUE (point_id, code)", "Another window of this service point has that code.")

    @api.depends("name", "hour_from", "hour_to")
    def _compute_display_name(self):
        for window in self:
            window.display_name = f"{window.name} ({window._get_hours_label()})"

    def _get_hours_label(self):
        """Return the promise as people read it: "12:00-17:00"."""
        return f"{format_duration(self.hour_from)}-{format_duration(self.hour_to)}"

    def _format_promise(self, start, stop):
        """Return a promise of this window as it was made: "Afternoon (12:00-17:00)". Local datetimes."""
        until = "24:00" if stop.date() > start.date() else f"{stop:%H:%M}"
        return f"{self.name} ({start:%H:%M}-{until})"

    def _get_minutes(self):
        """Return ``(start, stop)`` in minutes of the day."""
        return hours_to_minutes(self.hour_from), hours_to_minutes(self.hour_to)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        """A window that was promised to somebody stays, so that his order can say what it was."""
        # sudo: a reservation that the user does not see counts as well
        booked = (
            self.env["service.reservation.change"]
            .sudo()
            .search(["|", ("from_window_id", "in", self.ids), ("to_window_id", "in", self.ids)])
        )
        windows = self & (booked.from_window_id | booked.to_window_id)
        if windows:
            raise UserError(
                self.env._(
                    "%(windows)s: has been booked, so it cannot be deleted. Switch it off instead.",
                    windows=", ".join(windows.mapped("display_name")),
                )
            )
