"""Rules at their finest: each of these once could be broken in the engine without any other test's noticing."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "addons" / "fieldservice_schedule"))

from dataclasses import replace

from dispatchlib import (
    Bounds,
    Break,
    Engine,
    Fixed,
    Plan,
    Problem,
    Technician,
    Visit,
    Weights,
    faults,
    keep_times,
    make_plan,
)
from dispatchlib import validator as validator_module
from dispatchlib.board import Board

HOUR = 3600
EIGHT, TWELVE, FIVE = 8 * HOUR, 12 * HOUR, 17 * HOUR
TRAVEL = [[0, 600, 1200], [600, 0, 900], [1200, 900, 0]]
MARIA = Technician("Maria", ((EIGHT, FIVE),), 0, 0)
GLASS = Visit("glass", 1, HOUR)


def test_a_gap_that_is_too_short_gives_no_break():
    """Twenty minutes off at noon are not the half hour that is owed: it is kept free beside them."""
    for minutes, is_owed in ((20, True), (29, True), (30, False)):
        shifts = ((EIGHT, TWELVE), (TWELVE + minutes * 60, FIVE))
        maria = replace(MARIA, shifts=shifts, lunch=Break(1800, TWELVE, TWELVE + HOUR))
        problem = Problem((maria,), (replace(GLASS, windows=((TWELVE, FIVE),)),), TRAVEL)
        plan = make_plan(problem, Bounds(iterations=3))
        assert (plan.routes[0].lunch is not None) == is_owed
        assert faults(problem, plan) == []


def test_lateness_counts_from_the_last_window():
    """Who comes after both windows is late by the time since the second one closed."""
    late = replace(GLASS, windows=((EIGHT, EIGHT + 100), (EIGHT + 300, EIGHT + 500)), late=100)
    [option] = Engine(Problem((MARIA,), (late,), TRAVEL)).suggest("glass").options
    assert option.wishes == {"driving": 1200, "late": 500}


def test_a_longer_way_may_make_another_visit_punctual():
    """The best place is not the shortest detour where waiting brings a late visit into its next window."""
    travel = [[0, 200, 100], [200, 0, 140], [100, 150, 0]]
    late = Visit("late", 1, 10, ((0, 100), (1000, 1100)), late=200)
    problem = Problem((Technician("Maria", ((0, 10_000),), 0, 0),), (late, Visit("new", 2, 800)), travel)
    engine = Engine(problem)
    engine.take(0, [0])
    [option] = engine.suggest("new").options
    assert (option.position, option.cost) == (0, 50 - 5 * 100)


def test_the_order_of_a_given_day_is_kept_around_what_stands():
    """A day that people arranged begins in their order, before and after an appointment, though another is shorter."""
    travel = [[0, 600, 1200], [600, 0, 600], [1800, 600, 0]]
    maria = replace(MARIA, fixed=(Fixed("meeting", 0, EIGHT + 3 * HOUR, EIGHT + 4 * HOUR),))
    afternoon = ((TWELVE, FIVE),)
    visits = (
        replace(GLASS, id="early", windows=((EIGHT, EIGHT + HOUR),)),
        replace(GLASS, id="near", windows=afternoon),
        Visit("far", 2, HOUR, afternoon),
    )
    wanted = ["early", "near", "far"]
    engine = Engine(Problem((maria,), visits, travel), Plan.of({"Maria": wanted}))
    stops = [stop.visit for stop in engine.plan().routes[0].stops]
    assert stops == ["early", "meeting", "near", "far"]


def test_a_visit_that_somebody_has_is_looked_at_as_if_nobody_had_it():
    """Asking who should do a planned visit gives the answer that was given before it was planned."""
    problem = Problem((MARIA,), (GLASS, replace(GLASS, id="other", place=2)), TRAVEL)
    engine = Engine(problem, Plan.of({"Maria": ["other"]}))
    before = engine.suggest("glass")
    assert before.options
    engine.place(0, engine.board.node_of["glass"])
    assert engine.suggest("glass") == before


def test_the_validator_is_independent():
    """The validator uses the words of a problem and of a plan, and nothing else of ours."""
    source = Path(validator_module.__file__).read_text()
    ours = {line.split()[1] for line in source.splitlines() if line.startswith("from .")}
    assert ours == {".model", ".result"}


def test_a_time_is_not_kept_at_the_price_of_another_visit():
    """A wanted time that would push another visit out of its window stays a wish: everybody keeps what he has."""
    technician = Technician("Maria", ((0, 9000),), 0, 0)
    visits = (Visit("wished", 1, 600), Visit("strict", 1, 600, ((900, 1200),)))
    problem = Problem((technician,), visits, [[0, 300], [300, 0]])
    plan = make_plan(problem, Bounds(iterations=20))
    assert set(plan.persons()) == {"wished", "strict"}
    kept = keep_times(problem, plan, {"wished": 1000})
    assert kept.persons() == plan.persons()
    assert [stop.start for stop in kept.routes[0].stops] == [stop.start for stop in plan.routes[0].stops]


def test_a_time_at_which_a_visit_may_not_begin_is_not_kept():
    """Who has a time that nobody wants any more gets one that is wanted: the validator has nothing against the plan."""
    maria = replace(MARIA, shifts=((EIGHT, TWELVE), (TWELVE + HOUR, FIVE)))
    problem = Problem((maria,), (replace(GLASS, windows=((10 * HOUR, TWELVE + HOUR),)),), TRAVEL)
    plan = make_plan(problem, Bounds(iterations=5))
    seconds = {9 * HOUR: False, 10 * HOUR: True, TWELVE - 60: False, TWELVE + HOUR: True, 14 * HOUR: False}
    for second, is_kept in seconds.items():
        kept = keep_times(problem, plan, {"glass": second})
        assert (kept.routes[0].stops[0].start == second) == is_kept, second
        assert faults(problem, kept) == []


def test_times_are_kept_day_by_day():
    """What cannot be kept on one day takes nothing from another; and what is at its time stays there meanwhile."""
    visits = tuple(Visit(f"{who} {number}", 1, HOUR, technician=who) for who in ("Maria", "Tom") for number in range(3))
    problem = Problem((MARIA, replace(MARIA, id="Tom", person="Tom")), visits, TRAVEL)
    plan = make_plan(problem, Bounds(iterations=30))
    times = {"Maria 0": 10 * HOUR, "Maria 1": 10 * HOUR, "Tom 0": TWELVE, "Tom 1": 15 * HOUR, "Tom 2": 9 * HOUR}
    kept = keep_times(problem, plan, times)
    starts = {stop.visit: stop.start for route in kept.routes for stop in route.stops}
    assert faults(problem, kept) == []
    assert {visit for visit, second in times.items() if starts[visit] == second} >= {"Tom 0", "Tom 1", "Tom 2"}
    assert 10 * HOUR in (starts["Maria 0"], starts["Maria 1"])
    again = keep_times(problem, kept, {**starts, "Tom 0": 14 * HOUR})
    assert {stop.visit: stop.start for route in again.routes for stop in route.stops} == {**starts, "Tom 0": 14 * HOUR}


def test_keeping_times_lays_a_problem_out_once(monkeypatch):
    """However many visits have a time, the problem is laid out once: 200 jobs once took most of a minute."""
    laid_out = []
    lay_out = Board.__init__
    monkeypatch.setattr(Board, "__init__", lambda board, problem: laid_out.append(board) or lay_out(board, problem))
    visits = tuple(Visit(number, 1, HOUR // 2) for number in range(12))
    problem = Problem((MARIA, replace(MARIA, id="Tom", person="Tom")), visits, TRAVEL)
    plan = make_plan(problem, Bounds(iterations=5))
    laid_out.clear()
    kept = keep_times(problem, plan, {number: TWELVE + (number % 3) * HOUR for number in range(12)})
    assert len(laid_out) == 1
    assert faults(problem, kept) == []


def test_asking_changes_no_day():
    """Why a visit does not fit is found out without its break; afterwards the day owes the break as before."""
    maria = replace(MARIA, lunch=Break(1800, TWELVE, TWELVE))
    long = Visit("long", 1, HOUR, ((TWELVE - 300, TWELVE),))
    engine = Engine(Problem((maria,), (long, replace(GLASS, windows=((TWELVE, FIVE),))), TRAVEL))
    assert not engine.suggest("long").options
    engine.place(0, engine.board.node_of["glass"])
    assert engine.plan().routes[0].lunch == TWELVE


def test_what_is_locked_is_worth_as_much_as_what_must_be_done():
    """A visit that somebody decided is not left out for a long way, whether he decided who or when."""
    weights = Weights(unserved=(10,))
    for locked in (replace(GLASS, technician="Maria"), replace(GLASS, start=TWELVE), replace(GLASS, must=True)):
        assert not make_plan(Problem((MARIA,), (locked,), TRAVEL, weights), Bounds(iterations=3)).unassigned
