"""What firms do without an engine. Each keeps every hard rule: what does not fit is left out.

All take the visits as they come in, which is their order in the problem.
"""

from dispatchlib import Engine, Plan
from dispatchlib.engine import inserted
from dispatchlib.insertion import best_place
from dispatchlib.tour import build


def round_robin(engine: Engine) -> Plan:
    """Each visit goes to the next technician in turn, at the end of his day, or to the first after him who can."""
    turn, count = 0, len(engine.tours)
    for node in range(engine.board.size):
        for step in range(count):
            number = (turn + step) % count
            if _append(engine, number, node):
                turn = number + 1
                break
    return engine.plan()


def zone_rule(engine: Engine) -> Plan:
    """Each visit goes to the first technician of its territory, at the end of his day, until that is full."""
    for node in range(engine.board.size):
        territory = engine.board.visits[node].territory
        for number, day in enumerate(engine.board.days):
            if territory in day.technician.territories and _append(engine, number, node):
                break
    return engine.plan()


def nearest_neighbour(engine: Engine) -> Plan:
    """Each technician drives from stop to the nearest visit that he can do, technician by technician."""
    board = engine.board
    for number in range(len(engine.tours)):
        while True:
            last = _last_visit(engine, number)
            near = sorted(engine.absent, key=lambda node: board.out[last][node])
            if not any(_append(engine, number, node) for node in near):
                break
    return engine.plan()


def cheapest_place(engine: Engine) -> Plan:
    """Each visit goes where it is cheapest at that moment, and is never moved again."""
    for node in range(engine.board.size):
        costs = [best_place(tour, node)[0] for tour in engine.tours]
        number = min(range(len(costs)), key=costs.__getitem__)
        if costs[number] < engine.board.worth[node]:
            engine.place(number, node)
    return engine.plan()


WAYS = {
    "round robin": round_robin,
    "zone rule": zone_rule,
    "nearest neighbour": nearest_neighbour,
    "cheapest place, never moved": cheapest_place,
}


def _last_visit(engine, number):
    nodes = engine.tours[number].nodes
    return next((node for node in reversed(nodes[1:-1]) if node < engine.board.size), nodes[0])


def _append(engine, number, node) -> bool:
    """Put a visit after the others of a day, before or after what is fixed; return whether it fits."""
    tour = engine.tours[number]
    if tour.day.is_broken or tour.day.info[node] is None:
        return False
    last = max((k for k, other in enumerate(tour.nodes[:-1]) if k and other < engine.board.size), default=0)
    for position in range(last + 1, len(tour.nodes)):
        if build(tour.day, [*tour.nodes[1:position], node, *tour.nodes[position:-1]]) is not None:
            engine.tours[number] = inserted(tour, node, position)
            engine.absent.discard(node)
            return True
    return False
