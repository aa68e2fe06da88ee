"""Working hours: weekly shifts on the wall clock, turned into spans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from .spans import Spans, normalise
from .zones import boundary, days


@dataclass(frozen=True)
class Shift:
    """One working time a week, on the wall clock: ``weekday`` 0 is Monday, minutes of the day 0..1440.

    ``week`` is None for every week, 0 or 1 for one of the two weeks of an alternating calendar (see ``week_type``).
    """

    weekday: int
    start_minutes: int
    stop_minutes: int
    week: int | None = None


def week_type(day: date) -> int:
    """Return which of two alternating weeks a day is in, 0 or 1: Odoo's ``resource.calendar.attendance.get_week_type``.

    >>> week_type(date(2026, 1, 4)), week_type(date(2026, 1, 5))
    (1, 0)
    """
    return (day.toordinal() - 1) // 7 % 2


def working_spans(shifts: Iterable[Shift], first_day: date, last_day: date, zone: ZoneInfo) -> Spans:
    """Return the spans of weekly shifts on the local days of ``zone``, from ``first_day`` to ``last_day`` inclusive.

    A boundary in a gap is the instant of the gap; in an overlap a shift starts with the earlier and stops with the
    later time. A stop at 1440 is the end of the day. Shifts that touch become one span; one that does
    not end after its start gives none.

    :raise ValueError: minutes of a shift are not within 0..1440
    """
    by_weekday = {weekday: [] for weekday in range(7)}
    for shift in shifts:
        # an overlap would make an hour of an empty shift
        if shift.start_minutes < shift.stop_minutes:
            by_weekday[shift.weekday].append(shift)
    return normalise(
        (boundary(day, shift.start_minutes, zone), boundary(day, shift.stop_minutes, zone, closing=True))
        for day in days(first_day, last_day)
        for shift in by_weekday[day.weekday()]
        if shift.week is None or shift.week == week_type(day)
    )
