from datetime import timedelta

from odoo import fields, models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import Repeat, local_day, repeat_days, stamp

from .service_rhythm import WEEKDAYS

LOOK_AHEAD = timedelta(days=130)
"""Within it each rhythm has a visit: a quarter, and a month."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
RULES = {
    "weekly": {"interval_type": "weekly", "interval": 1},
    "two_weeks": {"interval_type": "weekly", "interval": 2},
    "monthly": {"interval_type": "monthly", "interval": 1, "use_setpos": True, "set_pos": 1},
    "quarterly": {"interval_type": "monthly", "interval": 3, "use_setpos": True, "set_pos": 1},
}
"""What the frequencies of customers' preferences mean as rules; monthly is the first of the chosen weekdays."""
DAYS_AHEAD = {"weekly": 28, "two_weeks": 28, "monthly": 62, "quarterly": 124}
"""How far ahead their visits are made: so that the next one is always known."""


class FsmFrequency(models.Model):
    _inherit = "fsm.frequency"

    def _get_repeat(self):
        """Return the rule as ``schedlib`` knows it: on local days, in no zone."""
        self.ensure_one()
        months = [number for number, name in enumerate(MONTHS, 1) if self[name]]
        weekdays = [number for number, name in enumerate(WEEKDAYS) if self[name]]
        return Repeat(
            self.interval_type,
            self.interval,
            weekdays=tuple(weekdays) if self.use_byweekday else (),
            months=tuple(months) if self.use_bymonth else (),
            month_days=(self.month_day,) if self.use_bymonthday else (),
            positions=(self.set_pos,) if self.use_setpos and self.set_pos else (),
            is_exclusive=self.is_exclusive,
        )


class FsmFrequencySet(models.Model):
    _inherit = "fsm.frequency.set"

    rhythm_code = fields.Char(
        readonly=True, copy=False, index="btree_not_null", help="Of which preferences the set was made."
    )

    def _get_repeats(self):
        """Return the rules as ``schedlib`` knows them."""
        return [rule._get_repeat() for rule in self.fsm_frequency_ids]

    def _find_or_create_for(self, rhythm):
        """Return the set for the frequency and the days of a ``service.rhythm``, the same for all customers alike.

        Two who look first at once make one each, which does no harm.
        """
        days = [name for name in WEEKDAYS if rhythm[name]]
        code = f"{rhythm.frequency}:{','.join(days)}"
        # sudo: who says how he wants to be served needs no right on rules
        sets = self.sudo().with_context(active_test=False)
        found = sets.search([("rhythm_code", "=", code)], limit=1)
        if found:
            return found
        name = rhythm._format_days()
        rule = (
            self.env["fsm.frequency"]
            .sudo()
            .create({"name": name, **RULES[rhythm.frequency], "use_byweekday": True, **dict.fromkeys(days, True)})
        )
        days_ahead = DAYS_AHEAD[rhythm.frequency]
        return sets.create(
            {"name": name, "rhythm_code": code, "schedule_days": days_ahead, "fsm_frequency_ids": rule.ids}
        )

    def _find_first_day(self, zone):
        """Return the first day from tomorrow on that the rules find, on the local clock of a zone.

        They count from tomorrow or from the first of the next month, whichever finds a day sooner: who chooses every
        three months when this month's day is past is visited next month, and not in three.
        """
        tomorrow = local_day(stamp(timing.utc_now()), zone) + timedelta(days=1)
        next_month = (tomorrow.replace(day=1) + timedelta(days=31)).replace(day=1)
        repeats = self._get_repeats()
        found = [repeat_days(repeats, begin, begin, begin + LOOK_AHEAD)[:1] for begin in (tomorrow, next_month)]
        return min((day for days in found for day in days), default=tomorrow)
