"""Zones and days that are hard, strategies, and slow truths that the tests of ``schedlib`` compare with.

The truths look at a clock minute by minute and never call the code under test.
"""

import math
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from schedlib import Shift

MINUTE = 60
HOUR = 3600

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "America/New_York",
        "America/Havana",
        "America/Santiago",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Caracas",
        "Africa/Cairo",
        "Africa/Casablanca",
        "Asia/Amman",
        "Asia/Beirut",
        "Asia/Gaza",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Asia/Pyongyang",
        "Asia/Tehran",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Antarctica/Troll",
        "Europe/Dublin",
        "Europe/London",
        "Pacific/Apia",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Pacific/Fakaofo",
        "Pacific/Kiritimati",
        "Pacific/Kwajalein",
    )
]

# Where an overlap reaches back over midnight a local day is no single stretch of time, so what "open until 24:00" means
# there has its own tests and is left out where a truth needs stretches.
SPLIT_DAY_ZONES = {"America/St_Johns", "Asia/Gaza", "Asia/Amman", "Africa/Cairo", "America/Sao_Paulo"}
WHOLE_DAY_ZONES = [zone for zone in ZONES if zone.key not in SPLIT_DAY_ZONES]


def utc(*parts: int) -> int:
    """Return the stamp of a UTC date and time."""
    return int(datetime(*parts, tzinfo=UTC).timestamp())


def _noon_offset(day: date, zone: ZoneInfo) -> timedelta:
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset()


def changes_of(zone: ZoneInfo, year: int) -> list[date]:
    """Return the days of a year within one of a change of clocks."""
    first = date(year, 1, 2)
    found = []
    for number in range(363):
        day = first + timedelta(days=number)
        if _noon_offset(day, zone) != _noon_offset(day - timedelta(days=1), zone):
            found += [day - timedelta(days=1), day]
    return found


@st.composite
def zoned_days(draw, zones=None):
    """Draw a zone and a local day, mostly one on which its clocks change."""
    zone = draw(st.sampled_from(zones or ZONES))
    year = draw(st.integers(1975, 2037))
    changes = changes_of(zone, year)
    anywhere = st.dates(date(year, 1, 2), date(year, 12, 30))
    return zone, draw(st.one_of(st.sampled_from(changes), anywhere) if changes else anywhere)


def clock(zone: ZoneInfo, day: date, around: int = 1):
    """Return ``[(stamp, local naive datetime)]`` of every minute of a UTC day and some 26 hours to each side.

    Each more of ``around`` adds a day to each side.
    """
    noon = utc(day.year, day.month, day.day, 12)
    reach = 38 * HOUR + (around - 1) * 24 * HOUR
    return [
        (stamp, datetime.fromtimestamp(stamp, zone).replace(tzinfo=None, fold=0))
        for stamp in range(noon - reach, noon + reach, MINUTE)
    ]


def faces(minutes) -> dict[datetime, list[int]]:
    """Return ``{wall clock: stamps that show it}`` of a ``clock``."""
    shown = defaultdict(list)
    for stamp, wall in minutes:
        shown[wall].append(stamp)
    return shown


def spans_of(numbers) -> list[tuple[int, int]]:
    """Return a set of ints as sorted spans of consecutive ones."""
    spans = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number:
            spans[-1] = (spans[-1][0], number + 1)
        else:
            spans.append((number, number + 1))
    return spans


def numbers_of(spans) -> set[int]:
    """Return the ints that lie in spans."""
    return {number for start, stop in spans for number in range(start, stop)}


@st.composite
def shifts(draw):
    """Draw a weekly shift on the quarter hour; midnight and 24:00 often."""
    quarters = st.one_of(st.sampled_from([0, 1440]), st.integers(0, 96).map(lambda quarter: quarter * 15))
    start, stop = sorted((draw(quarters), draw(quarters)))
    return Shift(draw(st.integers(0, 6)), start, stop, draw(st.sampled_from([None, None, 0, 1])))


def _stretch(minutes, day, shift):
    midnight = datetime.combine(day, time())
    opens, closes = (midnight + timedelta(minutes=edge) for edge in (shift.start_minutes, shift.stop_minutes))
    shown = [stamp for stamp, wall in minutes if opens <= wall < closes]
    if not shown:
        return (0, 0)
    # closing time may be shown twice itself; the end of the day is no time of the day
    closings = [stamp for stamp, wall in minutes if wall == closes] if shift.stop_minutes < 1440 else []
    return shown[0], max([shown[-1] + MINUTE, *closings])


def stretches(minutes, some_days, some_shifts):
    """Return, for each day and shift on it, the span from the first to the last minute whose clock shows a time of it.

    A closing time that is shown twice closes the second time.

    ``minutes`` is a ``clock`` that reaches around all the days; a shift that never happens gives an empty span.
    """
    return [
        _stretch(minutes, day, shift)
        for day in some_days
        for shift in some_shifts
        if day.weekday() == shift.weekday
        and (shift.week is None or shift.week == int(math.floor((day.toordinal() - 1) / 7) % 2))
    ]


def most_runs(free: set[int], width: int) -> int:
    """Try every arrangement of disjoint runs of ``width`` lanes among the ``free`` ones, return the largest number."""
    best = 0
    for lane in free:
        if set(range(lane, lane + width)) <= free:
            best = max(best, 1 + most_runs({other for other in free if other >= lane + width}, width))
    return best
