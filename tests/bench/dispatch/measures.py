"""The measurements. Every plan goes through the validator; a fault ends the run.

Seconds are those of the processor: others may keep the machine busy.
"""

import statistics
import time
from dataclasses import replace
from functools import partial

from dispatchlib import Bounds, Engine, Problem, Visit, faults, make_plan
from dispatchlib.insertion import best_place
from dispatchlib.pyvrp_start import is_installed

from dispatch import city, solomon
from dispatch.report import table, title
from dispatch.ways import WAYS


def planned(problem, seconds, **options):
    """Return a plan that the validator has nothing against."""
    return checked(problem, make_plan(problem, Bounds(seconds=seconds, clock=time.process_time), **options))


def checked(problem, plan):
    """Return a plan; raise when it breaks a rule."""
    wrong = faults(problem, plan)
    if wrong:
        raise AssertionError(f"{len(wrong)} faults, the first: {wrong[0]}")
    return plan


def textbook(seconds, _days):
    """Solomon's instances: the gap to the best known solution."""
    title(f"Solomon, {seconds:g} s")
    rows = []
    for name in solomon.names():
        problem, best = solomon.read(name), solomon.best_known(name)
        plan = planned(problem, seconds)
        gap = 100 * (plan.cost / best - 1)
        used = sum(bool(route.stops) for route in plan.routes)
        rows.append((name, best / 10, plan.cost / 10, f"{gap:.2f}", used, len(plan.unassigned), plan.iterations))
    table(("instance", "best known", "ours", "gap %", "vehicles", "left out", "iterations"), rows)
    print(f"Mean gap {statistics.mean(float(row[3]) for row in rows):.2f} %\n", flush=True)


def days_of_a_city(seconds, days):
    """Made-up days, the engine beside what firms do without one."""
    for size, technicians in city.SIZES.items():
        title(f"{size} visits, {technicians} technicians, {days} days, {seconds:g} s")
        figures = {name: [] for name in (*WAYS, "engine")}
        for seed in range(days):
            problem = city.city_day(size, seed=seed)
            for name, way in WAYS.items():
                figures[name].append(_figures(problem, checked(problem, way(Engine(problem)))))
            figures["engine"].append(_figures(problem, planned(problem, seconds, seed=seed)))
        heads = (
            "way",
            "driving h",
            "min a visit",
            "left out",
            "urgent missed",
            "cost h",
            "open wishes h",
            "served",
            "gaps h",
        )
        table(heads, [(name, *_means(rows)) for name, rows in figures.items()])
        _saved(figures)


def _figures(problem, plan):
    priority = {visit.id: visit.priority for visit in problem.visits}
    missed = sum(priority[one.visit] == city.URGENT for one in plan.unassigned)
    served = len(problem.visits) - len(plan.unassigned)
    wishes = sum(cost for wish, cost in plan.wishes.items() if wish not in ("driving", "unserved", "even"))
    return (
        plan.driving / 3600,
        plan.driving / 60 / max(served, 1),
        len(plan.unassigned),
        missed,
        plan.cost / 3600,
        wishes / 3600,
        served,
        sum(_idle(route) for route in plan.routes) / 3600,
    )


def _idle(route):
    """Return the seconds of a day from leaving to coming home in which nobody works or drives; lunch is among them."""
    return max(0, route.returns - route.leaves - route.driving - route.work)


def _means(rows):
    return [f"{statistics.mean(column):.1f}" for column in zip(*rows, strict=True)]


def _saved(figures):
    """Print what the engine saves of the driving a visit."""
    for name in WAYS:
        parts = [1 - ours[1] / theirs[1] for ours, theirs in zip(figures["engine"], figures[name], strict=True)]
        mean, least, most = statistics.mean(parts), min(parts), max(parts)
        print(f"- saved beside {name}: {mean:.0%} of the driving a visit ({least:.0%} to {most:.0%})")
    print(flush=True)


def more_time(_seconds, days):
    """How far a plan of a few seconds is from the best that is known here: that of 30 s, or any other."""
    title("Cost above the best plan found, %")
    rows = []
    for size in (100, 200):
        gaps = []
        for seed in range(days):
            problem = city.city_day(size, seed=seed)
            plans = [planned(problem, seconds, seed=seed) for seconds in (1, 5, 30)]
            if is_installed():
                plans += [planned(problem, seconds, seed=seed, use_pyvrp=True) for seconds in (5, 30)]
            best = min(plan.cost for plan in plans)
            gaps.append([100 * (plan.cost / best - 1) for plan in plans])
        rows.append(
            (f"{size} x {city.SIZES[size]}", *(f"{statistics.mean(column):.1f}" for column in zip(*gaps, strict=True)))
        )
    table(
        ("visits x technicians", "1 s", "5 s", "30 s", *(["5 s, PyVRP", "30 s, PyVRP"] if is_installed() else [])), rows
    )


def one_question(_seconds, _days):
    """Who can do this? One visit over 25 technicians, with every figure and reason; on full days and on others."""
    title("One visit over 25 technicians")
    rows = [_questions(visits) for visits in (100, 150, 200)]
    heads = (
        "visits planned",
        "questions",
        "median ms",
        "longest ms",
        "options",
        "best place only, ms",
        "laying out ms",
    )
    table(heads, rows)


def _questions(visits):
    problem = city.city_day(visits, 25)
    plan = make_plan(problem, Bounds(iterations=300))
    taken, bare, answers = [], [], []
    for stop in (route.stops[0] for route in plan.routes if route.stops):
        kept = tuple(replace(route, stops=tuple(one for one in route.stops if one != stop)) for route in plan.routes)
        engine = Engine(problem, replace(plan, routes=kept))
        look = partial(_best_places, engine, engine.board.node_of[stop.visit])
        bare.append(_milliseconds(look))
        engine = Engine(problem, replace(plan, routes=kept))
        ask = partial(engine.suggest, stop.visit)
        taken.append(_milliseconds(lambda ask=ask: answers.append(ask())))
    spread = (
        f"{statistics.median(taken):.2f}",
        f"{max(taken):.2f}",
        f"{statistics.mean(len(answer.options) for answer in answers):.1f}",
    )
    laying_out = _milliseconds(lambda: Engine(problem, plan))
    return (visits, len(taken), *spread, f"{statistics.median(bare):.2f}", f"{laying_out:.0f}")


def _best_places(engine, node):
    return [best_place(tour, node) for tour in engine.tours]


def _milliseconds(function):
    start = time.process_time()
    function()
    return 1000 * (time.process_time() - start)


def new_plan_at_noon(_seconds, days):
    """One technician is sick, three urgent orders come in: warm from the present plan, and cold."""
    title("One technician sick, three urgent orders more, 200 visits, 25 technicians")
    rows = []
    for seconds in (0.2, 0.5, 1.0):
        pairs = []
        for seed in range(days):
            problem, plan = morning(seed)
            pairs.append(
                [_moves(problem, one) for one in (planned(problem, seconds, start=plan), planned(problem, seconds))]
            )
        for name, column in zip(("warm", "cold"), zip(*pairs, strict=True), strict=True):
            rows.append((f"{seconds:g}", name, *_means(column)))
    table(("seconds", "start", "cost h", "visits that change hands", "left out", "urgent missed"), rows)


def morning(seed) -> tuple[Problem, object]:
    """Return the day with its news, and the plan of before."""
    before = city.city_day(200, seed=seed)
    plan = make_plan(before, Bounds(iterations=4000), seed=seed)
    persons = plan.persons()
    sick = before.technicians[seed].id
    visits = tuple(
        replace(visit, current=None if persons.get(visit.id) == sick else persons.get(visit.id))
        for visit in before.visits
    )
    news = tuple(Visit(f"news {number}", number * 7, 2700, priority=city.URGENT) for number in range(3))
    people = tuple(
        replace(one, shifts=() if one.id == sick else one.shifts, fixed=() if one.id == sick else one.fixed)
        for one in before.technicians
    )
    return Problem(people, visits + news, before.travel, before.weights), plan


def _moves(problem, plan):
    now = plan.persons()
    moved = sum(
        visit.current is not None and now.get(visit.id) not in (None, visit.current) for visit in problem.visits
    )
    missed = sum(
        one.visit in {visit.id for visit in problem.visits if visit.priority == city.URGENT} for one in plan.unassigned
    )
    return plan.cost / 3600, moved, len(plan.unassigned), missed


ALL = {
    "solomon": textbook,
    "city": days_of_a_city,
    "time": more_time,
    "question": one_question,
    "replan": new_plan_at_noon,
}
