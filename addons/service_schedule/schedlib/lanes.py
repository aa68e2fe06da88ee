"""The algebra of capacity: which lanes of a resource are free for which candidates.

A resource has lanes 0, 1, …; a claim takes some adjacent ones for a while. A *mask* is an int whose bit ``l`` says that
lane ``l`` is free.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate, islice, repeat
from math import inf
from operator import xor

from .grid import Grid
from .spans import Spans, normalise

Claim = tuple[int, int, int, int]


def busy_lanes(claims: Iterable[Claim], lane_count: int) -> dict[int, Spans]:
    """Return ``{lane: busy spans}`` of the lanes that are claimed at all; lanes beyond ``lane_count`` are left out.

    >>> busy_lanes([(0, 10, 0, 2), (10, 20, 1, 1)], 3)
    {0: [(0, 10)], 1: [(0, 20)]}
    """
    if lane_count == 1:  # people and bays: nothing to sort by lane
        spans = normalise([claim[:2] for claim in claims if claim[2] == 0])
        return {0: spans} if spans else {}
    by_lane: defaultdict[int, Spans] = defaultdict(list)
    for start, stop, lane, lanes in claims:
        if lanes == 1:  # nearly all of them, and a range costs more than all the rest
            by_lane[lane].append((start, stop))
        else:
            for one in range(lane, lane + lanes):
                by_lane[one].append((start, stop))
    return {lane: normalise(spans) for lane, spans in by_lane.items() if 0 <= lane < lane_count}


def free_masks(
    grid: Grid, hours: Spans | None, claims: Iterable[Claim], lane_count: int, before: int = 0, after: int = 0
) -> list[int]:
    """Return for each candidate of ``grid`` the mask of the lanes that are free for it.

    A lane is free if no claim on it meets ``[start - before, stop + after)`` and ``[start, stop)`` lies within
    ``hours``: buffers may reach outside the hours.

    :param hours: when the resource works; None is always
    :param claims: in any order; they may overlap
    :param before: buffer in seconds, as ``after``

    >>> grid = Grid((0, 10, 20, 30), (10, 20, 30, 40))
    >>> free_masks(grid, [(0, 30)], [(10, 20, 0, 1)], 2)
    [3, 2, 3, 0]
    >>> free_masks(grid, None, [(10, 20, 0, 1)], 2, after=1)
    [2, 2, 3, 3]
    """
    return free_lanes(grid, hours, busy_lanes(claims, lane_count), lane_count, before, after)


def free_lanes(
    grid: Grid, hours: Spans | None, busy: dict[int, Spans], lane_count: int, before: int = 0, after: int = 0
) -> list[int]:
    """Return what ``free_masks`` returns, from lanes whose claims ``busy_lanes`` has sorted already."""
    masks = [(1 << lane_count) - 1] * len(grid)
    if busy:
        masks = list(map(xor, masks, _busy_masks(grid, busy, before, after)))
    return masks if hours is None else _closed_outside(masks, grid, hours)


def _busy_masks(grid: Grid, busy: dict[int, Spans], before: int, after: int) -> Iterable[int]:
    """Return for each candidate the mask of the lanes that are claimed."""
    # one bit flip where a run of busy candidates starts, one where it ends: the cost does not grow with the run
    toggles = [0] * (len(grid) + 1)
    for lane, spans in busy.items():
        # the smaller side drives: one day of windows against a year of claims, or a month of times against a few
        toggle = _toggle_candidates if len(grid) < len(spans) else _toggle_spans
        toggle(toggles, 1 << lane, grid, spans, before, after)
    return islice(accumulate(toggles, xor), len(grid))


def _toggle_spans(toggles: list[int], bit: int, grid: Grid, spans: Spans, before: int, after: int) -> None:
    """Flip ``bit`` in ``toggles`` where a run of busy candidates starts and where it ends, span by span."""
    # mapped, since a month of claims spends most of its time here
    opens, closes = zip(*spans, strict=True)
    firsts = map(bisect_right, repeat(grid.stops), [start - after for start in opens] if after else opens)
    lasts = map(bisect_left, repeat(grid.starts), [stop + before for stop in closes] if before else closes)
    done = 0
    for first, last in zip(firsts, lasts, strict=True):
        if first < done:
            first = done
        if first < last:
            toggles[first] ^= bit
            toggles[last] ^= bit
            done = last


def _toggle_candidates(toggles: list[int], bit: int, grid: Grid, spans: Spans, before: int, after: int) -> None:
    """Do what ``_toggle_spans`` does, candidate by candidate."""
    for index, (start, stop) in enumerate(zip(grid.starts, grid.stops, strict=True)):
        position = bisect_right(spans, (start - before, inf))
        runs_on = position > 0 and spans[position - 1][1] > start - before
        if runs_on or (position < len(spans) and spans[position][0] < stop + after):
            toggles[index] ^= bit
            toggles[index + 1] ^= bit


def _closed_outside(masks: list[int], grid: Grid, hours: Spans) -> list[int]:
    """Return the masks with no lane free for the candidates that do not lie within ``hours``."""
    kept = [0] * len(masks)
    for first, last in grid.slices_within(hours):
        kept[first:last] = masks[first:last]
    return kept


def places(mask: int, width: int = 1) -> int:
    """Return how many disjoint runs of ``width`` adjacent free lanes fit into a mask.

    :raise ValueError: ``width`` is not positive

    >>> places(0b1011), places(0b1011, 2), places(0b1111, 2)
    (3, 1, 2)
    """
    if width == 1:
        return mask.bit_count()
    if width < 1:
        raise ValueError(f"width of {width!r} lanes")
    count = 0
    while mask:
        mask >>= (mask & -mask).bit_length() - 1
        run = (~mask & (mask + 1)).bit_length() - 1
        count += run // width
        mask >>= run
    return count


def fitting_lanes(mask: int, width: int = 1) -> list[int]:
    """Return every lane at which a run of ``width`` free lanes starts, ascending: the first fit first.

    :raise ValueError: ``width`` is not positive

    >>> fitting_lanes(0b11011, 2), fitting_lanes(0b101)
    ([0, 3], [0, 2])
    """
    fits = _fits(mask, width)
    lanes = []
    while fits:
        lowest = fits & -fits
        lanes.append(lowest.bit_length() - 1)
        fits ^= lowest
    return lanes


def first_lane(mask: int, width: int = 1) -> int | None:
    """Return the lowest lane at which a run of ``width`` free lanes starts, None when there is none.

    :raise ValueError: ``width`` is not positive

    >>> first_lane(0b11010, 2), first_lane(0b101, 2)
    (3, None)
    """
    fits = _fits(mask, width)
    return (fits & -fits).bit_length() - 1 if fits else None


def _fits(mask: int, width: int) -> int:
    """Return the mask of the lanes at which a run of ``width`` free lanes starts, doubling the run at each step."""
    if width < 1:
        raise ValueError(f"width of {width!r} lanes")
    known = 1
    while known < width:
        step = min(known, width - known)
        mask &= mask >> step
        known += step
    return mask
