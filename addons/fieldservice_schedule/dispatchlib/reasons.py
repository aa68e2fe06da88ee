"""Why a technician cannot take a visit: rule after rule, on the empty day and then on the day as planned."""

from .board import NO_WAY, start_windows
from .clock import Clock, merged
from .insertion import best_place
from .result import Code, Reason, Refusal
from .tour import build


def refusals(tours, node: int, costs=None) -> tuple[Refusal, ...]:
    """Return why each tour does not take a visit, the fewest reasons first.

    :param costs: of the best place in each tour, for tours that could take it at a cost above its worth
    """
    found = []
    for number, tour in enumerate(tours):
        reasons = reasons_of(tour, node)
        if not reasons and costs is not None:
            worth = tour.day.board.worth[node]
            reasons = (Reason(Code.TOO_COSTLY, {"cost": costs[number], "worth": worth}),)
        found.append(Refusal(tour.day.technician.id, reasons))
    return tuple(sorted(found, key=lambda refusal: len(refusal.reasons)))


def reasons_of(tour, node: int) -> tuple[Reason, ...]:
    """Return why a tour does not take a visit: all that concern the person, else the first that concerns the day."""
    day = tour.day
    visit = day.board.visits[node]
    reasons = [*_person(day.technician, visit), *_limits(tour, visit)]
    if not reasons:
        reasons = [reason for reason in (_hours(day, visit) or _empty_day(day, node) or _full(tour, node),) if reason]
    return tuple(reasons)


def is_impossible(board, node: int) -> bool:
    """Return whether nobody could do a visit, on days with nothing but what is fixed."""
    return not any(best_place(day.empty, node)[1] for day in board.days if day.info[node] is not None)


def _person(technician, visit):
    """Yield what is wrong with the person."""
    missing = visit.skills - technician.skills
    if missing:
        yield Reason(Code.NO_SKILL, {"skills": tuple(sorted(missing, key=str))})
    if visit.technician is not None and visit.technician != technician.person:
        yield Reason(Code.LOCKED, {"technician": visit.technician})
    if visit.allowed is not None and technician.person not in visit.allowed:
        yield Reason(Code.NOT_ALLOWED, {"allowed": tuple(sorted(visit.allowed, key=str))})


def _limits(tour, visit):
    """Yield the limits of the day that the visit would break."""
    day = tour.day
    if not day.is_broken and tour.visits >= day.max_visits:
        yield Reason(Code.MAX_VISITS, {"limit": day.max_visits})
    if tour.load + visit.load > day.max_load:
        yield Reason(Code.MAX_LOAD, {"limit": day.max_load, "load": tour.load + visit.load})


def _hours(day, visit) -> Reason | None:
    """Return what is wrong with the hours, the driving apart."""
    if day.info[day.board.node_of[visit.id]] is not None and not day.is_broken:
        return None
    technician = day.technician
    spans = merged(technician.shifts)
    if spans and technician.overtime:
        spans[-1] = (spans[-1][0], spans[-1][1] + technician.overtime)
    windows = start_windows(visit)
    starts = Clock(spans).starts(windows, visit.duration)
    if not starts:
        if visit.start is not None:
            return Reason(Code.LOCKED, {"start": visit.start})
        told = {"shifts": technician.shifts, "windows": visit.windows, "duration": visit.duration}
        return Reason(Code.OFF_SHIFT, told)
    if day.is_broken:
        return Reason(Code.FIXED_CLASH, {"fixed": tuple(stop.id for stop in technician.fixed)})
    if not day.clock.starts(windows, visit.duration):
        return Reason(Code.TAKEN, {"by": (), "spans": technician.blocked})
    return None


def _empty_day(day, node: int) -> Reason | None:
    """Return what is wrong on a day with nothing but what is fixed."""
    if best_place(day.empty, node)[1]:
        return None
    if _lonely(day, node, day.rest):
        blocking = tuple(stop.id for stop in day.technician.fixed)
        return Reason(Code.TAKEN, {"by": blocking, "spans": day.technician.blocked})
    if day.rest is not None and _lonely(day, node, None):
        lunch = day.technician.lunch
        return Reason(Code.BREAK, {"earliest": lunch.earliest, "latest": lunch.latest, "length": lunch.length})
    return _way(day, node)


def _way(day, node: int) -> Reason:
    """Return what is wrong with the way there and back on a day with nothing at all."""
    board = day.board
    first, last, _several, duration, _wishes, _units = day.info[node]
    there, back = board.out[day.start][node], board.out[node][day.end]
    if max(there, back) >= NO_WAY:
        return Reason(Code.UNREACHABLE, {"place": board.visits[node].place})
    if day.opens + there > last:
        told = {"earliest": day.clock.stop(day.opens + there), "closes": day.clock.start(last)}
        return Reason(Code.WINDOW, told)
    over = max(day.opens + there, first) + duration + back - day.closes
    return Reason(Code.END_OF_DAY, {"over": max(over, 0)})


def _full(tour, node: int) -> Reason | None:
    """Return that the planned visits leave no room, None when they do."""
    if best_place(tour, node)[1]:
        return None
    board = tour.day.board
    return Reason(Code.DAY_FULL, {"visits": tuple(board.stop(other).id for other in tour.nodes[1:-1])})


def _lonely(day, node: int, rest) -> bool:
    """Return whether a visit fits on a day with nothing at all, with or without the break."""
    kept, day.rest = day.rest, rest
    try:
        return build(day, [node]) is not None
    finally:
        day.rest = kept
