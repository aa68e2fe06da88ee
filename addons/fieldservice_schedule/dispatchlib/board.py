"""A problem, laid out flat for the inner loops: nodes instead of places, tuples instead of dataclasses.

Nodes are numbered: visits first, in the problem's order, then fixed stops, then a start and an end for each day.
"""

from itertools import pairwise
from math import inf

from .clock import Clock, merged, without
from .model import Break, Problem, Technician

NO_WAY = 10**9
"""Seconds of driving where there is no way: later than any day ends."""


class Day:
    """One technician's day as the inner loops want it. Times are on its own ``clock``.

    ``info[node]`` is None where the technician cannot ever, else ``(first start, last start, all the starts, None when
    they are one span, duration, cost of open wishes, load)``.

    ``empty`` is the tour with nothing but what is fixed, which the engine makes.

    ``rest`` is the break: None, or ``(length, first start, last start, all the starts, None when one span)``.
    """

    __slots__ = (
        "board",
        "clock",
        "closes",
        "empty",
        "end",
        "fixed",
        "info",
        "is_broken",
        "is_soft",
        "max_load",
        "max_visits",
        "number",
        "opens",
        "rest",
        "shift_closes",
        "start",
        "technician",
    )

    def __init__(self, board, number: int, technician: Technician):
        """Lay out day ``number``; its ``info`` and ``fixed`` come from the board."""
        self.board = board
        self.number = number
        self.technician = technician
        self.clock = Clock(duty(technician))
        self.opens, self.closes = self.clock.opens, self.clock.closes
        self.shift_closes = self.closes
        if technician.overtime and self.clock.spans:
            self.shift_closes = max(self.closes - technician.overtime, self.opens)
        self.rest = _rest(technician, self.clock)
        self.max_visits = inf if technician.max_visits is None else technician.max_visits
        self.max_load = inf if technician.max_load is None else technician.max_load
        self.is_soft = bool(technician.overtime)
        self.is_broken = False
        self.fixed = ()
        self.info = []


def duty(technician: Technician) -> list:
    """Return the spans in which a technician may work or drive, overtime included."""
    spans = merged(technician.shifts)
    if spans and technician.overtime:
        spans[-1] = (spans[-1][0], spans[-1][1] + technician.overtime)
    return without(spans, merged(technician.blocked))


def owed(technician: Technician) -> Break | None:
    """Return the break that a technician is owed: none where a gap of the shift gives it."""
    lunch = technician.lunch
    shifts = merged(technician.shifts)
    if lunch is None:
        return None
    for (_start, stop), (start, _stop) in pairwise(shifts):
        if max(stop, lunch.earliest) <= min(lunch.latest, start - lunch.length):
            return None
    return lunch


def _rest(technician: Technician, clock: Clock):
    """Return the break on the technician's clock, None where none is owed or appointments leave no room for it."""
    lunch = owed(technician)
    if lunch is None:
        return None
    window = [(lunch.earliest, lunch.latest)]
    standing = merged((stop.start, stop.stop) for stop in technician.fixed)
    if not Clock(without(clock.spans, standing)).starts(window, lunch.length):
        return None
    starts = clock.starts(window, lunch.length)
    return (lunch.length, starts[0][0], starts[-1][1], starts if len(starts) > 1 else None)


class Board:
    """A problem laid out: ``days``, driving times between nodes and what each visit is worth.

    ``out[a][b]`` and ``into[b][a]`` are both the seconds from node ``a`` to node ``b``. ``ways[node]`` are the days
    that could take a visit, looking at nothing but that visit and the day's hours.
    """

    def __init__(self, problem: Problem):
        """Lay out ``problem``: O(days x visits) for the rules, O(nodes x places) for the driving."""
        self.problem = problem
        self.visits = problem.visits
        self.size = len(problem.visits)
        self.node_of = {visit.id: node for node, visit in enumerate(problem.visits)}
        self.fixed = [(day, stop) for day, row in enumerate(problem.technicians) for stop in row.fixed]
        weights = problem.weights
        self.driving, self.even = weights.driving, weights.even / 3600**2
        self.worth = [weights.worth(visit) for visit in problem.visits]
        self.days = [Day(self, number, row) for number, row in enumerate(problem.technicians)]
        self._lay_out_driving()
        self._lay_out_rules()

    def _lay_out_driving(self) -> None:
        """Number the nodes and spread the driving times of their places over them."""
        first = self.size + len(self.fixed)
        places = [visit.place for visit in self.visits] + [stop.place for _day, stop in self.fixed]
        for day in self.days:
            day.start, day.end = first + 2 * day.number, first + 2 * day.number + 1
            places += [day.technician.start, day.technician.end]
        travel = [[NO_WAY if seconds is None else seconds for seconds in row] for row in self.problem.travel]
        self.out = _spread(travel, places)
        self.into = _spread([list(column) for column in zip(*travel, strict=True)], places)

    def _lay_out_rules(self) -> None:
        """Fill ``info`` and ``fixed`` of the days, and ``ways``."""
        self.ways = [[] for _visit in self.visits]
        for day in self.days:
            day.info = [self._visit_info(day, visit) for visit in self.visits] + [None] * len(self.fixed)
            for node, info in enumerate(day.info[: self.size]):
                if info is not None:
                    self.ways[node].append(day.number)
        for node, (number, stop) in enumerate(self.fixed, self.size):
            day = self.days[number]
            length = stop.stop - stop.start
            starts = day.clock.starts([(stop.start, stop.start)], length)
            if starts:
                day.info[node] = (starts[0][0], starts[0][1], None, length, 0, 0)
            else:
                day.is_broken = True
            day.fixed = (*day.fixed, node)
        for day in self.days:
            day.fixed = tuple(sorted(day.fixed, key=lambda node: self.fixed[node - self.size][1].start))

    def _visit_info(self, day: Day, visit) -> tuple | None:
        """Return a visit's line in a day's ``info``."""
        technician = day.technician
        if not day.clock.spans or not may_take(technician, visit):
            return None
        starts = day.clock.starts(start_windows(visit), visit.duration)
        if not starts:
            return None
        if visit.late:
            day.is_soft = True
        wishes = sum(self.problem.weights.wishes(technician, visit).values())
        several = starts if len(starts) > 1 else None
        return (starts[0][0], starts[-1][1], several, visit.duration, wishes, visit.load)

    def stop(self, node: int):
        """Return the visit or fixed stop of a node."""
        return self.visits[node] if node < self.size else self.fixed[node - self.size][1]


def may_take(technician: Technician, visit) -> bool:
    """Return whether a technician is the right person for a visit, whatever the time."""
    person = technician.person
    return (
        visit.skills <= technician.skills
        and (visit.allowed is None or person in visit.allowed)
        and (visit.technician is None or visit.technician == person)
    )


def start_windows(visit) -> list:
    """Return the spans in which a visit may begin, lateness included; empty is any time."""
    if visit.start is not None:
        return [(visit.start, visit.start)]
    return [(opens, closes + visit.late) for opens, closes in visit.windows]


def _spread(travel: list, places: list) -> list:
    """Return driving times between the nodes at ``places``; what leads from or to no place costs nothing."""
    rows = [[0 if place is None else row[place] for place in places] for row in travel]
    nowhere = [0] * len(places)
    return [nowhere if place is None else rows[place] for place in places]
