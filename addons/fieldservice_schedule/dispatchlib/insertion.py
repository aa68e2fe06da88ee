"""The best place for one visit in one day: what everything else stands on.

Only stops between the last that must come before the visit and the first that must come after it are looked at
(two bisections), and of those only the ones that are cheaper than the best so far are checked against the clock.
"""

from bisect import bisect_left, bisect_right
from math import inf

from .tour import Tour, first_start, timed_cost, walked

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
    """Look for the best place, the clock last."""
    day = tour.day
    info = day.info[node]
    if info is None or info[3] > tour.room or tour.visits >= day.max_visits or tour.load + info[5] > day.max_load:
        return NOWHERE
    board = day.board
    first, last, several, duration, wishes, _units = info
    if day.is_soft:
        cost, position = _best_timed(tour, node, info)
    else:
        nodes, leave, legs = tour.nodes, tour.leave, tour.legs
        rested = tour.latest if day.rest is None else tour.latest_rested
        latest, out, into = tour.latest, board.out[node], board.into[node]
        best, position = NOWHERE
        low = bisect_left(rested, first + duration, 1)
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
                now += duration + onward
                if now <= latest[k] or (now <= rested[k] and _fits_rested(tour, info, k, leg, onward)):
                    best, position = detour, k
        cost = best * board.driving
    if not position:
        return NOWHERE
    # whatever the place in the day: open wishes, and the evenness of work
    return cost + wishes + board.even * duration * (2 * tour.worked + duration), position


def _fits(tour: Tour, info: tuple, k: int, leg: int, onward: int) -> bool:
    """Return whether a visit fits before stop ``k``."""
    leave = _start(info, tour.leave[k - 1] + leg) + info[3]
    if leave + onward <= tour.latest[k]:
        return True
    return tour.day.rest is not None and leave is not inf and _fits_rested(tour, info, k, leg, onward)


def _fits_rested(tour: Tour, info: tuple, k: int, leg: int, onward: int) -> bool:
    """Return whether a visit fits before stop ``k`` of a day with a break that is not taken later than stop ``k``."""
    rest, before, latest = tour.day.rest, tour.leave[k - 1], tour.latest_rested[k]
    # between the visit and stop k
    leave = _start(info, before + leg) + info[3]
    if after_rest(rest, leave, onward) <= latest:
        return True
    # earlier, or on the way to the visit
    arrival = min(tour.leave_rested[k - 1] + leg, after_rest(rest, before, leg))
    return _start(info, arrival) + info[3] + onward <= latest


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


def _best_timed(tour: Tour, node: int, info: tuple) -> tuple[float, int]:
    """Return the cheapest place where lateness or overtime costs: the exact cost of each place that could be it."""
    day, nodes, legs = tour.day, tour.nodes, tour.legs
    board = day.board
    out, into = board.out[node], board.into[node]
    places = []
    for k in range(1, len(nodes)):
        leg, onward = into[nodes[k - 1]], out[nodes[k]]
        if _fits(tour, info, k, leg, onward):
            places.append((leg + onward - legs[k], k))
    best, position = NOWHERE
    for detour, k in sorted(places):
        # this much it costs at least, should all that is late now become early
        if detour * board.driving - tour.timed >= best:
            break
        cost = detour * board.driving + timed_cost(walked(day, [*nodes[1:k], node, *nodes[k:-1]])) - tour.timed
        if cost < best:
            best, position = cost, k
    return best, position
