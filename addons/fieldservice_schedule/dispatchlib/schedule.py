"""From tours to plans: the caller's seconds, ids and wishes."""

from .result import Option, Plan, Route, Stop
from .tour import Tour, lateness, timeline, walked


def route_of(tour: Tour) -> Route:
    """Return a tour as a route: every stop as early as can be, the start of the day as late as that allows."""
    day, nodes = tour.day, tour.nodes
    technician = day.technician.id
    if len(nodes) == 2:
        return Route(technician)
    times, clock, board = timeline(tour), day.clock, day.board
    leaves = day.opens
    if times.rest_leg != 1:
        leaves = times.starts[0] - tour.legs[1]
        times.arrivals[0] = times.starts[0]
    stops = []
    left = clock.start(leaves)
    for k, (node, moments) in enumerate(zip(nodes[1:-1], _moments(tour, times, left), strict=True), 1):
        stops.append(Stop(board.stop(node).id, *moments, tour.legs[k], is_fixed=node >= board.size))
    lunch = None if times.rest is None else clock.start(times.rest)
    ends = max(clock.stop(times.end), stops[-1].leave)
    return Route(technician, tuple(stops), left, ends, tour.driving, tour.worked, lunch)


def _moments(tour: Tour, times, left: int) -> list[tuple[int, int, int]]:
    """Return ``(arrival, start, leave)`` of each stop in the caller's seconds, of a day that begins at ``left``."""
    clock, info = tour.day.clock, tour.day.info
    found = []
    for node, arrival, start in zip(tour.nodes[1:-1], times.arrivals, times.starts, strict=False):
        begin = clock.start(start)
        # what takes no time may happen after a pause that the arrival is before
        moments = (max(clock.stop(arrival), left), begin, begin + info[node][3])
        found.append(moments)
        left = moments[2]
    return found


def wishes_of(board, tours, left_out) -> dict[str, float]:
    """Return the cost of a plan by wish.

    :param left_out: nodes of the visits that nobody got
    """
    costs = {"driving": board.driving * sum(tour.driving for tour in tours)}
    costs["even"] = board.even * sum(tour.worked**2 for tour in tours)
    costs["unserved"] = sum(board.worth[node] for node in left_out)
    for tour in tours:
        for wish, cost in timed_wishes(tour).items():
            costs[wish] = costs.get(wish, 0.0) + cost
        for node in tour.nodes[1:-1]:
            if node < board.size and tour.day.info[node][4]:
                for wish, cost in board.problem.weights.wishes(tour.day.technician, board.visits[node]).items():
                    costs[wish] = costs.get(wish, 0.0) + cost
    return {wish: cost for wish, cost in costs.items() if cost}


def timed_wishes(tour: Tour) -> dict[str, float]:
    """Return what lateness and overtime of a tour cost."""
    day = tour.day
    if not day.is_soft or len(tour.nodes) == 2:
        return {}
    board, times = day.board, timeline(tour)
    weights = board.problem.weights
    late = sum(
        lateness(board.visits[node], day.clock.start(start))
        for node, start in zip(tour.nodes[1:-1], times.starts, strict=True)
        if node < board.size
    )
    return {"late": weights.late * late, "overtime": weights.overtime * max(times.end - day.shift_closes, 0)}


def option_of(before: Tour, node: int, cost: float, position: int) -> Option:
    """Return what ``best_place`` found as an option."""
    day = before.day
    after = walked(day, [*before.nodes[1:position], node, *before.nodes[position:-1]])
    board, info = day.board, day.info[node]
    times = timeline(after)
    moments = _moments(after, times, day.clock.start(day.opens))[position - 1]
    driving = after.driving - before.driving
    wishes = {"driving": driving * board.driving, "even": board.even * (after.worked**2 - before.worked**2)}
    if info[4]:
        wishes |= board.problem.weights.wishes(day.technician, board.visits[node])
    if day.is_soft:
        earlier = timed_wishes(before)
        wishes |= {wish: cost - earlier.get(wish, 0.0) for wish, cost in timed_wishes(after).items()}
    return Option(
        day.technician.id,
        position - 1,
        *moments,
        cost,
        driving,
        after.legs[position],
        {wish: cost for wish, cost in wishes.items() if cost},
    )


def plan_of(board, tours, unassigned, left_out, iterations: int = 0) -> Plan:
    """Return tours, one for each day, and the nodes left out, of which ``unassigned`` tells, as a plan."""
    routes = tuple(route_of(tour) for tour in tours)
    return Plan(routes, tuple(unassigned), wishes_of(board, tours, left_out), iterations)
