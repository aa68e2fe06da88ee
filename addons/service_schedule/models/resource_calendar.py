from odoo import models
from odoo.fields import Domain
from odoo.tools.float_utils import float_round

from ..schedlib import Shift


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "service.hours.mixin"]
    _hours_fields = frozenset(("flexible_hours", "two_weeks_calendar"))

    def _get_promises_domain(self):
        """Override of ``service.hours.mixin``: what is served by these hours."""
        return Domain("point_id.calendar_id", "in", self.ids) | Domain("resource_id.calendar_id", "in", self.ids)

    def _get_shifts(self):
        """Return ``{calendar id: [Shift] or None}`` for all calendars in one query.

        None is a calendar with flexible hours: it names no times, so it never closes. Hours are the wall clock of
        whoever works by the calendar. Lunch lines and section lines are no work.
        """
        shifts = {calendar.id: None if calendar.flexible_hours else [] for calendar in self}
        attendances = self.env["resource.calendar.attendance"].search_fetch(
            [("calendar_id", "in", self.ids), ("display_type", "=", False), ("day_period", "!=", "lunch")],
            ["calendar_id", "dayofweek", "hour_from", "hour_to", "week_type"],
        )
        for line in attendances:
            calendar = line.calendar_id
            if shifts[calendar.id] is not None:
                shifts[calendar.id].append(line._to_shift(calendar.two_weeks_calendar))
        return shifts


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "service.hours.mixin"]
    _hours_fields = frozenset(
        ("calendar_id", "dayofweek", "hour_from", "hour_to", "week_type", "day_period", "display_type")
    )

    def _get_promises_domain(self):
        """Override of ``service.hours.mixin``: what is served by the hours that these lines are part of."""
        return self.calendar_id._get_promises_domain()

    def _to_shift(self, two_weeks):
        """Return this line as a ``schedlib.Shift``; ``two_weeks`` says whether the calendar alternates."""
        week = int(self.week_type) if two_weeks and self.week_type else None
        return Shift(int(self.dayofweek), hours_to_minutes(self.hour_from), hours_to_minutes(self.hour_to), week)


def hours_to_minutes(hours):
    """Return a float of hours as whole minutes: 8.5 is 510, 24.0 is the next midnight, 1440.

    >>> hours_to_minutes(8.5), hours_to_minutes(24.0)
    (510, 1440)
    """
    return int(float_round(hours * 60, precision_digits=0))
