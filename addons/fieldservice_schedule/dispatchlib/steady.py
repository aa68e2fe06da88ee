"""Times that stay: of all plans with the same routes, one in which few visits begin at another time than they did."""

from collections.abc import Hashable, Mapping

from .engine import Engine, inserted
from .insertion import best_place
from .model import Problem
from .result import Plan
from .tour import Tour, build, timeline


def keep_times(problem: Problem, plan: Plan, wanted: Mapping[Hashable, int]) -> Plan:
    """Return ``plan`` with visits at their ``wanted`` seconds, as many as it goes without any other change.

    A plan lets every stop be as early as can be. Whoever has told people a time would rather keep it. A second at which
    a visit may not begin is not kept. No day concerns another, so each is looked at by itself.

    >>> from .model import Technician, Visit
    >>> from .planner import Bounds, make_plan
    >>> problem = Problem((Technician("Maria", ((0, 9000),), 0, 0),), (Visit("leak", 1, 600),), [[0, 300], [300, 0]])
    >>> plan = make_plan(problem, Bounds(iterations=10))
    >>> [stop.start for stop in keep_times(problem, plan, {"leak": 2000}).routes[0].stops]
    [2000]
    """
    engine = Engine(problem, plan)
    engine.tours = [_kept(tour, _pins(tour, wanted)) for tour in engine.tours]
    found = engine.plan(plan.iterations)
    return found if found.persons() == plan.persons() and found.driving <= plan.driving else plan


def _pins(tour: Tour, wanted: Mapping[Hashable, int]) -> dict[int, tuple]:
    """Return ``{node: its line in the day's info with the wanted start alone}``; first those that have it already."""
    day, board = tour.day, tour.day.board
    here, pins = {}, {}
    for node, start in zip(tour.nodes[1:-1], timeline(tour).starts if len(tour.nodes) > 2 else (), strict=True):
        second = wanted.get(board.visits[node].id) if node < board.size else None
        pin = None if second is None else _pin(day, node, second)
        if pin is not None:
            (here if pin[0] == start else pins)[node] = pin
    return {**here, **pins} if pins else {}


def _pin(day, node: int, second: int) -> tuple | None:
    """Return the line of a visit that begins at a second of the caller's; None when it may not begin then."""
    first, last, several, duration, wishes, load = day.info[node]
    starts = day.clock.starts([(second, second)], duration)
    if not starts or not any(opens <= starts[0][0] <= closes for opens, closes in several or [(first, last)]):
        return None
    return (*starts[0], None, duration, wishes, load)


def _kept(tour: Tour, pins: dict[int, tuple]) -> Tour:
    """Return the tour with its visits at the times of ``pins``: all of them, else one by one as many as can be."""
    for nodes in (list(pins), *([node] for node in pins)) if len(pins) > 1 else (list(pins),):
        found = _pinned(tour, {node: pins[node] for node in nodes})
        if found is not None:
            tour = found
            if len(nodes) == len(pins):
                break
    return tour


def _pinned(tour: Tour, pins: dict[int, tuple]) -> Tour | None:
    """Return the tour with visits at the times of ``pins``; None, and nothing is changed, when that is a longer way."""
    day, before = tour.day, tour.day.info
    day.info = [pins.get(node, info) for node, info in enumerate(before)]
    found = build(day, tour.nodes[1:-1]) or _in_another_order(tour)
    if found is None or found.driving > tour.driving:
        day.info = before
        return None
    return found


def _in_another_order(tour: Tour) -> Tour | None:
    """Return a tour of the same visits, each at its best place; None when there is none for one of them."""
    board, found = tour.day.board, build(tour.day, tour.day.fixed)
    for node in tour.nodes[1:-1]:
        if node < board.size:
            position = best_place(found, node)[1]
            if not position:
                return None
            found = inserted(found, node, position)
    return found
