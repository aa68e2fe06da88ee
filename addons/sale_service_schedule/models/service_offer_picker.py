from calendar import Calendar
from datetime import date, timedelta

from babel.dates import get_day_names
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.models.service_reservation import NOW
from odoo.addons.service_schedule.models.service_reservation_hold import GONE
from odoo.addons.service_schedule.schedlib import Reason, local_day

FURTHEST_DAYS = 365
"""How far a customer can turn the pages when the offer has no horizon."""


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    def _get_portal_picker(self, *, day=None, month=None, choice="", lanes=1, resources=None, ignore=None):
        """Return one month of the date picker and the times of one day, as the portal's template shows them.

        :param date day: the day whose times are wanted without a ``choice``; None is the first free one
        :param date month: any day of the month to show; None is the month of ``day``, else the first with a free day
        :param str choice: the time that is chosen now, see ``parse_choice``
        :param resources: only times of these; None is anyone's
        :param ignore: the reservation that is to move
        :return: ``{tz, month, month_label, previous, next, weekdays, weeks, day, day_label, windows, times, choice,
            problem}``; days are ISO dates, ``previous`` and ``next`` are "2026-11" or False
        """
        self.ensure_one()
        day = self._get_choice_day(choice) or day
        first, slots = self._find_month(month or day, lanes, resources, ignore)
        if (not day or month) and slots:
            day = date.fromisoformat(next(iter(slots)))
        of_day = slots.get(day.isoformat(), []) if day else []
        start, end = self._get_portal_months()
        return {
            "tz": self.point_id.tz,
            "month": f"{first:%Y-%m}",
            "month_label": format_date(self.env, first, date_format="LLLL y"),
            "previous": first > start and f"{first - relativedelta(months=1):%Y-%m}",
            "next": first < end and f"{first + relativedelta(months=1):%Y-%m}",
            "weekdays": self._get_weekday_names(),
            "weeks": self._get_picker_weeks(first, slots, day),
            "day": day.isoformat() if day else "",
            "day_label": format_date(self.env, day, date_format="full") if day else "",
            "windows": [self._describe_slot(slot) for slot in of_day if slot["kind"] == "window"],
            "times": [slot for slot in of_day if slot["kind"] == "time"],
            "choice": choice,
            "problem": "" if of_day else self._get_empty_text(day, slots),
        }

    def _get_portal_months(self):
        """Return the first days of the first and the last month that customers can look at."""
        today = self.point_id._get_today()
        last = today + timedelta(days=self.horizon_days or FURTHEST_DAYS)
        return today.replace(day=1), last.replace(day=1)

    def _find_month(self, wanted, lanes, resources, ignore):
        """Return ``(first day, slots by day)`` of the wanted month, else of the first month with anything free."""
        start, end = self._get_portal_months()
        first = min(max(wanted.replace(day=1), start), end) if wanted else start
        slots = self._get_month_slots(first, lanes, resources, ignore)
        while not wanted and not slots and first < end:
            first += relativedelta(months=1)
            slots = self._get_month_slots(first, lanes, resources, ignore)
        return (first if slots or wanted else start), slots

    def _get_month_slots(self, first, lanes, resources, ignore):
        """Return ``get_picker_days`` of the month that begins on ``first``."""
        last = first + relativedelta(months=1, days=-1)
        return self.get_picker_days(first, last, resources=resources, lanes=lanes, ignore=ignore)

    def _get_weekday_names(self):
        """Return ``[(short, full)]`` of the weekdays in the user's language, the first of its week first."""
        locale = babel_locale_parse(get_lang(self.env).code)
        short, full = get_day_names("abbreviated", locale=locale), get_day_names("wide", locale=locale)
        return [(short[day], full[day]) for day in self._get_calendar().iterweekdays()]

    def _get_calendar(self):
        """Return a ``Calendar`` whose weeks begin as in the user's language."""
        return Calendar(int(get_lang(self.env).week_start) - 1)

    def _get_picker_weeks(self, first, slots, chosen):
        """Return the month as weeks of days; None for days of other months."""
        return [
            [
                {
                    "iso": day.isoformat(),
                    "number": day.day,
                    "label": format_date(self.env, day, date_format="full"),
                    "is_free": day.isoformat() in slots,
                    "is_chosen": day == chosen,
                }
                if day.month == first.month
                else None
                for day in week
            ]
            for week in self._get_calendar().monthdatescalendar(first.year, first.month)
        ]

    def _describe_slot(self, slot):
        """Return a slot of the picker with its places as people read them."""
        places = slot["places"]
        text = self.env._("1 place left") if places == 1 else self.env._("%(count)s places left", count=places)
        return {**slot, "places_label": text}

    def _get_empty_text(self, day, slots):
        """Return why no time is shown."""
        if day and day < self.point_id._get_today():
            return self._get_reason_text(Reason.PAST)
        if slots and day:
            return self.env._(
                "Nothing is free on %(day)s. Choose another day.", day=format_date(self.env, day, date_format="full")
            )
        return self.env._("Nothing is free in this month.")

    def _get_choice_day(self, choice):
        """Return the local day of a choice, None when it cannot be read."""
        try:
            start, _window = self.parse_choice(choice)
        except NotBookable:
            return None
        return local_day(start, self.point_id._get_zone())

    def _get_choice_error(self, choice, day=None, *, lanes=1, ignore=None):
        """Return why a customer cannot have ``choice``, all reasons in one text, "" when he can.

        :param date day: the day that was chosen on the way
        """
        self.ensure_one()
        if not choice and day and day < self.point_id._get_today():
            return self._get_reason_text(Reason.PAST)
        if not choice:
            return self.env._("Choose a day, then one of its times.")
        try:
            start, window = self.parse_choice(choice)
        except NotBookable as error:
            return str(error)
        codes = self.get_reasons(start, window, lanes=lanes, ignore=ignore)
        return ". ".join(self._get_reason_text(code) for code in codes)

    def _get_choice_of(self, reservation):
        """Return the choice that means the time which ``reservation`` has, "" without one.

        Who wanted to be served at once and has not been confirmed still wants it at once.
        """
        if not reservation:
            return ""
        if reservation.is_now and reservation.state in ("held", *GONE):
            return NOW
        if not reservation.window_id:
            return f"time:{reservation.wall_start}"
        day = local_day(timing.to_stamp(reservation.start), self.point_id._get_zone())
        return f"window:{reservation.window_id.id}:{day.isoformat()}"
