"""The candidate slots: starts and stops that could be offered, before anybody asks whether they are free."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from .spans import Spans
from .zones import DAY_MINUTES, DAY_SECONDS, boundary, instants, regular_midnight


@dataclass(frozen=True)
class Grid:
    """Candidate slots ``[starts[i], stops[i])``: stamps, both tuples ascending and of one length.

    ``key`` is the window's id, None for times that the customer chooses.
    """

    starts: tuple[int, ...]
    stops: tuple[int, ...]
    key: int | None = None

    def __post_init__(self):
        if len(self.starts) != len(self.stops):
            raise ValueError(f"{len(self.starts)} starts and {len(self.stops)} stops")

    def __len__(self) -> int:
        """Return how many candidates there are."""
        return len(self.starts)

    def slices_within(self, spans: Spans) -> Iterator[tuple[int, int]]:
        """Yield half-open index ranges, one for each span that wholly holds candidates, ascending."""
        for start, stop in spans:
            first, last = bisect_left(self.starts, start), bisect_right(self.stops, stop)
            if first < last:
                yield first, last

    def within(self, spans: Spans) -> "Grid":
        """Return the candidates that lie wholly within one of the normalised ``spans``."""
        starts: list[int] = []
        stops: list[int] = []
        for first, last in self.slices_within(spans):
            starts += self.starts[first:last]
            stops += self.stops[first:last]
        return Grid(tuple(starts), tuple(stops), self.key)

    def starting(self, from_stamp: int, until_stamp: int) -> "Grid":
        """Return the candidates with ``from_stamp <= start < until_stamp``."""
        first, last = bisect_left(self.starts, from_stamp), bisect_left(self.starts, until_stamp)
        return Grid(self.starts[first:last], self.stops[first:last], self.key)


def time_grid(days: Iterable[date], zone: ZoneInfo, step_minutes: int, duration_minutes: int) -> Grid:
    """Return the times that a customer may choose on local days, ascending.

    They start on the wall clock of ``zone`` at multiples of ``step_minutes`` from local midnight: none in a gap, both
    in an overlap. They last ``duration_minutes`` of elapsed time.

    :raise ValueError: a step or duration that is not positive

    >>> grid = time_grid([date(2026, 3, 8)], ZoneInfo("America/New_York"), 60, 30)
    >>> len(grid), grid.stops[0] - grid.starts[0], grid.key
    (23, 1800, None)
    """
    if step_minutes < 1 or duration_minutes < 1:
        raise ValueError(f"step of {step_minutes!r} and duration of {duration_minutes!r} minutes")
    starts: list[int] = []
    for day in days:
        midnight = regular_midnight(day, zone)
        if midnight is not None:
            starts += range(midnight, midnight + DAY_SECONDS, step_minutes * 60)
        else:
            starts += [
                start for minutes in range(0, DAY_MINUTES, step_minutes) for start in instants(day, minutes, zone)
            ]
    starts.sort()
    return Grid(tuple(starts), tuple(start + duration_minutes * 60 for start in starts))


def window_grid(
    days: Iterable[date],
    zone: ZoneInfo,
    start_minutes: int,
    stop_minutes: int,
    key: int | None,
    weekdays: frozenset[int] | None = None,
) -> Grid:
    """Return one window on local days of ``zone``, from ``start_minutes`` to ``stop_minutes`` on the wall clock.

    It is not offered on a day on which its start or end does not exist; with an overlap it lasts from the earlier
    start to the later end. An end of 1440 is the end of the day, which always exists. A window that does not end after
    its start is never offered.

    :param key: the window's id
    :param weekdays: 0 is Monday; None is every day
    :raise ValueError: minutes not within 0..1440

    >>> grid = window_grid([date(2026, 11, 1)], ZoneInfo("America/New_York"), 0, 8 * 60, 7)
    >>> (grid.stops[0] - grid.starts[0]) // 3600
    9
    """
    if not (0 <= start_minutes <= DAY_MINUTES and 0 <= stop_minutes <= DAY_MINUTES):
        raise ValueError(f"window from minute {start_minutes!r} to {stop_minutes!r}")
    spans = sorted(
        span
        for day in days
        if weekdays is None or day.weekday() in weekdays
        if start_minutes < stop_minutes and (span := _window(day, zone, start_minutes, stop_minutes))
    )
    return Grid(tuple(start for start, _stop in spans), tuple(stop for _start, stop in spans), key)


def _window(day: date, zone: ZoneInfo, start_minutes: int, stop_minutes: int) -> tuple[int, int] | None:
    """Return the span of a window on a day, None when its start or end does not exist."""
    starts = instants(day, start_minutes, zone)
    if stop_minutes == DAY_MINUTES:
        stops = (boundary(day, DAY_MINUTES, zone, closing=True),)
    else:
        stops = instants(day, stop_minutes, zone)
    return (starts[0], stops[-1]) if starts and stops else None
