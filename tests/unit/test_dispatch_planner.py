"""The planner: the same again, better with time, whole on every day, and calm on days that are none."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "bench"))

from dataclasses import replace
from itertools import count, permutations

import pytest
from dispatch import city, solomon
from dispatchlib import Bounds, Engine, Plan, Problem, Technician, Visit, Weights, changes, faults, make_plan, planner
from dispatchlib.pyvrp_start import is_installed, routes_of
from dispatchlib.tour import build
from hypothesis import given, settings
from hypothesis import strategies as st

HOUR = 3600
MARIA = Technician("Maria", ((0, 9 * HOUR),), 0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_plans_of_a_city_break_no_rule(seed):
    """A made-up day with every rule and wish gets a plan that the validator has nothing against."""
    problem = city.city_day(50, seed=seed)
    plan = make_plan(problem, Bounds(iterations=300), seed=seed)
    assert faults(problem, plan) == []
    assert sum(bool(route.stops) for route in plan.routes) > 4


def test_the_same_seed_gives_the_same_plan():
    """Problem, seed and iterations decide the plan; another seed takes another way."""
    problem = city.city_day(50)
    plans = [make_plan(problem, Bounds(iterations=150), seed=seed) for seed in (7, 7, 8)]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_more_iterations_are_not_worse():
    """The search improves on its greedy start, and tells what it costs: the sum of the wishes is the engine's cost."""
    problem = city.city_day(50, seed=1)
    greedy, short, long = (make_plan(problem, Bounds(iterations=number)) for number in (0, 50, 600))
    assert greedy.iterations == 0
    assert long.cost < short.cost < greedy.cost
    assert Engine(problem, long).cost() == pytest.approx(long.cost)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=5), st.integers(0, 5))
def test_small_tours_are_the_best_of_all(points, seed):
    """Among all orders of up to five visits for one technician the planner finds the shortest."""
    travel = [[abs(a - c) + abs(b - d) for c, d in [(0, 0), *points]] for a, b in [(0, 0), *points]]
    visits = tuple(Visit(number, number, 10) for number in range(1, len(travel)))
    problem = Problem((MARIA,), visits, travel)
    day = Engine(problem).board.days[0]
    shortest = min(build(day, order).driving for order in permutations(range(len(points))))
    plan = make_plan(problem, Bounds(iterations=100), seed=seed)
    assert plan.driving == shortest
    assert faults(problem, plan) == []


def test_bounds_in_seconds():
    """A bound in seconds asks the caller's clock and stops; no bound at all is refused, and seconds without a clock."""
    ticks = count()
    plan = make_plan(city.city_day(20), Bounds(seconds=10, clock=lambda: next(ticks)))
    assert plan.iterations == pytest.approx(10 * 16, abs=16)
    with pytest.raises(ValueError, match="bound"):
        Bounds()
    with pytest.raises(ValueError, match="clock"):
        Bounds(seconds=1)


def test_progress_and_cancel():
    """Progress is told from 0 on with costs that never rise; when cancelled the best so far comes back at once."""
    told = []
    problem = city.city_day(20)
    make_plan(problem, Bounds(iterations=800), progress=told.append)
    assert told[0].done == 0
    assert told[-1].done > 0.9
    assert len(told) > 20
    assert [one.cost for one in told] == sorted((one.cost for one in told), reverse=True)
    plan = make_plan(problem, Bounds(iterations=10**9), cancelled=lambda: True)
    assert plan.iterations == 0
    assert faults(problem, plan) == []


def test_a_warm_start_keeps_who_has_what():
    """With a technician sick and an urgent visit more, a warm start moves few visits and serves the urgent one."""
    problem = city.city_day(50, seed=2)
    plan = make_plan(problem, Bounds(iterations=500))
    persons = plan.persons()
    sick = max(plan.routes, key=lambda route: len(route.stops)).technician
    people = tuple(replace(one, shifts=(), fixed=()) if one.id == sick else one for one in problem.technicians)
    visits = tuple(replace(one, current=persons.get(one.id)) for one in problem.visits)
    urgent = Visit("urgent", 3, HOUR, priority=3)
    today = Problem(people, (*visits, urgent), problem.travel, problem.weights)
    warm = make_plan(today, Bounds(iterations=200), start=plan)
    assert faults(today, warm) == []
    now = warm.persons()
    assert "urgent" in now
    others = [visit for visit, person in persons.items() if person != sick]
    assert sum(now.get(visit) not in (None, persons[visit]) for visit in others) < len(others) / 5
    assert warm.cost <= make_plan(today, Bounds(iterations=0)).cost


def test_a_start_that_no_longer_fits():
    """Visits of the start that do not fit any more are left out or given to others, unknown ones are ignored."""
    visits = tuple(Visit(number, 1, HOUR) for number in range(6))
    travel = [[0, 60], [60, 0]]
    plan = make_plan(Problem((MARIA,), visits, travel), Bounds(iterations=20))
    short = replace(MARIA, shifts=((0, 4 * HOUR),))
    problem = Problem((short,), visits[1:], travel)
    again = make_plan(problem, Bounds(iterations=20), start=plan)
    assert faults(problem, again) == []
    assert len(again.unassigned) == 2


def test_nothing_to_do():
    """No technician, no visit, neither: plans without stops, and every visit is told."""
    nobody = make_plan(Problem((), (Visit("a", 0, 60),), [[0]]), Bounds(iterations=5))
    assert nobody.routes == ()
    assert nobody.unassigned[0].is_impossible
    assert nobody.cost == Weights().worth(Visit("a", 0, 60))
    idle = make_plan(Problem((MARIA,), (), [[0]]), Bounds(iterations=5))
    assert idle.routes[0].stops == ()
    assert idle.cost == 0
    assert make_plan(Problem((), (), []), Bounds(seconds=1, clock=count().__next__)).routes == ()


def test_all_at_the_same_place():
    """Visits at one place without any driving fill a day to the second, none forgotten."""
    visits = tuple(Visit(number, 0, 600) for number in range(8))
    problem = Problem((replace(MARIA, shifts=((0, 8 * 600),)),), visits, [[0]])
    plan = make_plan(problem, Bounds(iterations=50))
    assert plan.driving == 0
    assert not plan.unassigned
    assert faults(problem, plan) == []


def test_what_nobody_can_do_is_named_first():
    """Impossible visits are told with every technician's reason and cost the search nothing."""
    problem = city.city_day(20)
    never = Visit("never", 0, HOUR, skills=frozenset({"magic"}), must=True)
    too_far = Visit("too far", 0, 10 * HOUR)
    bigger = replace(problem, visits=(*problem.visits, never, too_far))
    plan = make_plan(bigger, Bounds(iterations=100))
    told = {one.visit: one for one in plan.unassigned}
    for visit, code in (("never", "no_skill"), ("too far", "off_shift")):
        assert told[visit].is_impossible
        assert len(told[visit].refusals) == len(problem.technicians)
        assert all(reason.code == code for refusal in told[visit].refusals for reason in refusal.reasons)
    assert plan.persons() == make_plan(problem, Bounds(iterations=100)).persons()


def test_two_days_of_one_person():
    """Days are rows of a person: a visit goes to the day its window is on, a lock on the person holds for both."""
    day = 24 * HOUR
    rows = tuple(
        Technician(("Maria", number), ((number * day, number * day + 9 * HOUR),), 0, 0, person="Maria")
        for number in range(2)
    )
    visits = (Visit("today", 1, HOUR, ((0, day),), technician="Maria"), Visit("tomorrow", 1, HOUR, ((day, 2 * day),)))
    problem = Problem(rows, visits, [[0, 600], [600, 0]])
    plan = make_plan(problem, Bounds(iterations=50))
    assert plan.persons() == {"today": ("Maria", 0), "tomorrow": ("Maria", 1)}
    assert faults(problem, plan) == []


def test_driving_times_that_break_the_triangle_rule():
    """Where a detour is shorter than the way, as times in minutes have it, plans still break no rule."""
    problem = city.city_day(50, seed=3)
    minutes = [[round(seconds / 600) * 600 for seconds in row] for row in problem.travel]
    rough = replace(problem, travel=minutes)
    plan = make_plan(rough, Bounds(iterations=300))
    assert faults(rough, plan) == []


@pytest.mark.parametrize("name", ["C101", "R101", "R201", "RC105"])
def test_solomons_instances(name):
    """Public instances are read whole, and a short search is feasible and near the best known."""
    problem = solomon.read(name)
    assert len(problem.visits) == 100
    plan = make_plan(problem, Bounds(iterations=300))
    assert faults(problem, plan) == []
    assert not plan.unassigned
    best = solomon.best_known(name)
    assert best <= plan.cost < 1.25 * best


def test_mistakes_of_the_caller():
    """Ids that are not unique, places outside the matrix and negative durations are refused."""
    visit = Visit("a", 0, 60)
    for technicians, visits, travel in (
        ((MARIA, MARIA), (), [[0]]),
        ((), (visit, visit), [[0]]),
        ((), (replace(visit, place=1),), [[0]]),
        ((), (), [[0, 1]]),
        ((), (replace(visit, duration=-1),), [[0]]),
    ):
        with pytest.raises(ValueError):
            Problem(technicians, visits, travel)


def test_what_a_plan_changes():
    """The preview tells who gets what from whom, what only changes its time, and what is saved."""
    visits = tuple(Visit(name, 1, HOUR) for name in "abcd")
    tom = replace(MARIA, id="Tom", person="Tom", start=1, end=1)
    problem = Problem((MARIA, tom), visits, [[0, 600], [600, 0]])
    before = Engine(problem, Plan.of({"Maria": ["a", "b"], "Tom": ["c"]})).plan()
    after = Engine(problem, Plan.of({"Tom": ["b", "c", "d"]})).plan()
    told = changes(before, after)
    assert [(move.visit, move.technician) for move in told.moves] == [
        ("b", ("Maria", "Tom")),
        ("d", (None, "Tom")),
        ("a", ("Maria", None)),
    ]
    assert [(move.visit, move.start) for move in told.retimed] == [("c", (0, HOUR))]
    assert (told.driving_saved, told.unassigned_saved) == (1200, 0)
    assert told.wishes == {"driving": 1200}
    assert changes(after, after) == replace(told, moves=(), retimed=(), driving_saved=0, wishes={})


class Elsewhere:
    """Stands in for PyVRP: any order of all visits on all days, most of it against the rules."""

    def __init__(self, problem):
        """Take the visits in turn, backwards."""
        days, visits = len(problem.technicians), len(problem.visits)
        self.answer = [(day, list(range(day, visits, days))[::-1]) for day in range(days)]

    def routes_of(self, _board, _seconds, _seed):
        """Return the routes as the real one does."""
        return self.answer

    def suits(self, _board):
        """Return that it is here."""
        return True


def test_a_start_from_elsewhere(monkeypatch):
    """Of a start that knows nothing of the rules what fits is taken, and the plan breaks none."""
    problem = city.city_day(50)
    monkeypatch.setattr(planner, "pyvrp_start", Elsewhere(problem))
    ticks = count()
    plan = make_plan(problem, Bounds(seconds=9, clock=lambda: next(ticks)), use_pyvrp=True)
    assert faults(problem, plan) == []
    # 40 % of the seconds went to the start
    assert plan.iterations == pytest.approx(0.6 * 9 * 16, abs=16)


@pytest.mark.skipif(is_installed(), reason="by design: what happens without PyVRP")
def test_pyvrp_is_optional():
    """Where PyVRP is not installed asking for it changes nothing."""
    problem = city.city_day(20)
    plans = [
        make_plan(problem, Bounds(seconds=9, clock=count().__next__), use_pyvrp=use_pyvrp)
        for use_pyvrp in (True, False)
    ]
    assert plans[0] == plans[1]


@pytest.mark.skipif(not is_installed(), reason="by design: needs the optional PyVRP")
def test_a_start_by_pyvrp():
    """Where PyVRP is installed its start leads to a plan that breaks no rule, and serves most at once."""
    problem = city.city_day(50)
    engine = Engine(problem)
    for number, nodes in routes_of(engine.board, 0.5, 1):
        engine.take(number, nodes)
    assert faults(problem, engine.plan()) == []
    assert len(engine.absent) < 15
