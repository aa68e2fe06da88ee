"""A day is possible exactly if walking through it second by second finds a way, and insertion finds the best place.

The truth knows nothing of labels: it keeps every state that a technician can be in and moves them all on by a second.
"""

import sys
from itertools import pairwise
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "addons" / "fieldservice_schedule"))

import pytest
from dispatchlib import Break, Engine, Fixed, Problem, Technician, Visit, Weights, faults
from dispatchlib.board import Board
from dispatchlib.engine import empty_tour
from dispatchlib.insertion import best_place
from dispatchlib.schedule import plan_of, route_of
from dispatchlib.tour import build
from hypothesis import assume, given, settings
from hypothesis import strategies as st

LAST = 44
"""The last second of the small days."""

MOMENTS = st.integers(0, LAST - 4)
SPANS = st.tuples(MOMENTS, st.integers(1, 14)).map(lambda drawn: (drawn[0], min(drawn[0] + drawn[1], LAST - 4)))
WINDOWS = st.tuples(MOMENTS, st.integers(0, 16)).map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))
BREAKS = st.builds(
    lambda length, first, reach: Break(length, first, first + reach),
    st.integers(1, 5),
    st.integers(5, 25),
    st.integers(0, 10),
)
SHIFTS = st.one_of(
    st.just(((2, LAST - 4),)),
    st.tuples(st.integers(0, 6), st.integers(12, 18), st.integers(19, 24), st.integers(30, 40)).map(
        lambda edge: ((edge[0], edge[1]), (edge[2], edge[3]))
    ),
)


@st.composite
def travels(draw, places=5):
    """Draw driving times between places, with or without the triangle rule."""
    rows = [[0 if a == b else draw(st.integers(0, 6)) for b in range(places)] for a in range(places)]
    if draw(st.booleans()):
        for over in range(places):
            rows = [[min(rows[a][b], rows[a][over] + rows[over][b]) for b in range(places)] for a in range(places)]
    return rows


@st.composite
def visits(draw, count):
    """Draw visits with up to two windows."""
    return tuple(
        Visit(
            f"visit {number}",
            draw(st.integers(0, 4)),
            draw(st.integers(0, 6)),
            tuple(draw(st.lists(WINDOWS, max_size=2))),
            load=draw(st.integers(0, 2)),
            late=draw(st.sampled_from([0, 0, 0, 3])),
            preferred=draw(st.sampled_from([frozenset(), frozenset({"Tom"})])),
        )
        for number in range(count)
    )


@st.composite
def technicians(draw, name="Maria"):
    """Draw a technician's day with gaps, blocked spans, a break, an appointment and overtime, each at times."""
    start = draw(MOMENTS)
    fixed = Fixed("appointment", draw(st.integers(0, 4)), start, start + draw(st.integers(0, 5)))
    return Technician(
        name,
        draw(SHIFTS),
        draw(st.sampled_from([None, 0, 1])),
        draw(st.sampled_from([None, 0, 2])),
        max_visits=draw(st.sampled_from([None, None, 2])),
        max_load=draw(st.sampled_from([None, None, 3])),
        lunch=draw(st.none() | BREAKS),
        fixed=draw(st.sampled_from([(), (), (fixed,)])),
        blocked=tuple(draw(st.lists(SPANS, max_size=1))),
        overtime=draw(st.sampled_from([0, 0, 4])),
    )


def _on_duty(technician, second):
    spans = list(technician.shifts)
    close = max(stop for _start, stop in spans)
    spans.append((close, close + technician.overtime))
    working = any(start <= second < stop for start, stop in spans)
    return working and not any(start <= second < stop for start, stop in technician.blocked)


def _break_owed(technician):
    """Look at every second at which the break could begin, on duty and in the gaps of the shift."""
    lunch = technician.lunch
    if lunch is None:
        return False
    opens = min(start for start, _stop in technician.shifts)
    closes = max(stop for _start, stop in technician.shifts)
    off = {s for s in range(opens, closes) if not any(start <= s < stop for start, stop in technician.shifts)}
    begins = [range(begin, begin + lunch.length) for begin in range(lunch.earliest, lunch.latest + 1)]
    standing = {second for stop in technician.fixed for second in range(stop.start, stop.stop)}
    return not any(set(rest) <= off for rest in begins) and any(
        all(_on_duty(technician, second) and second not in standing for second in rest) for rest in begins
    )


def _may_begin(stop, second):
    if isinstance(stop, Fixed):
        return second == stop.start
    return not stop.windows or any(opens <= second <= closes + stop.late for opens, closes in stop.windows)


def earliest_end(problem, technician, stops):
    """Return the first second at which all stops in this order can be done and the technician home, None for never."""
    places = [technician.start, *(stop.place for stop in stops), technician.end]
    legs = [0 if not stops or None in (a, b) else problem.travel[a][b] for a, b in pairwise(places)]
    owed = _break_owed(technician)
    work = [stop.stop - stop.start if isinstance(stop, Fixed) else stop.duration for stop in stops]
    # (stops done, seconds driven on this leg, seconds of work left, seconds of break left, break behind)
    states = {(0, 0, 0, 0, not owed)}
    for second in range(LAST + 1):
        states = _at_once(states, technician, stops, legs, work, second)
        if (len(stops), legs[-1], 0, 0, True) in states:
            return second
        states = {after for state in states for after in _a_second_on(state, technician, stops, legs, work, second)}
    return None


def _at_once(states, technician, stops, legs, work, second):
    """Add the states that work without duration leads to."""
    found, fresh = set(states), list(states)
    while fresh:
        done, driven, left, resting, rested = fresh.pop()
        free = not left and not resting and done < len(stops) and driven == legs[done] and not work[done]
        if free and _on_duty(technician, second) and _may_begin(stops[done], second):
            after = (done + 1, 0, 0, 0, rested)
            if after not in found:
                found.add(after)
                fresh.append(after)
    return found


def _a_second_on(state, technician, stops, legs, work, second):
    """Yield the states a second later."""
    done, driven, left, resting, rested = state
    on_duty = _on_duty(technician, second)
    if left:
        if on_duty:
            yield (done, driven, left - 1, 0, rested) if left > 1 else (done + 1, 0, 0, 0, rested)
        return
    if resting:
        if on_duty:
            yield (done, driven, 0, resting - 1, resting == 1)
        return
    yield state
    if not on_duty:
        return
    if driven < legs[done]:
        yield (done, driven + 1, 0, 0, rested)
    elif done < len(stops) and work[done] and _may_begin(stops[done], second):
        yield (done, driven, work[done] - 1, 0, rested) if work[done] > 1 else (done + 1, 0, 0, 0, rested)
    lunch = technician.lunch
    if not rested and lunch.earliest <= second <= lunch.latest:
        yield (done, driven, 0, lunch.length - 1, lunch.length == 1)


def _limits_kept(technician, stops):
    mine = [stop for stop in stops if isinstance(stop, Visit)]
    return (technician.max_visits is None or len(mine) <= technician.max_visits) and (
        technician.max_load is None or sum(visit.load for visit in mine) <= technician.max_load
    )


@settings(max_examples=250)
@given(travels(), technicians(), visits(3), st.permutations(range(4)))
def test_a_day_is_possible_if_walking_through_it_is(travel, technician, some, order):
    """An order of stops gets a tour exactly if the walk finds a way; it ends as early as the walk, and is no fault."""
    problem = Problem((technician,), some, travel)
    board = Board(problem)
    day = board.days[0]
    nodes = [node for node in order if node < 3 or technician.fixed]
    stops = [board.stop(node) for node in nodes]
    assume(not day.is_broken)
    known = all(day.info[node] is not None for node in nodes)
    tour = build(day, nodes) if known else None
    end = earliest_end(problem, technician, stops) if _limits_kept(technician, stops) else None
    assert (tour is not None) == (end is not None)
    if tour is not None:
        route = route_of(tour)
        assert route.returns == end
        assert faults(problem, plan_of(board, [tour], [], [])) == []


@settings(max_examples=150)
@given(travels(), technicians(), visits(4), st.permutations(range(3)))
def test_the_best_place_is_the_best_of_all(travel, technician, some, order):
    """Of all places in a day insertion finds the cheapest that the walk can go, and none where there is none."""
    problem = Problem((technician,), some, travel, Weights(even=7200**2, late=5, overtime=3))
    board = Board(problem)
    day = board.days[0]
    tour = empty_tour(day)
    for node in order:
        bigger = None if day.is_broken or day.info[node] is None else build(day, [*tour.nodes[1:-1], node])
        tour = bigger or tour
    costs = {}
    for k in range(1, len(tour.nodes)):
        nodes = [*tour.nodes[1:k], 3, *tour.nodes[k:-1]]
        stops = [board.stop(node) for node in nodes]
        if (
            not day.is_broken
            and _limits_kept(technician, stops)
            and earliest_end(problem, technician, stops) is not None
        ):
            costs[k] = build(day, nodes).cost - tour.cost
    cost, position = best_place(tour, 3)
    assert bool(position) == bool(costs)
    if costs:
        assert cost == pytest.approx(min(costs.values()))
        assert costs[position] == pytest.approx(cost)


@settings(max_examples=100)
@given(travels(), technicians(), technicians("Tom"), visits(4))
def test_suggestions_tell_everything(travel, maria, tom, some):
    """Each technician is either an option, whose figures are those of the plan with it, or refused with a reason."""
    problem = Problem((maria, tom), some, travel)
    engine = Engine(problem)
    for visit in some:
        answer = engine.suggest(visit.id)
        named = [one.technician for one in (*answer.options, *answer.refusals)]
        assert sorted(named) == ["Maria", "Tom"]
        assert all(refusal.reasons for refusal in answer.refusals)
        assert [option.cost for option in answer.options] == sorted(option.cost for option in answer.options)
        if answer.options:
            _take(engine, answer.options[0], visit)


def _take(engine, option, visit):
    """Give a visit to the technician of an option and compare."""
    number = [day.technician.id for day in engine.board.days].index(option.technician)
    before = engine.plan()
    engine.place(number, engine.board.node_of[visit.id])
    after = engine.plan()
    stop = after.routes[number].stops[option.position]
    assert (stop.visit, stop.start, stop.leave, stop.driving) == (
        visit.id,
        option.start,
        option.leave,
        option.approach,
    )
    assert after.driving - before.driving == option.driving
    worth = engine.board.problem.weights.worth(visit)
    assert after.cost - before.cost == pytest.approx(option.cost - worth)
    assert sum(option.wishes.values()) == pytest.approx(option.cost)
