from datetime import time

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list, format_time

from odoo.addons.service_schedule.models.resource_calendar import hours_to_minutes

FREQUENCIES = [
    ("weekly", "Every week"),
    ("two_weeks", "Every two weeks"),
    ("monthly", "Every month"),
    ("quarterly", "Every three months"),
]
DAY_MINUTES = 24 * 60
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
"""The fields of the weekdays, from Monday, named as ``fsm.frequency`` names them."""


class ServiceRhythm(models.AbstractModel):
    _name = "service.rhythm"
    _description = "How Often, and When"

    frequency = fields.Selection(FREQUENCIES, "How Often", required=True, default="weekly")
    mo = fields.Boolean("Monday", default=True)
    tu = fields.Boolean("Tuesday")
    we = fields.Boolean("Wednesday")
    th = fields.Boolean("Thursday")
    fr = fields.Boolean("Friday")
    sa = fields.Boolean("Saturday")
    su = fields.Boolean("Sunday")
    walk_time = fields.Float(
        "Time of Day", required=True, default=9, help="When a visit should begin, by the clock of the site."
    )
    rhythm_label = fields.Char("Rhythm", compute="_compute_rhythm_label")

    @api.depends("frequency", "walk_time", *WEEKDAYS)
    @api.depends_context("lang")
    def _compute_rhythm_label(self):
        for rhythm in self:
            rhythm.rhythm_label = self.env._(
                "%(days)s, at %(time)s", days=rhythm._format_days(), time=rhythm._format_walk_time()
            )

    @api.constrains("walk_time", *WEEKDAYS)
    def _check_rhythm(self):
        for rhythm in self:
            if not 0 <= rhythm._get_walk_minutes() < DAY_MINUTES:
                raise ValidationError(self.env._("The time of day lies between 0:00 and 23:59."))
            if not rhythm._get_weekdays():
                raise ValidationError(self.env._("Choose at least one day of the week."))

    def _get_weekdays(self):
        """Return the chosen days, ascending from Monday, 0."""
        return tuple(number for number, name in enumerate(WEEKDAYS) if self[name])

    def _get_walk_minutes(self):
        """Return the minute of the local day on which a visit should begin."""
        return hours_to_minutes(self.walk_time)

    def _format_days(self):
        """Return how often and on which days, in the user's language."""
        frequencies = dict(self._fields["frequency"]._description_selection(self.env))
        names = [self._fields[name]._description_string(self.env) for name in WEEKDAYS if self[name]]
        # a rhythm of months has one visit on any of the days, one of weeks has a visit on each
        style = "or" if self.frequency in ("monthly", "quarterly") else "standard"
        return f"{frequencies.get(self.frequency, '')}: {format_list(self.env, names, style)}"

    def _format_walk_time(self):
        """Return the time of day in the user's language."""
        return format_time(self.env, time(*divmod(self._get_walk_minutes() % DAY_MINUTES, 60)), time_format="short")

    def _get_rhythm_values(self):
        """Return what makes the rhythm, to be given to another one."""
        return {name: self[name] for name in ("frequency", "walk_time", *WEEKDAYS)}
