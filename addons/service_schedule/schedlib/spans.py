"""The algebra of spans: sorted lists of disjoint half-open ``(start, stop)`` of stamps."""

from bisect import bisect_right
from collections.abc import Iterable
from math import inf

Span = tuple[int, int]
Spans = list[Span]


def normalise(spans: Iterable[Span]) -> Spans:
    """Return any spans sorted, overlapping and touching ones merged, empty and inverted ones left out.

    >>> normalise([(5, 7), (1, 3), (3, 4), (9, 9)])
    [(1, 4), (5, 7)]
    """
    merged: Spans = []
    last = None
    for start, stop in sorted(spans):
        if start >= stop:
            continue
        if last is None or start > last:
            merged.append((start, stop))
            last = stop
        elif stop > last:
            merged[-1] = (merged[-1][0], stop)
            last = stop
    return merged


def intersect(a: Spans, b: Spans) -> Spans:
    """Return the times that lie in both normalised spans.

    >>> intersect([(0, 10), (20, 30)], [(5, 25)])
    [(5, 10), (20, 25)]
    """
    found: Spans = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, stop = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if start < stop:
            found.append((start, stop))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return found


def subtract(a: Spans, b: Spans) -> Spans:
    """Return the times of ``a`` that do not lie in ``b``, both normalised.

    >>> subtract([(0, 10), (20, 30)], [(5, 25)])
    [(0, 5), (25, 30)]
    """
    left: Spans = []
    j = 0
    for start, stop in a:
        while j < len(b) and b[j][1] <= start:
            j += 1
        k = j
        while k < len(b) and b[k][0] < stop:
            if start < b[k][0]:
                left.append((start, b[k][0]))
            start = max(start, b[k][1])
            k += 1
        if start < stop:
            left.append((start, stop))
        j = max(j, k - 1)
    return left


def covers(spans: Spans, start: int, stop: int) -> bool:
    """Return whether one of the normalised spans holds the whole of ``[start, stop)``.

    >>> covers([(0, 10), (20, 30)], 20, 30), covers([(0, 10), (20, 30)], 5, 25)
    (True, False)
    """
    position = bisect_right(spans, (start, inf)) - 1
    return position >= 0 and stop <= spans[position][1]
