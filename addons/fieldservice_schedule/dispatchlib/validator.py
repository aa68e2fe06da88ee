"""Check a plan against every hard rule, by arithmetic of its own: nothing of the engine is used here.

It stays in the caller's seconds and looks at every stop as a dispatcher with a ruler would.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from .model import Problem, Technician, Visit
from .result import Plan, Route, Stop

ROUNDING = 1e-6


@dataclass(frozen=True)
class Fault:
    """One broken rule: which, on whose day, at which visit or appointment, and the figures."""

    rule: str
    technician: Hashable = None
    visit: Hashable = None
    data: dict = field(default_factory=dict, hash=False)


def faults(problem: Problem, plan: Plan) -> list[Fault]:
    """Return every hard rule that a plan breaks; an empty list is a plan that can be kept."""
    technicians = {technician.id: technician for technician in problem.technicians}
    visits = {visit.id: visit for visit in problem.visits}
    found = list(_books(plan, technicians, visits))
    for route in plan.routes:
        if route.technician in technicians and route.stops:
            found += _Ruler(problem, technicians[route.technician], route, visits).faults()
    driven = sum(route.driving for route in plan.routes) * problem.weights.driving
    if abs(driven - plan.wishes.get("driving", 0)) > ROUNDING:
        found.append(Fault("cost_of_driving", data={"told": plan.wishes.get("driving", 0), "is": driven}))
    return found


def _books(plan: Plan, technicians: dict, visits: dict) -> Iterator[Fault]:
    """Yield what is wrong with the counting: every visit once, every day once, nothing unknown."""
    for technician, times in Counter(route.technician for route in plan.routes).items():
        if technician not in technicians:
            yield Fault("unknown_technician", technician)
        if times > 1:
            yield Fault("two_routes", technician)
    told = Counter(stop.visit for route in plan.routes for stop in route.stops if not stop.is_fixed)
    told.update(one.visit for one in plan.unassigned)
    for visit, times in told.items():
        if visit not in visits:
            yield Fault("unknown_visit", visit=visit)
        if times > 1:
            yield Fault("told_twice", visit=visit)
    for visit in visits.keys() - told.keys():
        yield Fault("forgotten", visit=visit)


class _Ruler:
    """One day under the ruler."""

    def __init__(self, problem: Problem, technician: Technician, route: Route, visits: dict):
        """Lay out a day; ``visits`` are the problem's by id."""
        self.travel = problem.travel
        self.technician = technician
        self.route = route
        self.fixed = {stop.id: stop for stop in technician.fixed}
        self.visits = visits
        self.last = max((stop for _start, stop in technician.shifts), default=0)
        edges = {self.last + technician.overtime}
        for start, stop in (*technician.shifts, *technician.blocked):
            edges |= {start, stop}
        edges = sorted(edges)
        pieces = pairwise(edges)
        self.on_duty = [(start, stop) for start, stop in pieces if self._works(start)]

    def _works(self, second: int) -> bool:
        """Return whether the technician may work or drive at a second."""
        technician = self.technician
        if any(start <= second < stop for start, stop in technician.blocked):
            return False
        if technician.shifts and self.last <= second < self.last + technician.overtime:
            return True
        return any(start <= second < stop for start, stop in technician.shifts)

    def _duty(self, start: int, stop: int) -> int:
        """Return how many seconds of a span the technician is on duty."""
        return sum(max(0, min(stop, b) - max(start, a)) for a, b in self.on_duty)

    def _fault(self, rule: str, stop: Stop | None = None, /, **data) -> Fault:
        return Fault(rule, self.technician.id, stop.visit if stop else None, data)

    def faults(self) -> Iterator[Fault]:
        """Yield every rule that the day breaks."""
        known = [stop for stop in self.route.stops if stop.visit in (self.fixed if stop.is_fixed else self.visits)]
        if len(known) < len(self.route.stops):
            yield self._fault("unknown_stop")
            return
        for stop in known:
            yield from self._appointment(stop) if stop.is_fixed else self._visit(stop, self.visits[stop.visit])
            if stop.start < stop.arrival:
                yield self._fault("starts_before_arrival", stop)
            if self._duty(stop.start, max(stop.leave, stop.start + 1)) < max(stop.leave - stop.start, 1):
                yield self._fault("off_duty", stop, start=stop.start, leave=stop.leave)
        yield from self._missing()
        yield from self._limits()
        yield from self._driving()
        yield from self._break()

    def _appointment(self, stop: Stop) -> Iterator[Fault]:
        """Yield what is wrong with an appointment that stands."""
        fixed = self.fixed[stop.visit]
        if (stop.start, stop.leave) != (fixed.start, fixed.stop):
            yield self._fault("fixed_moved", stop, asked=(fixed.start, fixed.stop))

    def _visit(self, stop: Stop, visit: Visit) -> Iterator[Fault]:
        """Yield what is wrong with a visit's person and time."""
        technician = self.technician
        if any(skill not in technician.skills for skill in visit.skills):
            yield self._fault("no_skill", stop)
        if visit.allowed is not None and technician.person not in visit.allowed:
            yield self._fault("not_allowed", stop)
        if visit.technician is not None and technician.person != visit.technician:
            yield self._fault("locked_person", stop, technician=visit.technician)
        if visit.start is not None and stop.start != visit.start:
            yield self._fault("locked_time", stop, start=visit.start)
        in_window = [opens <= stop.start <= closes + visit.late for opens, closes in visit.windows]
        if visit.start is None and in_window and not any(in_window):
            yield self._fault("window", stop, start=stop.start)
        if stop.leave - stop.start != visit.duration:
            yield self._fault("duration", stop, worked=stop.leave - stop.start, needed=visit.duration)

    def _missing(self) -> Iterator[Fault]:
        """Yield the appointments that the day forgot or has twice."""
        told = [stop.visit for stop in self.route.stops if stop.is_fixed]
        for fixed in self.fixed:
            if told.count(fixed) != 1:
                yield self._fault("fixed_missing", fixed=fixed)

    def _limits(self) -> Iterator[Fault]:
        """Yield the limits of the day that are passed."""
        technician = self.technician
        mine = [self.visits[stop.visit] for stop in self.route.stops if not stop.is_fixed]
        if technician.max_visits is not None and len(mine) > technician.max_visits:
            yield self._fault("max_visits", visits=len(mine))
        load = sum(visit.load for visit in mine)
        if technician.max_load is not None and load > technician.max_load:
            yield self._fault("max_load", load=load)

    def _place(self, stop: Stop) -> int:
        return (self.fixed if stop.is_fixed else self.visits)[stop.visit].place

    def _driving(self) -> Iterator[Fault]:
        """Yield legs that are shorter than the way, and figures that do not add up."""
        route, technician = self.route, self.technician
        moments = [(route.leaves, technician.start)]
        moments += [(stop.leave, self._place(stop)) for stop in route.stops]
        arrivals = [(stop.arrival, self._place(stop), stop) for stop in route.stops]
        arrivals.append((route.returns, technician.end, None))
        driven = 0
        for (leave, origin), (arrival, place, stop) in zip(moments, arrivals, strict=True):
            needed = 0 if origin is None or place is None else self.travel[origin][place]
            if needed is None:
                yield self._fault("no_way", stop)
                continue
            driven += needed
            if stop is not None and stop.driving != needed:
                yield self._fault("driving_told", stop, told=stop.driving, needed=needed)
            if arrival < leave or self._duty(leave, arrival) - self._resting(leave, arrival) < needed:
                yield self._fault("too_fast", stop, leave=leave, arrival=arrival, needed=needed)
        if route.driving != driven or route.work != sum(stop.leave - stop.start for stop in route.stops):
            yield self._fault("figures", driving=driven)
        if route.returns > self.last + technician.overtime:
            yield self._fault("end_of_day", returns=route.returns)

    def _resting(self, start: int, stop: int) -> int:
        """Return how many seconds of the break lie in a span."""
        lunch, begin = self.technician.lunch, self.route.lunch
        if lunch is None or begin is None:
            return 0
        return max(0, min(stop, begin + lunch.length) - max(start, begin))

    def _break(self) -> Iterator[Fault]:
        """Yield what is wrong with the break."""
        lunch, begin = self.technician.lunch, self.route.lunch
        if begin is None:
            if lunch is not None and self._break_is_owed():
                yield self._fault("no_break")
            return
        if lunch is None:
            yield self._fault("break_unasked")
            return
        stop = begin + lunch.length
        if not lunch.earliest <= begin <= lunch.latest:
            yield self._fault("break_window", begin=begin)
        if self._duty(begin, stop) < lunch.length or begin < self.route.leaves or stop > self.route.returns:
            yield self._fault("break_off_duty", begin=begin)
        for one in self.route.stops:
            if one.start < stop and begin < one.leave:
                yield self._fault("break_at_work", one, begin=begin)

    def _break_is_owed(self) -> bool:
        """Return whether there is room for the break between appointments and no gap of the shift that gives it."""
        lunch = self.technician.lunch
        shifts = sorted(span for span in self.technician.shifts if span[0] < span[1])
        reached = shifts[0][0] if shifts else 0
        for start, stop in shifts:
            begin = max(reached, lunch.earliest)
            if start > reached and begin <= lunch.latest and begin + lunch.length <= start:
                return False
            reached = max(reached, stop)
        begins = [lunch.earliest, *(start for start, _stop in self.on_duty)]
        begins += [fixed.stop for fixed in self.technician.fixed]
        return any(lunch.earliest <= begin <= lunch.latest and self._is_free(begin, lunch.length) for begin in begins)

    def _is_free(self, begin: int, length: int) -> bool:
        """Return whether a span is on duty and free of appointments."""
        stop = begin + length
        meets = any(fixed.start < stop and begin < fixed.stop for fixed in self.technician.fixed)
        return not meets and self._duty(begin, stop) == length
