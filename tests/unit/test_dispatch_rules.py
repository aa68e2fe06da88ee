"""Every hard rule once by hand: what is refused, with which reason, and where the line is."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "addons" / "fieldservice_schedule"))

from dataclasses import replace

import pytest
from dispatchlib import (
    Bounds,
    Break,
    Code,
    Engine,
    Fixed,
    Problem,
    Technician,
    Visit,
    Weights,
    faults,
    make_plan,
)

MINUTE, HOUR = 60, 3600
EIGHT, TWELVE, FIVE = 8 * HOUR, 12 * HOUR, 17 * HOUR
TRAVEL = [[0, 600, 1200], [600, 0, 900], [1200, 900, 0]]
MARIA = Technician("Maria", ((EIGHT, FIVE),), 0, 0)
GLASS = Visit("glass", 1, HOUR)


def answer(technician=MARIA, visit=GLASS, travel=TRAVEL, weights=None, others=(), plan=None):
    """Ask who can do a visit."""
    problem = Problem((technician, *others), (visit,), travel, weights or Weights())
    return Engine(problem, plan).suggest(visit.id)


def refused(technician=MARIA, visit=GLASS, travel=TRAVEL):
    """Return the reasons of a technician who cannot take a visit, which no plan places either."""
    told = answer(technician, visit, travel)
    assert not told.options
    plan = make_plan(Problem((technician,), (visit,), travel), Bounds(iterations=5))
    assert [one.visit for one in plan.unassigned] == [visit.id]
    assert plan.unassigned[0].refusals == told.refusals
    assert plan.unassigned[0].is_impossible
    return {reason.code: dict(reason.data) for reason in told.refusals[0].reasons}


def taken(technician=MARIA, visit=GLASS, travel=TRAVEL):
    """Return the option of a technician who can take a visit; the plan with it breaks no rule."""
    problem = Problem((technician,), (visit,), travel)
    plan = make_plan(problem, Bounds(iterations=5))
    assert not plan.unassigned
    assert faults(problem, plan) == []
    [option] = answer(technician, visit, travel).options
    return option


def test_a_free_day():
    """On a free day a visit begins when the technician gets there; the figures are the way there and back."""
    option = taken()
    assert (option.arrival, option.start, option.leave) == (EIGHT + 600, EIGHT + 600, EIGHT + 600 + HOUR)
    assert (option.driving, option.approach, option.cost, option.wishes) == (1200, 600, 1200, {"driving": 1200})


def test_skills():
    """All skills are needed, and the missing ones are named."""
    visit = replace(GLASS, skills=frozenset({"glass", "truck"}))
    assert refused(replace(MARIA, skills=frozenset({"glass"})), visit) == {Code.NO_SKILL: {"skills": ("truck",)}}
    taken(replace(MARIA, skills=frozenset({"glass", "truck", "more"})), visit)


def test_allowed_persons():
    """Only allowed persons come, whatever their rows are called."""
    visit = replace(GLASS, allowed=frozenset({"Tom"}))
    assert refused(visit=visit) == {Code.NOT_ALLOWED: {"allowed": ("Tom",)}}
    taken(replace(MARIA, person="Tom"), visit)


def test_everything_about_the_person_is_told_at_once():
    """Skill and lock and allowance are told together, for they do not depend on each other."""
    visit = replace(GLASS, skills=frozenset({"x"}), technician="Tom", allowed=frozenset({"Tom"}))
    assert set(refused(visit=visit)) == {Code.NO_SKILL, Code.LOCKED, Code.NOT_ALLOWED}


def test_locked_person_and_time():
    """A lock on a person or a start is kept to the second, before any wish."""
    assert refused(visit=replace(GLASS, technician="Tom")) == {Code.LOCKED: {"technician": "Tom"}}
    assert taken(visit=replace(GLASS, technician="Maria", start=TWELVE)).start == TWELVE
    assert refused(visit=replace(GLASS, start=FIVE)) == {Code.LOCKED: {"start": FIVE}}
    # a lock stands above the windows
    assert taken(visit=replace(GLASS, start=TWELVE, windows=((EIGHT, EIGHT + HOUR),))).start == TWELVE


def test_shift():
    """Work lies within the shift, to the second; nobody on a day off, or sick, comes."""
    visit = replace(GLASS, windows=((FIVE - HOUR + 1, FIVE),))
    assert set(refused(visit=visit)) == {Code.OFF_SHIFT}
    assert set(refused(replace(MARIA, shifts=()))) == {Code.OFF_SHIFT}
    nobody_drives = [[0, 0, 0]] * 3
    assert taken(visit=replace(GLASS, windows=((FIVE - HOUR, FIVE),)), travel=nobody_drives).leave == FIVE


def test_home_before_the_end_of_the_shift():
    """The way home lies within the shift too; who ends where he is needs no way home."""
    visit = replace(GLASS, windows=((FIVE - HOUR - 599, FIVE),))
    assert refused(visit=visit) == {Code.END_OF_DAY: {"over": 1}}
    taken(visit=replace(GLASS, windows=((FIVE - HOUR - 600, FIVE),)))
    taken(replace(MARIA, end=None), visit)


def test_windows():
    """Work begins within a window, both ends included; who comes early waits, who comes late is told when."""
    assert taken(visit=replace(GLASS, windows=((EIGHT, EIGHT + 600),))).start == EIGHT + 600
    told = refused(visit=replace(GLASS, windows=((EIGHT, EIGHT + 599),)))
    assert told == {Code.WINDOW: {"earliest": EIGHT + 600, "closes": EIGHT + 599}}
    option = taken(visit=replace(GLASS, windows=((0, EIGHT), (TWELVE, TWELVE))))
    assert (option.arrival, option.start) == (EIGHT + 600, TWELVE)


def test_leave_in_the_day():
    """A gap of the shift is free time: no work in it, driving goes on after it."""
    technician = replace(MARIA, shifts=((EIGHT, EIGHT + 300), (TWELVE, FIVE)))
    option = taken(technician)
    assert (option.arrival, option.start) == (TWELVE + 300, TWELVE + 300)


def test_blocked_time():
    """A reservation without a place takes its time; when it leaves no room it is named."""
    assert taken(replace(MARIA, blocked=((EIGHT + 300, EIGHT + 900),))).start == EIGHT + 1200
    spans = ((EIGHT, FIVE - HOUR + 1),)
    assert refused(replace(MARIA, blocked=spans)) == {Code.TAKEN: {"by": (), "spans": spans}}


def test_leaving_after_a_pause():
    """Who leaves right after a pause to a place that is no way off does not arrive before he left."""
    technician = replace(MARIA, blocked=((EIGHT + 60, EIGHT + 120),))
    problem = Problem((technician,), (replace(GLASS, place=0),), TRAVEL)
    [route] = make_plan(problem, Bounds(iterations=1)).routes
    assert (route.leaves, route.stops[0].arrival, route.stops[0].start) == (EIGHT + 120,) * 3
    assert faults(problem, make_plan(problem, Bounds(iterations=1))) == []


def test_appointments_that_stand():
    """Visits go around an appointment with its own way there; when there is no room it is named."""
    meeting = Fixed("meeting", 2, EIGHT + 1200, TWELVE)
    technician = replace(MARIA, fixed=(meeting,))
    assert taken(technician).start == TWELVE + 900
    whole_day = Fixed("meeting", 2, EIGHT + 1200, FIVE - 1200)
    assert refused(replace(MARIA, fixed=(whole_day,))) == {Code.TAKEN: {"by": ("meeting",), "spans": ()}}


def test_appointments_that_clash():
    """A day whose appointments cannot all be kept takes no visit, and says so."""
    clash = (Fixed("a", 1, TWELVE, TWELVE + HOUR), Fixed("b", 2, TWELVE + HOUR, TWELVE + 2 * HOUR))
    assert refused(replace(MARIA, fixed=clash)) == {Code.FIXED_CLASH: {"fixed": ("a", "b")}}
    assert Engine(Problem((replace(MARIA, fixed=clash),), (), TRAVEL)).clashes() == {"Maria": ("a", "b")}
    outside = (Fixed("late", 1, FIVE, FIVE + HOUR),)
    assert refused(replace(MARIA, fixed=outside)) == {Code.FIXED_CLASH: {"fixed": ("late",)}}


def test_limits():
    """A day has its most visits and its most load, fixed appointments not counted."""
    meeting = Fixed("meeting", 2, TWELVE, TWELVE + HOUR)
    assert refused(replace(MARIA, max_visits=0)) == {Code.MAX_VISITS: {"limit": 0}}
    taken(replace(MARIA, max_visits=1, fixed=(meeting,)))
    heavy = replace(GLASS, load=4)
    assert refused(replace(MARIA, max_load=3), heavy) == {Code.MAX_LOAD: {"limit": 3, "load": 4}}
    taken(replace(MARIA, max_load=4), heavy)


def test_the_break():
    """The break is kept free within its window, on the road too; when only it is in the way it is named."""
    lunch = Break(30 * MINUTE, TWELVE, TWELVE)
    technician = replace(MARIA, lunch=lunch)
    long = replace(GLASS, windows=((TWELVE - 300, TWELVE),))
    assert refused(technician, long)[Code.BREAK] == {"earliest": TWELVE, "latest": TWELVE, "length": 1800}
    assert taken(technician, replace(GLASS, windows=((TWELVE, TWELVE + HOUR),))).start == TWELVE + 1800
    assert taken(technician, replace(GLASS, start=TWELVE - HOUR)).leave == TWELVE
    assert set(refused(technician, replace(GLASS, start=TWELVE - HOUR + 1))) == {Code.BREAK}
    problem = Problem((replace(technician, shifts=((TWELVE - 300, FIVE),)),), (GLASS,), TRAVEL)
    [route] = make_plan(problem, Bounds(iterations=1)).routes
    assert (route.lunch, route.stops[0].arrival) == (TWELVE, TWELVE + 1800 + 300)


def test_no_break_is_owed():
    """No break where a gap of the shift gives it, nor where the shift or an appointment leaves no room for it."""
    lunch = Break(30 * MINUTE, TWELVE, TWELVE)
    gap, half, whole = ((EIGHT, TWELVE), (TWELVE + 1800, FIVE)), ((EIGHT, TWELVE + 60),), ((EIGHT, FIVE),)
    for shifts, fixed in ((gap, ()), (half, ()), (whole, (Fixed("meeting", 0, TWELVE, TWELVE + 60),))):
        problem = Problem((replace(MARIA, shifts=shifts, lunch=lunch, fixed=fixed),), (GLASS,), TRAVEL)
        plan = make_plan(problem, Bounds(iterations=1))
        assert plan.routes[0].stops
        assert plan.routes[0].lunch is None
        assert faults(problem, plan) == []


def test_no_way():
    """A place that no way leads to is told, not driven to."""
    island = [[0, None, 5], [600, 0, 5], [5, 5, 0]]
    assert refused(travel=island) == {Code.UNREACHABLE: {"place": 1}}


def test_a_full_day():
    """A visit that only the planned ones leave no room for is told which they are."""
    others = tuple(Visit(f"other {number}", 1, 2 * HOUR, must=True) for number in range(4))
    problem = Problem((MARIA,), (*others, replace(GLASS, windows=((EIGHT, TWELVE),))), TRAVEL, Weights())
    engine = Engine(problem)
    engine.take(0, [0, 1, 2, 3])
    [refusal] = engine.suggest("glass").refusals
    [reason] = refusal.reasons
    assert reason.code == Code.DAY_FULL
    assert reason.data["visits"] == ("other 0", "other 1", "other 2", "other 3")


def test_what_costs_more_than_it_is_worth_is_left_out():
    """An optional visit whose detour costs more than it is worth stays out and says so; a must does not."""
    weights = Weights(unserved=(1000,))
    plan = make_plan(Problem((MARIA,), (GLASS,), TRAVEL, weights), Bounds(iterations=9))
    [one] = plan.unassigned
    assert not one.is_impossible
    assert one.refusals[0].reasons[0].code == Code.TOO_COSTLY
    assert one.refusals[0].reasons[0].data == {"cost": 1200, "worth": 1000}
    assert plan.wishes == {"unserved": 1000}
    must = replace(GLASS, must=True)
    assert not make_plan(Problem((MARIA,), (must,), TRAVEL, weights), Bounds(iterations=9)).unassigned


def test_overtime_and_lateness_cost_only_where_they_are_allowed():
    """Allowed overtime and lateness are used up to their limit, and each second of them is paid."""
    visit = replace(GLASS, windows=((FIVE - HOUR, FIVE),))
    option = taken(replace(MARIA, overtime=600), visit)
    assert option.wishes == {"driving": 1200, "overtime": 1800}
    assert set(refused(replace(MARIA, overtime=599), visit)) == {Code.END_OF_DAY}
    late = replace(GLASS, windows=((EIGHT, EIGHT + 500),), late=100)
    assert taken(visit=late).wishes == {"driving": 1200, "late": 500}
    assert set(refused(visit=replace(late, late=99))) == {Code.WINDOW}


@pytest.mark.parametrize(
    ("wish", "visit"),
    [
        ("preferred", replace(GLASS, preferred=frozenset({"Tom"}))),
        ("previous", replace(GLASS, previous=frozenset({"Tom"}))),
        ("territory", replace(GLASS, territory="south")),
        ("moved", replace(GLASS, current="Tom")),
    ],
)
def test_wishes(wish, visit):
    """A wish costs its weight with the wrong person, nothing with the right one, and turns the order of two."""
    maria = replace(MARIA, territories=frozenset({"north"}))
    tom = replace(MARIA, id="Tom", person="Tom", start=2, end=2, territories=frozenset({"south"}))
    first, second = answer(maria, visit, others=(tom,), weights=Weights(**{wish: 700})).options
    assert (first.technician, first.wishes) == ("Tom", {"driving": 1800})
    assert (second.technician, second.wishes) == ("Maria", {"driving": 1200, wish: 700})
    cheap = answer(maria, visit, others=(tom,), weights=Weights(**{wish: 500})).options
    assert cheap[0].technician == "Maria"


def test_even_load():
    """With a weight on evenness two visits at one place go to two technicians, without it to one."""
    tom = replace(MARIA, id="Tom", person="Tom")
    visits = (GLASS, replace(GLASS, id="more"))
    for even, busy in ((0, 1), (601, 2)):
        plan = make_plan(Problem((MARIA, tom), visits, TRAVEL, Weights(even=even)), Bounds(iterations=200))
        assert sum(bool(route.stops) for route in plan.routes) == busy


def test_a_start_before_its_window_is_no_start():
    """A visit after which the break would be too late is not made possible by coming long before its window opens."""
    technician = Technician("Maria", ((0, 28),), lunch=Break(10, 5, 30))
    late, early = Visit("late", 0, 1, ((20, 20),)), Visit("early", 0, 10, ((5, 5),))
    engine = Engine(Problem((technician,), (late, early), [[0]]))
    engine.take(0, [0])
    assert engine.plan().routes[0].lunch == 5
    assert not engine.suggest("early").options
