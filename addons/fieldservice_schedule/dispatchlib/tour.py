"""A technician's day with its stops in order, and the labels that tell in O(1) whether one more fits.

``leave[k]`` is the earliest moment of leaving stop ``k``; ``latest[k]`` the latest arrival at it from which all
the rest can still be kept. Arriving later never lets anybody leave earlier, so one comparison decides. Where a break is
owed the day is in one of two states: ``leave`` and ``latest`` are before it, ``leave_rested`` and ``latest_rested``
after it.

A latest start that lies before the first start is no start at all (``DEAD``): without that, days slip through that
cannot be.
"""

from math import inf
from operator import sub

DEAD = -(10**12)


class Tour:
    """One order of stops of a day that keeps every rule. Never changed once built: ``best`` remembers insertions.

    ``nodes`` begin with the day's start and end with its end; ``legs[k]`` is the driving to stop ``k``. ``room`` is the
    longest time between two stops, ``timed`` the part of ``cost`` that depends on the hour (lateness, overtime),
    ``worked`` the seconds of work.
    """

    __slots__ = (
        "best",
        "cost",
        "day",
        "driving",
        "latest",
        "latest_rested",
        "leave",
        "leave_rested",
        "legs",
        "load",
        "nodes",
        "room",
        "timed",
        "visits",
        "worked",
    )


def build(day, stops) -> Tour | None:
    """Return the tour of a day over ``stops`` (nodes in order), None where a rule would be broken."""
    if day.is_broken:
        return None
    tour = Tour()
    tour.day = day
    tour.nodes = nodes = [day.start, *stops, day.end]
    if not _forward(tour) or tour.visits > day.max_visits or tour.load > day.max_load:
        return None
    if day.rest is None:
        tour.leave_rested = tour.latest_rested = None
        _backward(tour)
    else:
        tour.leave_rested = _forward_rested(tour)
        if tour.leave_rested[-1] > day.closes:
            return None
        _backward(tour)
        _backward_rested(tour)
    tour.room = max(map(sub, (tour.latest_rested or tour.latest)[1:], tour.leave))
    board = day.board
    tour.timed = timed_cost(tour) if day.is_soft and len(nodes) > 2 else 0.0
    tour.cost += tour.driving * board.driving + tour.worked * tour.worked * board.even + tour.timed
    tour.best = {}
    return tour


def _forward(tour: Tour) -> bool:
    """Fill what is known on the way forward, breaks apart; return False where a start is too late."""
    day, nodes = tour.day, tour.nodes
    info, out = day.info, day.board.out
    now, previous = day.opens, nodes[0]
    leave, legs = [now], [0]
    driving = worked = load = 0
    cost = 0.0
    for node in nodes[1:-1]:
        first, last, several, duration, wishes, units = info[node]
        leg = out[previous][node]
        now += leg
        if now < first:
            now = first
        elif now > last:
            return False
        elif several is not None:
            now = first_start(several, now)
        now += duration
        leave.append(now)
        legs.append(leg)
        driving += leg
        worked += duration
        cost += wishes
        load += units
        previous = node
    # who has no stops does not leave
    leg = out[previous][nodes[-1]] if len(nodes) > 2 else 0
    now += leg
    leave.append(now)
    legs.append(leg)
    tour.leave, tour.legs = leave, legs
    tour.driving, tour.worked, tour.load, tour.cost = driving + leg, worked, load, cost
    size = day.board.size
    tour.visits = len(nodes) - 2 - (sum(node >= size for node in nodes[1:-1]) if day.fixed else 0)
    return now <= day.closes


def _backward(tour: Tour) -> None:
    """Fill the latest arrivals; where a break is owed those after it."""
    day, nodes, legs = tour.day, tour.nodes, tour.legs
    info = day.info
    latest = [0] * len(nodes)
    latest[0] = DEAD
    now = latest[-1] = day.closes
    for k in range(len(nodes) - 2, 0, -1):
        _first, last, several, duration, _wishes, _units = info[nodes[k]]
        now -= legs[k + 1] + duration
        # never before the first start: whoever gets here can keep the day
        if now > last:
            now = last
        elif several is not None:
            now = last_start(several, now)
        latest[k] = now
    if day.rest is None:
        tour.latest = latest
    else:
        tour.latest_rested = latest


def _forward_rested(tour: Tour) -> list:
    """Return the earliest moments of leaving each stop with the break behind; ``inf`` where that cannot be."""
    day, nodes, legs, leave = tour.day, tour.nodes, tour.legs, tour.leave
    length, opens, closes, several_rests = day.rest
    rested = [inf]
    now = inf
    for k in range(1, len(nodes)):
        # the break on the way here, driving going on before and after it
        before = leave[k - 1]
        if before <= closes:
            rest = opens if before < opens else before
            if several_rests is not None:
                rest = first_start(several_rests, rest)
            arrival = before + legs[k]
            here = (arrival if arrival > rest else rest) + length
        else:
            here = inf
        now += legs[k]
        if here < now:
            now = here
        if k < len(nodes) - 1:
            first, last, several, duration, _wishes, _units = day.info[nodes[k]]
            if now < first:
                now = first
            elif now > last:
                now = inf
            elif several is not None:
                now = first_start(several, now)
            now += duration
        rested.append(now)
    return rested


def _backward_rested(tour: Tour) -> None:
    """Fill the latest arrivals with the break still to come."""
    day, nodes, legs, after = tour.day, tour.nodes, tour.legs, tour.latest_rested
    length, opens, closes, several_rests = day.rest
    latest = [DEAD] * len(nodes)
    for k in range(len(nodes) - 2, 0, -1):
        leg = legs[k + 1]
        # the break on the way to the next stop: the latest moment of leaving for it
        rest = after[k + 1] - length
        if rest > closes:
            rest = closes
        elif several_rests is not None and rest >= opens:
            rest = last_start(several_rests, rest)
        now = min(rest, after[k + 1] - length - leg) if rest >= opens else DEAD
        now = max(now, latest[k + 1] - leg)
        first, last, several, duration, _wishes, _units = day.info[nodes[k]]
        now -= duration
        if now > last:
            now = last
        elif now < first:
            now = DEAD
        elif several is not None:
            now = last_start(several, now)
        latest[k] = now
    tour.latest = latest


def first_start(several, now: int) -> int:
    """Return the first start of several spans that is not before ``now``; there is one."""
    for first, last in several:
        if now <= last:
            return first if now < first else now
    raise ValueError(f"no start from {now!r} on in {several!r}")


def last_start(several, now: int) -> int:
    """Return the last start of several spans that is not after ``now``; there is one."""
    for first, last in reversed(several):
        if now >= first:
            return last if now > last else now
    raise ValueError(f"no start until {now!r} in {several!r}")


def walked(day, stops) -> Tour:
    """Return the tour of a day over stops that can be kept, with what ``timeline`` and ``timed_cost`` need of it."""
    tour = Tour()
    tour.day, tour.nodes = day, [day.start, *stops, day.end]
    _forward(tour)
    tour.leave_rested = None if day.rest is None else _forward_rested(tour)
    return tour


def timed_cost(tour: Tour) -> float:
    """Return the cost of lateness and overtime of a day that can be kept: every stop as early as can be."""
    day, times = tour.day, timeline(tour)
    weights, visits, size = day.board.problem.weights, day.board.visits, day.board.size
    cost = weights.overtime * max(times.end - day.shift_closes, 0)
    for node, start in zip(tour.nodes[1:-1], times.starts, strict=True):
        if node < size and visits[node].late:
            cost += weights.late * lateness(visits[node], day.clock.start(start))
    return cost


def lateness(visit, start: int) -> int:
    """Return the seconds between the close of the last window before ``start`` and ``start``; 0 within a window."""
    if visit.start is not None or not visit.windows or any(opens <= start <= closes for opens, closes in visit.windows):
        return 0
    return min(start - closes for _opens, closes in visit.windows if closes < start)


class Timeline:
    """When everything of a day happens, on its own clock. ``rest_leg`` is the leg of the break, 0 for none."""

    __slots__ = ("arrivals", "end", "rest", "rest_leg", "starts")


def timeline(tour: Tour) -> Timeline:
    """Return the earliest times of a day that can be kept; the break where the day ends first."""
    found = Timeline()
    day, nodes = tour.day, tour.nodes
    found.rest_leg, found.rest = 0, None
    leave, rested = tour.leave, tour.leave_rested
    if rested is not None:
        found.rest_leg, found.rest = _rest_leg(tour, rested)
        leave = leave[: found.rest_leg] + rested[found.rest_leg :]
    durations = [day.info[node][3] for node in nodes[1:-1]]
    found.starts = [moment - duration for moment, duration in zip(leave[1:-1], durations, strict=True)]
    found.end = leave[-1]
    found.arrivals = [moment + leg for moment, leg in zip(leave[:-1], tour.legs[1:], strict=True)]
    # who is there before the break begins rests there, the others on the road
    if found.rest_leg and found.arrivals[found.rest_leg - 1] > found.rest:
        found.arrivals[found.rest_leg - 1] += day.rest[0]
    return found


def _rest_leg(tour: Tour, rested: list) -> tuple[int, int]:
    """Return the leg on which the break that ``rested`` stands for is taken, and when it begins."""
    day, legs, leave = tour.day, tour.legs, tour.leave
    length, opens, closes, several_rests = day.rest
    for k in range(len(legs) - 1, 0, -1):
        later = rested[k - 1] + legs[k]
        if leave[k - 1] > closes:
            continue
        rest = max(leave[k - 1], opens)
        if several_rests is not None:
            rest = first_start(several_rests, rest)
        if max(leave[k - 1] + legs[k], rest) + length < later:
            return k, rest
    raise ValueError("a day without room for its break")
