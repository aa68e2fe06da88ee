"""The state of a dispatch: a tour for each day, and what is not placed yet. Answers "who can do this?"."""

from collections.abc import Hashable
from math import inf

from .board import Board
from .insertion import best_place
from .model import Problem
from .reasons import is_impossible, refusals
from .result import Answer, Plan, Unassigned
from .schedule import option_of, plan_of
from .tour import Tour, build


class Engine:
    """A problem laid out once, with the state of its days, for any number of questions.

    >>> from .model import Technician, Visit
    >>> problem = Problem((Technician("Maria", ((0, 3600),), 0, 0),), (Visit("leak", 1, 600),), [[0, 300], [300, 0]])
    >>> [(option.technician, option.start, option.driving) for option in Engine(problem).suggest("leak").options]
    [('Maria', 300, 600)]
    """

    def __init__(self, problem: Problem, plan: Plan | None = None):
        """Lay out ``problem`` and begin with ``plan``, or with nothing but what is fixed.

        Visits of ``plan`` that no longer fit where they were are left out; those the problem does not know are ignored.
        """
        self.board = Board(problem)
        self.tours: list[Tour] = [empty_tour(day) for day in self.board.days]
        self.absent: set[int] = set(range(self.board.size))
        if plan is not None:
            self._resume(plan)

    def _resume(self, plan: Plan) -> None:
        """Take over the routes of a plan, visit by visit where a whole day no longer fits."""
        numbers = {day.technician.id: day.number for day in self.board.days}
        for route in plan.routes:
            number = numbers.get(route.technician)
            if number is None:
                continue
            nodes = [self.board.node_of.get(stop.visit) for stop in route.stops if not stop.is_fixed]
            self.take(number, [node for node in nodes if node in self.absent])

    def take(self, number: int, wanted: list[int]) -> None:
        """Give a day the ``wanted`` nodes in this order, as many of them as fit."""
        day = self.board.days[number]
        if day.is_broken:
            return
        wanted = list(dict.fromkeys(node for node in wanted if day.info[node] is not None))
        whole = build(day, _with_fixed(self.board, day, wanted))
        if whole is not None:
            self.tours[number] = whole
            self.absent.difference_update(wanted)
            return
        for node in wanted:
            if best_place(self.tours[number], node)[1]:
                self.place(number, node)

    def place(self, number: int, node: int) -> None:
        """Insert a visit at its best place in a day that has one."""
        self.tours[number] = inserted(self.tours[number], node, best_place(self.tours[number], node)[1])
        self.absent.discard(node)

    def suggest(self, visit: Hashable) -> Answer:
        """Return who can do a visit, at what cost and when, and why the others cannot.

        A visit that somebody has is looked at as if nobody had it.

        :raise KeyError: the problem has no such visit
        """
        node = self.board.node_of[visit]
        options, refused = [], []
        for tour in self.tours:
            if node not in self.absent and node in tour.nodes:
                tour = without(tour, {node}) or tour.day.empty
            cost, position = best_place(tour, node)
            if position:
                options.append(option_of(tour, node, cost, position))
            else:
                refused.append(tour)
        options.sort(key=lambda option: option.cost)
        return Answer(visit, tuple(options), refusals(refused, node))

    def clashes(self) -> dict[Hashable, tuple]:
        """Return ``{technician: ids of its fixed appointments}`` of the days whose appointments cannot all be kept.

        Such a day takes no visit and is shown without stops. What nobody drives to belongs into ``blocked``.
        """
        people = (day.technician for day in self.board.days if day.is_broken)
        return {technician.id: tuple(stop.id for stop in technician.fixed) for technician in people}

    def unassigned(self) -> list[Unassigned]:
        """Return the visits that are not placed, each with the reasons of every technician."""
        found = []
        for node in sorted(self.absent):
            costs = [best_place(tour, node)[0] for tour in self.tours]
            told = refusals(self.tours, node, costs)
            found.append(Unassigned(self.board.visits[node].id, told, is_impossible(self.board, node)))
        return found

    def plan(self, iterations: int = 0) -> Plan:
        """Return the present state as a plan."""
        return plan_of(self.board, self.tours, self.unassigned(), self.absent, iterations)

    def cost(self) -> float:
        """Return what the present state costs, in seconds of driving."""
        return sum(tour.cost for tour in self.tours) + sum(self.board.worth[node] for node in self.absent)


def empty_tour(day) -> Tour:
    """Return a day with nothing but what is fixed. A day whose fixed stops cannot all be kept is marked broken."""
    tour = build(day, day.fixed)
    if tour is None:
        day.is_broken = True
        tour = broken_tour(day)
    day.empty = tour
    return tour


def broken_tour(day) -> Tour:
    """Return a tour that takes no visit and shows none."""
    tour = Tour()
    tour.day, tour.nodes, tour.legs = day, [day.start, day.end], [0, 0]
    tour.leave = tour.latest = tour.leave_rested = tour.latest_rested = [day.opens, day.closes]
    tour.driving = tour.worked = tour.load = tour.room = 0
    tour.cost = tour.timed = 0.0
    tour.visits = inf
    tour.best = {}
    return tour


def inserted(tour: Tour, node: int, position: int) -> Tour:
    """Return a tour with one visit more, at a position that ``best_place`` found."""
    nodes = tour.nodes
    return build(tour.day, [*nodes[1:position], node, *nodes[position:-1]])


def without(tour: Tour, nodes: set[int]) -> Tour | None:
    """Return a tour without some visits; None where that makes the rest too late, as bad driving times can."""
    return build(tour.day, [node for node in tour.nodes[1:-1] if node not in nodes])


def _with_fixed(board: Board, day, wanted: list[int]) -> list[int]:
    """Return the wanted nodes with the day's fixed stops put between them where their time is."""
    nodes, now = [], day.opens
    fixed = list(day.fixed)
    previous = day.start
    for node in wanted:
        info = day.info[node]
        while fixed and max(now + board.out[previous][node], info[0]) + info[3] > day.info[fixed[0]][0]:
            previous = fixed.pop(0)
            nodes.append(previous)
            now = day.info[previous][0] + day.info[previous][3]
        now = max(now + board.out[previous][node], info[0]) + info[3]
        nodes.append(node)
        previous = node
    return [*nodes, *fixed]
