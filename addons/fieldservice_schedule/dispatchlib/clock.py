"""A technician's own clock, which runs only while he is on duty.

Driving pauses while he is off or taken, so on this clock it is plain addition; work does not pause, so a start too
short before a pause is simply not among the starts that ``starts`` returns. Until the first pause the clock
shows the caller's seconds.
"""

from bisect import bisect_left, bisect_right

from .model import Span


def merged(spans) -> list[Span]:
    """Return spans sorted and disjoint; those that touch become one, empty ones go.

    >>> merged([(5, 9), (1, 3), (3, 4), (7, 7)])
    [(1, 4), (5, 9)]
    """
    found: list[Span] = []
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def without(spans, holes) -> list[Span]:
    """Return merged ``spans`` less merged ``holes``.

    >>> without([(0, 10), (20, 30)], [(5, 25)])
    [(0, 5), (25, 30)]
    """
    left = []
    for start, stop in spans:
        for hole_start, hole_stop in holes:
            if hole_stop <= start or hole_start >= stop:
                continue
            if start < hole_start:
                left.append((start, hole_start))
            start = hole_stop
            if start >= stop:
                break
        if start < stop:
            left.append((start, stop))
    return left


class Clock:
    """Turn the caller's seconds into seconds on duty and back.

    >>> clock = Clock([(0, 100), (150, 300)])
    >>> clock.starts([(0, 200)], 30)
    ((0, 70), (100, 150))
    >>> clock.start(100), clock.stop(100), clock.stop(120)
    (150, 100, 170)
    """

    def __init__(self, spans: list[Span]):
        """Take the spans on duty: merged, maybe none."""
        self.spans = spans
        self.paused = []  # seconds of pause before each span
        self.begins = []  # of each span, on this clock
        self.ends = []
        paused, before = 0, spans[0][0] if spans else 0
        for start, stop in spans:
            paused += start - before
            before = stop
            self.paused.append(paused)
            self.begins.append(start - paused)
            self.ends.append(stop - paused)
        self.opens = self.begins[0] if spans else 0
        self.closes = self.ends[-1] if spans else 0

    def starts(self, windows, duration: int) -> tuple[Span, ...]:
        """Return when ``duration`` seconds of work may begin, as ``(first, last)`` on this clock, both included.

        :param windows: ``(first, last)`` of the caller's seconds, both included; empty is any time
        """
        length = duration or 1  # what takes no time still happens on duty
        found = []
        for (start, stop), paused in zip(self.spans, self.paused, strict=True):
            last = stop - length
            if not windows:
                if start <= last:
                    found.append((start - paused, last - paused))
                continue
            for opens, closes in windows:
                first, final = max(opens, start), min(closes, last)
                if first <= final:
                    found.append((first - paused, final - paused))
        return tuple(found) if len(found) < 2 else _joined(found)

    def start(self, duty: int) -> int:
        """Return the caller's second at which something begins at ``duty`` on this clock."""
        return duty + self.paused[max(bisect_right(self.begins, duty) - 1, 0)]

    def stop(self, duty: int) -> int:
        """Return the caller's second at which something ends at ``duty`` on this clock."""
        return duty + self.paused[min(bisect_left(self.ends, duty), len(self.ends) - 1)]


def _joined(starts: list[Span]) -> tuple[Span, ...]:
    """Return starts sorted, overlapping ones merged."""
    found: list[Span] = []
    for first, last in sorted(starts):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)
