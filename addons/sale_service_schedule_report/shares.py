"""The arithmetic of capacity: pure Python on ``schedlib``'s spans, without Odoo, clock or database."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from odoo.addons.service_schedule.schedlib import covers, day_span

Span = tuple[int, int]


def split(spans: Iterable[Span], others: Sequence[Sequence[Span]]) -> Iterator[tuple[int, int, int]]:
    """Yield ``(start, stop, sharers)``: the parts of ``spans`` and how many have them, the owner included.

    :param others: the normalised spans of the others who may use the same time

    >>> list(split([(0, 10)], [[(4, 20)]]))
    [(0, 4, 1), (4, 10, 2)]
    """
    edges = sorted({edge for other in others for span in other for edge in span})
    for start, stop in spans:
        cuts = [start, *(edge for edge in edges if start < edge < stop), stop]
        for first, last in pairwise(cuts):
            yield first, last, 1 + sum(covers(other, first, last) for other in others)


def minutes_by_day(
    parts: Iterable[tuple[int, int, int]], days: Iterable[date], zone: ZoneInfo, lanes: int = 1
) -> list[float]:
    """Return the minutes of ``parts`` that lie on each local day, times ``lanes``, shared time divided.

    :param parts: what ``split`` yields: ascending and disjoint
    :param days: ascending local days of ``zone``

    >>> days = [date(2026, 10, 31), date(2026, 11, 1)]
    >>> midnight = day_span(days[0], ZoneInfo("America/New_York"))[0]
    >>> minutes_by_day([(midnight, midnight + 49 * 3600, 1)], days, ZoneInfo("America/New_York"))
    [1440.0, 1500.0]
    """
    parts = list(parts)
    minutes, first = [], 0
    for day in days:
        start, stop = day_span(day, zone)
        while first < len(parts) and parts[first][1] <= start:
            first += 1
        seconds, current = 0.0, first
        while current < len(parts) and parts[current][0] < stop:
            low, high, sharers = parts[current]
            seconds += (min(high, stop) - max(low, start)) / sharers
            current += 1
        minutes.append(seconds * lanes / 60)
    return minutes
