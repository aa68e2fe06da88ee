"""Where local time and stamps meet: every rule about zones, gaps and overlaps is here.

A *gap* is the hour that a spring change skips, an *overlap* the hour that an autumn change shows twice.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY_MINUTES = 24 * 60
DAY_SECONDS = DAY_MINUTES * 60


def stamp(instant: datetime) -> int:
    """Return the seconds since the epoch of an aware datetime, parts of a second cut off.

    :raise ValueError: ``instant`` is naive

    >>> stamp(datetime(2026, 10, 15, 12, tzinfo=UTC))
    1792065600
    """
    if instant.utcoffset() is None:
        raise ValueError(f"naive datetime {instant!r}")
    return (instant - EPOCH) // SECOND


def instant(stamp: int) -> datetime:
    """Return the instant (aware UTC) of a stamp.

    >>> instant(1792065600)
    datetime.datetime(2026, 10, 15, 12, 0, tzinfo=datetime.timezone.utc)
    """
    return datetime.fromtimestamp(stamp, UTC)


def local(stamp: int, zone: ZoneInfo) -> datetime:
    """Return what clocks in ``zone`` show at a stamp, as an aware datetime."""
    return datetime.fromtimestamp(stamp, zone)


def local_day(stamp: int, zone: ZoneInfo) -> date:
    """Return the date that calendars in ``zone`` show at a stamp."""
    return local(stamp, zone).date()


def days(first: date, last: date) -> list[date]:
    """Return the days from ``first`` to ``last``, both included; none when ``last`` is earlier.

    >>> len(days(date(2026, 2, 1), date(2026, 2, 28)))
    28
    """
    return [date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1)]


def instants(day: date, minutes: int, zone: ZoneInfo) -> tuple[int, ...]:
    """Return the stamps at which clocks in ``zone`` show ``minutes`` of the local ``day``.

    :return: one stamp; none in a gap (also on a day that the zone skips); two in an overlap, the earlier first
    :raise ValueError: ``minutes`` is not within 0..1440

    >>> york = ZoneInfo("America/New_York")
    >>> [len(instants(day, 150, york)) for day in (date(2026, 3, 8), date(2026, 3, 9))]
    [0, 1]
    >>> instants(date(2026, 11, 1), 90, york)
    (1793511000, 1793514600)
    """
    midnight = regular_midnight(day, zone)
    if midnight is not None and 0 <= minutes < DAY_MINUTES:
        return (midnight + minutes * 60,)
    return _showing(_wall(day, minutes), zone)


def boundary(day: date, minutes: int, zone: ZoneInfo, closing: bool = False) -> int:
    """Return the stamp at which something local opens or, with ``closing``, closes.

    In a gap that is the instant of the gap; in an overlap the earlier time opens and the later one closes. Minute 1440
    is the end of the day, which is the first stamp of the next one.

    :raise ValueError: ``minutes`` is not within 0..1440
    """
    midnight = regular_midnight(day, zone)
    if midnight is not None and 0 <= minutes <= DAY_MINUTES:
        return midnight + minutes * 60
    if minutes == DAY_MINUTES:
        return day_span(day, zone)[1]
    wall = _wall(day, minutes)
    stamps = _showing(wall, zone)
    return stamps[-1 if closing else 0] if stamps else _gap(wall, zone)


def day_span(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return the span from the first stamp of a local day to the first stamp of the next one.

    It lasts 23, 24 or 25 hours, no time at all for a day that the zone skips. Where midnight falls into a gap the day
    starts with the gap.

    >>> start, stop = day_span(date(2026, 3, 8), ZoneInfo("America/New_York"))
    >>> (stop - start) // 3600
    23
    >>> start, stop = day_span(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
    >>> stop - start
    0
    """
    midnight = regular_midnight(day, zone)
    if midnight is not None:
        return midnight, midnight + DAY_SECONDS
    return _first_stamp(day, zone), _first_stamp(day + timedelta(days=1), zone)


@lru_cache(maxsize=8192)
def regular_midnight(day: date, zone: ZoneInfo) -> int | None:
    """Return the stamp of local midnight if the day is regular, None if clocks change on it.

    On a regular day minute ``m`` is simply midnight plus ``60 * m`` seconds, for m from 0 to 1440. Remembered, since
    zones never change and every resource asks for the same days.
    """
    first = _showing(datetime.combine(day, time()), zone)
    next_one = _showing(datetime.combine(day + timedelta(days=1), time()), zone)
    # one midnight at either end: an overlap across midnight shows a part of the day again after it has ended
    is_regular = len(first) == len(next_one) == 1 and next_one[0] - first[0] == DAY_SECONDS
    return first[0] if is_regular else None


def wall_text(stamp: int, zone: ZoneInfo) -> str:
    """Return the wall clock of a stamp in ISO 8601 with its offset.

    >>> wall_text(1792080000, ZoneInfo("America/New_York"))
    '2026-10-15T12:00:00-04:00'
    """
    return local(stamp, zone).isoformat()


def from_wall_text(text: str, zone: ZoneInfo) -> int:
    """Return the stamp of a wall clock time as ``wall_text`` wrote it, under the rules that ``zone`` has today.

    The wall clock is the promise: the offset in the text only tells apart the two times of an overlap. If it matches
    neither, or is missing, the earlier one counts. A time that has come to lie in a gap moves forward by the gap.

    :raise ValueError: the text is not ISO 8601

    >>> york = ZoneInfo("America/New_York")
    >>> from_wall_text("2026-10-15T12:00:00-04:00", york) == from_wall_text("2026-10-15T12:00:00-05:00", york)
    True
    """
    written = datetime.fromisoformat(text)
    wall = written.replace(tzinfo=None)
    stamps = _showing(wall, zone)
    for candidate in stamps:
        if local(candidate, zone).utcoffset() == written.utcoffset():
            return candidate
    return stamps[0] if stamps else _read(wall, zone, fold=0)


def _wall(day: date, minutes: int) -> datetime:
    """Return the naive local datetime of ``minutes`` of a day."""
    if not 0 <= minutes <= DAY_MINUTES:
        raise ValueError(f"minutes of the day {minutes!r}")
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def _read(wall: datetime, zone: ZoneInfo, fold: int) -> int:
    """Return the stamp that PEP 495 gives a naive local datetime, with the offset before (0) or after (1) a change."""
    return stamp(wall.replace(tzinfo=zone, fold=fold))


def _showing(wall: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """Return the stamps at which clocks show a naive local datetime (whole seconds), ascending."""
    stamps = {_read(wall, zone, fold) for fold in (0, 1)}
    return tuple(sorted(one for one in stamps if local(one, zone).replace(tzinfo=None, fold=0) == wall))


def _gap(wall: datetime, zone: ZoneInfo) -> int:
    """Return the instant of the gap that a naive local datetime lies in: the first stamp after it."""
    # the old offset reads a time after the gap, the new one a time before it
    after, before = _read(wall, zone, fold=0), _read(wall, zone, fold=1)
    offset = local(after, zone).utcoffset()
    while after - before > 1:
        middle = (after + before) // 2
        if local(middle, zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _first_stamp(day: date, zone: ZoneInfo) -> int:
    """Return the first stamp of a local day, or of the next one that exists."""
    midnight = datetime.combine(day, time())
    stamps = _showing(midnight, zone)
    return stamps[0] if stamps else _gap(midnight, zone)
