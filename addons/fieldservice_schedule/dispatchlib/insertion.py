"""The best place for one visit in one day: what everything else stands on.

Only stops between the last that must come before the visit and the first that must come after it are looked at
(two bisections), and of those only the ones that are cheaper than the best so far are checked against the clock.
"""

from bisect import bisect_left, bisect_right
from math import inf

from .tour import Tour, first_start, timed_cost

NOWHERE = (inf, 0)


def best_place(tour: Tour, node: int) -> tuple[float, int]:
    """Return ``(what the cost grows by, position)`` of the cheapest place for a visit; ``NOWHERE`` when there is none.

    The position ``k`` is before the present ``tour.nodes[k]``. Remembered in the tour, which never changes.
    """
    found = tour.best.get(node)
    if found is None:
        found = tour.best[node] = _look(tour, node)
    return found


def _look(tour: Tour, node: int) -> tuple[float, int]:
    day = tour.day
    info = day.info[node]
    if info is None or tour.visits >= day.max_visits or tour.load + info[5] > day.max_load:
        return NOWHERE
    board = day.board
    out, into = board.out[node], board.into[node]
    if day.is_soft:
        return _best_timed(tour, node, list(_places(tour, info, out, into)))
    if day.rest is None:
        detour, position = _plain(tour, info, out, into)
    else:
        detour, position = min(_places(tour, info, out, into), default=NOWHERE)
    if not position:
        return NOWHERE
    return detour * board.driving + _person_cost(tour, info), position


def _person_cost(tour: Tour, info: tuple) -> float:
    """Return what a visit costs whatever its place in the day: open wishes, and the evenness of work."""
    duration = info[3]
    return info[4] + tour.day.board.even * duration * (2 * tour.worked + duration)


def _plain(tour: Tour, info: tuple, out: list, into: list) -> tuple[float, int]:
    """Return ``(seconds of detour, position)`` of the shortest detour on a day without a break, else ``NOWHERE``."""
    first, last, several, duration, _wishes, _units = info
    nodes, leave, latest, legs = tour.nodes, tour.leave, tour.latest, tour.legs
    best, position = NOWHERE
    low = bisect_left(latest, first + duration, 1)
    high = bisect_right(leave, last, low - 1, len(nodes) - 1)
    for k in range(low, high + 1):
        leg, onward = into[nodes[k - 1]], out[nodes[k]]
        detour = leg + onward - legs[k]
        if detour < best:
            now = leave[k - 1] + leg
            if now < first:
                now = first
            elif now > last:
                continue
            elif several is not None:
                now = first_start(several, now)
            if now + duration + onward <= latest[k]:
                best, position = detour, k
    return best, position


def _places(tour: Tour, info: tuple, out: list, into: list):
    """Yield ``(seconds of detour, position)`` of every place that keeps the rules, each shorter than all before.

    On soft days every place is yielded: there the shortest need not be the cheapest.
    """
    nodes, leave, legs = tour.nodes, tour.leave, tour.legs
    best = inf
    fits = _fits_plain if tour.day.rest is None else _fits_with_rest
    late = tour.latest if tour.day.rest is None else tour.latest_rested
    low = bisect_left(late, info[0] + info[3], 1)
    high = bisect_right(leave, info[1], low - 1, len(nodes) - 1)
    for k in range(low, high + 1):
        leg, onward = into[nodes[k - 1]], out[nodes[k]]
        detour = leg + onward - legs[k]
        if detour < best and fits(tour, info, k, leg, onward):
            yield detour, k
            if not tour.day.is_soft:
                best = detour


def _fits_plain(tour: Tour, info: tuple, k: int, leg: int, onward: int) -> bool:
    """Return whether a visit fits before stop ``k`` of a day without a break."""
    start = _start(info, tour.leave[k - 1] + leg)
    return start + info[3] + onward <= tour.latest[k]


def _fits_with_rest(tour: Tour, info: tuple, k: int, leg: int, onward: int) -> bool:
    """Return whether a visit fits before stop ``k``, with the break earlier, right before or after it, or later."""
    before = tour.leave[k - 1]
    start = _start(info, before + leg)
    if start is inf:
        return False
    leave = start + info[3]
    # the break after stop k, between the visit and stop k, before the visit
    return (
        leave + onward <= tour.latest[k]
        or after_rest(tour.day.rest, leave, onward) <= tour.latest_rested[k]
        or _start(info, min(tour.leave_rested[k - 1] + leg, after_rest(tour.day.rest, before, leg))) + info[3] + onward
        <= tour.latest_rested[k]
    )


def _start(info: tuple, arrival: float) -> float:
    """Return when the work begins after an arrival; ``inf`` when it is too late."""
    first, last, several, _duration, _wishes, _units = info
    if arrival < first:
        return first
    if arrival > last:
        return inf
    return arrival if several is None else first_start(several, arrival)


def after_rest(rest: tuple, leave: float, leg: int) -> float:
    """Return the arrival after a leg on which the break is taken; ``inf`` when it is too late for a break."""
    length, opens, closes, several = rest
    if leave > closes:
        return inf
    begin = opens if leave < opens else leave
    if several is not None:
        begin = first_start(several, begin)
    arrival = leave + leg
    return (arrival if arrival > begin else begin) + length


def _best_timed(tour: Tour, node: int, places: list) -> tuple[float, int]:
    """Return the cheapest of ``places`` where lateness or overtime costs: the exact cost of each that could be it."""
    day = tour.day
    board, nodes = day.board, tour.nodes
    best, position = NOWHERE
    for detour, k in sorted(places):
        # this much it costs at least, should all that is late now become early
        if detour * board.driving - tour.timed >= best:
            break
        cost = detour * board.driving + timed_cost(day, [*nodes[:k], node, *nodes[k:]]) - tour.timed
        if cost < best:
            best, position = cost, k
    if not position:
        return NOWHERE
    return best + _person_cost(tour, day.info[node]), position
