"""Times that stay: of all plans with the same routes, one in which few visits begin at another time than they did."""

from collections.abc import Hashable, Mapping
from dataclasses import replace

from .engine import Engine
from .model import Problem
from .result import Plan


def keep_times(problem: Problem, plan: Plan, wanted: Mapping[Hashable, int]) -> Plan:
    """Return ``plan`` with visits at their ``wanted`` seconds, as many as it goes without any other change.

    A plan lets every stop be as early as can be. Whoever has told people a time would rather keep it.

    >>> from .model import Technician, Visit
    >>> from .planner import Bounds, make_plan
    >>> problem = Problem((Technician("Maria", ((0, 9000),), 0, 0),), (Visit("leak", 1, 600),), [[0, 300], [300, 0]])
    >>> plan = make_plan(problem, Bounds(iterations=10))
    >>> [stop.start for stop in keep_times(problem, plan, {"leak": 2000}).routes[0].stops]
    [2000]
    """
    starts = {stop.visit: stop.start for route in plan.routes for stop in route.stops if not stop.is_fixed}
    moved = [visit for visit, start in starts.items() if wanted.get(visit, start) != start]
    kept: dict = {}
    for group in [moved, *([visit] for visit in moved)] if len(moved) > 1 else [moved]:
        pins = {**kept, **{visit: wanted[visit] for visit in group}}
        found = Engine(_pinned(problem, pins), plan).plan(plan.iterations) if group else plan
        if found.persons() == plan.persons() and found.driving <= plan.driving:
            plan, kept = found, pins
            if group == moved:
                break
    return plan


def _pinned(problem: Problem, starts: Mapping[Hashable, int]) -> Problem:
    """Return a problem with some visits locked to a second."""
    visits = (replace(visit, start=starts.get(visit.id, visit.start)) for visit in problem.visits)
    return replace(problem, visits=tuple(visits))
