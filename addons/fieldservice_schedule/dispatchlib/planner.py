"""Plan days: ruin and recreate under simulated annealing (SISR, Christiaens & Vanden Berghe, 2020).

The same problem, seed and number of iterations give the same plan. A bound in seconds needs a clock from the caller.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, log

from . import pyvrp_start
from .engine import Engine
from .model import Problem
from .reasons import is_impossible
from .recreate import Recreate
from .result import Plan
from .ruin import Ruin

HOT, COLD = 1.0, 0.1
"""Temperatures at the start and at the end, in mean driving costs of a visit."""

WARM = 0.1
"""The same for a start from a given plan: little is given up."""

HEAD_START = 0.4
"""The part of the seconds that PyVRP gets."""

LONGEST_START = 20.0
"""Seconds that PyVRP gets at most: meanwhile nobody hears how far it is, and nobody can stop it."""

LOOK = 16
"""Iterations between two looks at the clock."""


@dataclass(frozen=True)
class Progress:
    """How far a planner is: ``done`` from 0 to 1, ``cost`` of the best plan so far in seconds of driving."""

    done: float
    cost: float
    unassigned: int
    iterations: int


@dataclass(frozen=True)
class Bounds:
    """When to stop: after ``iterations`` or after ``seconds`` of ``clock``, whichever is first; at least one is given.

    :raise ValueError: neither is given, or seconds without a clock (``time.monotonic``)
    """

    iterations: int | None = None
    seconds: float | None = None
    clock: Callable[[], float] | None = None

    def __post_init__(self):
        """Refuse bounds that never end."""
        if self.iterations is None and self.seconds is None:
            raise ValueError("neither iterations nor seconds bound the planner")
        if self.seconds is not None and self.clock is None:
            raise ValueError("seconds need a clock")


def make_plan(
    problem: Problem,
    bounds: Bounds,
    *,
    seed: int = 0,
    start: Plan | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    use_pyvrp: bool = False,
) -> Plan:
    """Return the best plan found for ``problem`` within ``bounds``.

    :param start: a plan to begin with, for example the present one; what still fits is kept at first, and only little
        is given up on the way, so few visits change hands (``Visit.current`` and ``Weights.moved`` price that)
    :param progress: called now and then, about a hundred times
    :param cancelled: asked now and then; when it says yes the best plan so far is returned
    :param use_pyvrp: let PyVRP make the start in the first part of the seconds, for big teams (``pyvrp_start.suits``);
        nothing happens where it is not installed, where ``start`` is given or where no seconds are
    """
    engine = Engine(problem, start)
    has_start = start is not None
    if use_pyvrp and not has_start and bounds.seconds is not None and pyvrp_start.suits(engine.board):
        head = min(HEAD_START * bounds.seconds, LONGEST_START)
        for number, nodes in pyvrp_start.routes_of(engine.board, head, seed):
            engine.take(number, nodes)
        bounds = replace(bounds, seconds=bounds.seconds - head)
        has_start = True
    search = Search(engine, seed, is_warm=has_start)
    search.run(bounds, progress, cancelled)
    return engine.plan(search.iterations)


class Search:
    """One run of ruin and recreate over the state of an engine, which holds the best state when it ends."""

    def __init__(self, engine: Engine, seed: int, is_warm: bool = False):
        """Place what is absent in ``engine`` greedily; visits that nobody can do are set apart."""
        self.engine = engine
        self.board = board = engine.board
        self.random = random.Random(seed).random
        self.iterations = 0
        self.never = {node for node in engine.absent if not board.ways[node] or is_impossible(board, node)}
        self.nodes = [node for node in range(board.size) if node not in self.never]
        self.ruin = Ruin(board, self.nodes, self.random)
        self.recreate = Recreate(board, self.nodes, self.random)
        self.tours = list(engine.tours)
        self.where = [-1] * board.size
        for number, tour in enumerate(self.tours):
            for node in tour.nodes[1:-1]:
                if node < board.size:
                    self.where[node] = number
        waiting = sorted(engine.absent - self.never, key=lambda node: (-board.worth[node], len(board.ways[node]), node))
        self.absent = self.recreate.put(self.tours, self.where, waiting, blink=0)
        self.cost = self._cost()
        self.keep()
        self.hot = WARM if is_warm else HOT

    def _cost(self) -> float:
        return sum(tour.cost for tour in self.tours) + sum(self.board.worth[node] for node in self.absent)

    def keep(self) -> None:
        """Remember the present state as the best."""
        self.best_cost = self.cost
        self.best = (list(self.tours), list(self.absent))

    def run(self, bounds: Bounds, progress=None, cancelled=None) -> None:
        """Search within ``bounds`` and leave the best state in the engine."""
        if self.nodes:
            self._anneal(bounds, progress, cancelled)
        tours, absent = self.best
        self.engine.tours = list(tours)
        self.engine.absent = set(absent) | self.never

    def _anneal(self, bounds, progress, cancelled) -> None:
        # at least the shortest way there is, so that places that are all the same do not stop the search
        unit = max(self.board.driving * sum(tour.driving for tour in self.tours) / len(self.nodes), 1.0)
        hot, fall = self.hot * unit, log(COLD / self.hot)
        began = bounds.clock() if bounds.seconds is not None else 0.0
        done = told = 0.0
        heat = hot
        while done < 1:
            if self.iterations % LOOK == 0:
                done = self._done(bounds, began)
                heat = hot * exp(fall * done)
                if cancelled is not None and cancelled():
                    break
                if progress is not None and done >= told:
                    progress(self._progress(done))
                    told += 0.01
            if bounds.iterations is not None and self.iterations >= bounds.iterations:
                break
            self.iterations += 1
            self.step(heat)

    def _progress(self, done: float) -> Progress:
        unassigned = len(self.best[1]) + len(self.never)
        return Progress(min(done, 1.0), self.best_cost, unassigned, self.iterations)

    def _done(self, bounds, began: float) -> float:
        """Return the part of the bounds that is used up."""
        done = 0.0
        if bounds.iterations is not None:
            done = self.iterations / max(bounds.iterations, 1)
        if bounds.seconds is not None:
            done = max(done, (bounds.clock() - began) / max(bounds.seconds, 1e-9))
        return done

    def step(self, heat: float) -> None:
        """Ruin, recreate, and keep the result or go back."""
        tours, where, worth = self.tours, self.where, self.board.worth
        busy = sum(len(tour.nodes) > 2 for tour in tours)
        chosen = self.ruin.choose(tours, where, len(self.nodes) - len(self.absent), busy)
        if chosen is None:
            return
        smaller, removed = chosen
        pool = removed + self.absent
        homes = [where[node] for node in pool]
        before = tours[:]
        for number, tour in smaller.items():
            tours[number] = tour
        left_out = self.recreate.put(tours, where, self.recreate.order(pool))
        change = sum(new.cost - old.cost for new, old in zip(tours, before, strict=True) if new is not old)
        change += sum(worth[node] for node in left_out) - sum(worth[node] for node in self.absent)
        if change < -heat * log(1.0 - self.random()):
            self.absent = left_out
            self.cost += change
            if self.cost < self.best_cost - 1e-6:
                self.keep()
        else:
            tours[:] = before
            for node, home in zip(pool, homes, strict=True):
                where[node] = home
