"""The validator finds each rule broken on purpose in a plan that was whole, and names it."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "addons" / "fieldservice_schedule"))

from dataclasses import replace

import pytest
from dispatchlib import (
    Bounds,
    Break,
    Fixed,
    Plan,
    Problem,
    Route,
    Stop,
    Technician,
    Unassigned,
    Visit,
    faults,
    make_plan,
)

HOUR = 3600
TRAVEL = [[0, 600, 1200, None], [600, 0, 900, None], [1200, 900, 0, None], [None, None, None, 0]]
MARIA = Technician(
    "Maria",
    ((8 * HOUR, 17 * HOUR),),
    0,
    0,
    skills=frozenset({"glass"}),
    max_visits=2,
    max_load=5,
    lunch=Break(1800, 12 * HOUR, 13 * HOUR),
    fixed=(Fixed("meeting", 2, 15 * HOUR, 16 * HOUR),),
    blocked=((10 * HOUR, 11 * HOUR),),
    overtime=600,
)
VISITS = (
    Visit("first", 1, HOUR, ((8 * HOUR, 9 * HOUR),), frozenset({"glass"}), allowed=frozenset({"Maria"}), load=3),
    Visit("second", 2, HOUR, technician="Maria", start=11 * HOUR, load=2),
)
PROBLEM = Problem((MARIA,), VISITS, TRAVEL)
FIRST = Stop("first", 8 * HOUR + 600, 8 * HOUR + 600, 9 * HOUR + 600, 600)
SECOND = Stop("second", 9 * HOUR + 1500, 11 * HOUR, 12 * HOUR, 900)
MEETING = Stop("meeting", 12 * HOUR, 15 * HOUR, 16 * HOUR, 0, is_fixed=True)
ROUTE = Route("Maria", (FIRST, SECOND, MEETING), 8 * HOUR, 16 * HOUR + 1200, 2700, 3 * HOUR, 12 * HOUR)
PLAN = Plan((ROUTE,), (), {"driving": 2700.0})


def rules(problem=PROBLEM, plan=PLAN):
    """Return the names of the rules that a plan breaks."""
    return {fault.rule for fault in faults(problem, plan)}


def with_day(**changes):
    """Return the plan with its day changed."""
    return replace(PLAN, routes=(replace(ROUTE, **changes),))


def with_stops(*stops):
    """Return the plan with other stops."""
    return with_day(stops=stops)


def with_maria(**changes):
    """Return the problem with its technician changed."""
    return replace(PROBLEM, technicians=(replace(MARIA, **changes),))


def with_first(**changes):
    """Return the problem with its first visit changed."""
    return replace(PROBLEM, visits=(replace(VISITS[0], **changes), VISITS[1]))


def test_the_whole_plan():
    """The plan that the others break is whole, and the engine's own for the problem is too."""
    assert rules() == set()
    own = make_plan(PROBLEM, Bounds(iterations=20))
    assert not own.unassigned
    assert rules(plan=own) == set()


SLOW = replace(FIRST, arrival=FIRST.arrival + 3 * HOUR)

BROKEN = {
    "unknown_technician": (PROBLEM, replace(PLAN, routes=(ROUTE, Route("Tom")))),
    "two_routes": (PROBLEM, replace(PLAN, routes=(ROUTE, Route("Maria")))),
    "unknown_visit": (PROBLEM, replace(PLAN, unassigned=(Unassigned("ghost", ()),))),
    "told_twice": (PROBLEM, replace(PLAN, unassigned=(Unassigned("first", ()),))),
    "forgotten": (PROBLEM, with_stops(FIRST, MEETING)),
    "unknown_stop": (PROBLEM, with_stops(FIRST, SECOND, replace(MEETING, visit="ghost"))),
    "no_skill": (with_maria(skills=frozenset()), PLAN),
    "not_allowed": (with_first(allowed=frozenset({"Tom"})), PLAN),
    "locked_person": (with_first(technician="Tom"), PLAN),
    "locked_time": (with_first(start=8 * HOUR), PLAN),
    "window": (with_first(windows=((8 * HOUR, 8 * HOUR + 599), (8 * HOUR + 601, 9 * HOUR))), PLAN),
    "duration": (with_first(duration=HOUR - 1), PLAN),
    "starts_before_arrival": (PROBLEM, with_stops(SLOW, SECOND, MEETING)),
    "off_duty": (with_maria(blocked=((9 * HOUR, 9 * HOUR + 1),)), PLAN),
    "max_visits": (with_maria(max_visits=1), PLAN),
    "max_load": (with_maria(max_load=4), PLAN),
    "fixed_moved": (PROBLEM, with_stops(FIRST, SECOND, replace(MEETING, start=MEETING.start - 1))),
    "fixed_missing": (PROBLEM, with_stops(FIRST, SECOND)),
    "too_fast": (PROBLEM, with_day(leaves=8 * HOUR + 1)),
    "no_way": (replace(PROBLEM, travel=[[0, None, 0, 0], *TRAVEL[1:]]), PLAN),
    "driving_told": (PROBLEM, with_stops(replace(FIRST, driving=599), SECOND, MEETING)),
    "figures": (PROBLEM, with_day(work=3 * HOUR - 1)),
    "end_of_day": (with_maria(shifts=((8 * HOUR, 16 * HOUR + 599),)), PLAN),
    "no_break": (PROBLEM, with_day(lunch=None)),
    "break_unasked": (with_maria(lunch=None), PLAN),
    "break_window": (with_maria(lunch=Break(1800, 12 * HOUR + 1, 13 * HOUR)), PLAN),
    "break_off_duty": (with_maria(blocked=((12 * HOUR + 1799, 13 * HOUR),)), PLAN),
    "break_at_work": (PROBLEM, with_stops(FIRST, replace(SECOND, leave=12 * HOUR + 1), MEETING)),
    "cost_of_driving": (PROBLEM, replace(PLAN, wishes={"driving": 2699.0})),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_broken_on_purpose(rule):
    """One change that breaks a rule is found under that rule's name."""
    assert rule in rules(*BROKEN[rule])


def test_every_rule_is_broken_once():
    """No rule of the validator is without its broken plan."""
    source = (Path(__file__).parents[2] / "addons/fieldservice_schedule/dispatchlib/validator.py").read_text()
    told = {part.split('"')[1] for part in source.replace("_fault(", "Fault(").split("Fault(")[1:] if part[:1] == '"'}
    assert told == set(BROKEN)


def test_overtime_and_lateness_are_allowed_up_to_their_limit():
    """A day may end within the overtime and a visit begin within the lateness, and not a second later."""
    short = with_maria(shifts=((8 * HOUR, 16 * HOUR + 600),))
    assert rules(short) == set()
    late = with_first(windows=((8 * HOUR, 8 * HOUR + 500),), late=100)
    assert rules(late) == set()
    assert rules(with_first(windows=((8 * HOUR, 8 * HOUR + 500),), late=99)) == {"window"}


def test_driving_pauses_off_duty():
    """A way that needs time off duty is too fast, and whole where the time on duty is enough."""
    early = replace(SECOND, arrival=11 * HOUR)
    later = with_stops(replace(FIRST, start=8 * HOUR + 1800, leave=9 * HOUR + 1800), early, MEETING)
    assert rules(plan=later) == set()
    assert rules(with_maria(blocked=((9 * HOUR + 2699, 11 * HOUR),)), later) == {"too_fast"}
    assert rules(with_maria(blocked=((9 * HOUR + 2700, 11 * HOUR),)), later) == set()


def test_a_break_on_the_road_is_no_driving():
    """The break takes its time from the way, not from the driving that the way needs."""
    on_the_way = Route(
        "Maria",
        (Stop("first", 9 * HOUR, 9 * HOUR, 10 * HOUR, 600),),
        9 * HOUR - 2400,
        10 * HOUR + 600,
        1200,
        HOUR,
        9 * HOUR - 2000,
    )
    maria = replace(MARIA, fixed=(), lunch=Break(1800, 0, 12 * HOUR), blocked=())
    problem = Problem((maria,), VISITS[:1], TRAVEL)
    assert rules(problem, Plan((on_the_way,), (), {"driving": 1200.0})) == set()
    hurried = replace(on_the_way, leaves=9 * HOUR - 2399)
    assert rules(problem, Plan((hurried,), (), {"driving": 1200.0})) == {"too_fast"}
