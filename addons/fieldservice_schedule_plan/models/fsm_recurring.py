from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local, local_day, moment_of, repeat_days, shift

LONGEST_SHIFT = timedelta(days=6)
HOLIDAY_RULES = [
    ("next", "On the next working day"),
    ("skip", "Leave it out"),
    ("keep", "Come all the same"),
]


class FsmRecurring(models.Model):
    """A visit plan: which days it finds, counted from its anchor in the clock of its site."""

    _inherit = "fsm.recurring"

    preference_site_id = fields.Many2one(
        "service.preference.site", "From Preferences", readonly=True, copy=False, index=True, ondelete="set null"
    )
    partner_id = fields.Many2one(
        related="location_id.owner_id.commercial_partner_id", string="Customer", store=True, index=True
    )
    holiday_rule = fields.Selection(HOLIDAY_RULES, "On Holidays", required=True, default="next")
    problem = fields.Char(readonly=True, copy=False, help="Why the last visits could not be made.")

    _preference_site_uniq = models.UniqueIndex(
        "(preference_site_id) WHERE preference_site_id IS NOT NULL", "This site has a plan of its preferences already."
    )

    @api.constrains("fsm_frequency_set_id")
    def _check_frequency_set(self):
        for rule in self.fsm_frequency_set_id.fsm_frequency_ids:
            if rule.interval < 1:
                raise ValidationError(self.env._("%(rule)s repeats every 0 times.", rule=rule.display_name))

    def _get_anchor(self):
        """Return ``(local day, minutes of the day)`` at which the plan begins, by the clock of its site."""
        self.ensure_one()
        moment = local(timing.to_stamp(self.start_date), self.location_id._get_zone())
        return moment.date(), moment.hour * 60 + moment.minute

    def _get_horizon(self, now):
        """Return the last local day up to which visits are made: the rules' days ahead, or the plan's end.

        :param int now: a stamp
        """
        zone = self.location_id._get_zone()
        last = local_day(now, zone) + timedelta(days=self.fsm_frequency_set_id.schedule_days)
        return min(last, local_day(timing.to_stamp(self.end_date), zone)) if self.end_date else last

    def _get_due(self, now, closed):
        """Return ``{due day: stamp at which the visit begins}`` from today to the horizon, ascending.

        The key is the day that the rules find and stays the same whatever becomes of the visit; a visit that a holiday
        moves keeps its key. What would have begun already today is left out.

        :param int now: a stamp
        :param closed: what ``res.company._get_closed_days`` returns for the plan's company
        """
        self.ensure_one()
        if self.state != "progress" or not self.fsm_frequency_set_id or not self.start_date:
            return {}
        zone = self.location_id._get_zone()
        anchor, minutes = self._get_anchor()
        # a holiday may move a visit of the days before into the days that we look at
        first = local_day(now, zone) - LONGEST_SHIFT
        found = repeat_days(self.fsm_frequency_set_id._get_repeats(), anchor, first, self._get_horizon(now))
        due = {day: moment_of(held_on, minutes, zone) for day, held_on in self._shift(found, *closed).items()}
        return {day: begin for day, begin in due.items() if begin > now}

    def _shift(self, found, holidays, idle):
        """Return ``{due day: day on which it takes place}`` as the plan's rule for holidays says."""
        if self.holiday_rule == "keep":
            return {day: day for day in found}
        off = holidays.intersection(found)
        if self.holiday_rule == "skip":
            return {day: day for day in found if day not in off}
        # a customer may choose Saturdays, but nothing is moved to a day on which nobody works
        return shift(found, (holidays | idle).difference(set(found) - off), LONGEST_SHIFT.days)
