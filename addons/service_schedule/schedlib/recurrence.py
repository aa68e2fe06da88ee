"""The days of what repeats: rules count from an anchor day, so moving one visit moves no other.

The rules are those of RFC 5545 as ``dateutil.rrule`` knows them, on local days: a visit on Mondays at nine stays on
Mondays at nine in every zone and across clock changes.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, rruleset

from .zones import boundary, instants

FREQUENCIES = {"daily": DAILY, "weekly": WEEKLY, "monthly": MONTHLY, "yearly": YEARLY}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Repeat:
    """One rule: each ``interval`` weeks (months, …) on some days; with ``is_exclusive`` never on those.

    Weekdays count from Monday, 0; months from 1; days of the month from 1, from the end when negative. ``positions``
    choose among the days that a rule finds in one period: 1 the first, -1 the last. A month without a 31st has no visit
    on a 31st.
    """

    frequency: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    is_exclusive: bool = False


def repeat_days(repeats: Iterable[Repeat], anchor: date, first: date, last: date) -> list[date]:
    """Return the days from ``first`` to ``last``, both included, on which something that began at ``anchor`` is due.

    :raise ValueError: an interval below 1, or a frequency that is none of ``FREQUENCIES``

    >>> mondays = Repeat("weekly", 2, weekdays=(0,))
    >>> [str(day) for day in repeat_days([mondays], date(2026, 1, 5), date(2026, 3, 1), date(2026, 3, 31))]
    ['2026-03-02', '2026-03-16', '2026-03-30']
    """
    if last < max(first, anchor):
        return []
    rules = rruleset()
    for repeat in repeats:
        add = rules.exrule if repeat.is_exclusive else rules.rrule
        add(_rule(repeat, anchor, last))
    found = rules.between(_midnight(max(first, anchor)), _midnight(last), inc=True)
    return [moment.date() for moment in found]


def moment_of(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Return the stamp at which a visit of a local day begins, whatever clocks do on that day.

    In an overlap it is the earlier one; in a gap the visit begins when the gap is over: no visit is ever lost to it.

    :raise ValueError: ``minutes`` is not within 0..1439
    """
    stamps = instants(day, minutes, zone)
    return stamps[0] if stamps else boundary(day, minutes, zone)


def shift(days: Iterable[date], closed: Collection[date], limit: int = 6) -> dict[date, date]:
    """Return ``{due day: day on which it takes place}``: from a closed day to the next open one.

    None of the days leaves its place in the row: what would come on or after the next due day, or more than ``limit``
    days late, is left out, as a visit that does not take place.

    :param days: ascending

    >>> week = [date(2026, 12, 25), date(2027, 1, 1)]
    >>> shift(week, {date(2026, 12, 25), date(2026, 12, 26)})[week[0]]
    datetime.date(2026, 12, 27)
    """
    placed = {}
    for due, following in pairwise([*days, date.max]):
        latest = min(following - DAY, due + timedelta(days=limit))
        day = due
        while day <= latest and day in closed:
            day += DAY
        if day <= latest:
            placed[due] = day
    return placed


def _rule(repeat: Repeat, anchor: date, last: date) -> rrule:
    """Return the rule for ``dateutil``, from the anchor's midnight to the last day's."""
    if repeat.interval < 1 or repeat.frequency not in FREQUENCIES:
        raise ValueError(f"no rule: {repeat!r}")
    return rrule(
        FREQUENCIES[repeat.frequency],
        interval=repeat.interval,
        dtstart=_midnight(anchor),
        until=_midnight(last),
        wkst=0,
        byweekday=repeat.weekdays or None,
        bymonth=repeat.months or None,
        bymonthday=repeat.month_days or None,
        bysetpos=repeat.positions or None,
    )


def _midnight(day: date) -> datetime:
    """Return the naive midnight by which ``dateutil`` knows a day."""
    return datetime.combine(day, time())
