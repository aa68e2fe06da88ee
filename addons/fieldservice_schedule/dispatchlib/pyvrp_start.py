"""A start for big teams by PyVRP, where it is installed (``pip install 'pyvrp>=0.14,<1'``).

It knows skills, persons, shifts, limits and the worth of visits. It does not know breaks, gaps, several windows of a
visit or evenness: for those the shift is shortened and the windows are widened to one, and the engine takes of its
answer what keeps every rule.
"""

from importlib.util import find_spec

from .board import NO_WAY, Board

BARRED = 10**7
"""Seconds that a way to a visit costs for whom it is not: more than all that is worth doing, yet summed up safely."""


FEWEST = 50
"""Visits below which the search finds what there is by itself."""

MOST_CELLS = 30_000_000
"""Ways in the matrices of all days, 8 bytes each: more would take too much memory."""


def suits(board: Board) -> bool:
    """Return whether PyVRP is installed and the board is of a size for it."""
    nodes = board.size + len(board.fixed) + 2 * len(board.days)
    return board.size >= FEWEST and len(board.days) * nodes**2 <= MOST_CELLS and is_installed()


def is_installed() -> bool:
    """Return whether PyVRP can be imported."""
    return find_spec("pyvrp") is not None


def routes_of(board: Board, seconds: float, seed: int) -> list[tuple[int, list[int]]]:
    """Return ``[(day, nodes in order)]`` that PyVRP finds in so many seconds; appointments that stand are left out.

    :raise ModuleNotFoundError: PyVRP is not installed
    """
    import pyvrp
    from pyvrp.solve import solve
    from pyvrp.stop import MaxRuntime

    result = solve(_data(pyvrp, board), MaxRuntime(seconds), seed=seed % 2**32, collect_stats=False)
    found = []
    for route in result.best.routes():
        nodes = [stop.idx for stop in route if stop.is_client()]
        found.append((route.vehicle_type(), [node for node in nodes if node < board.size]))
    return found


def _data(pyvrp, board: Board):
    """Return a board in PyVRP's terms: a location for each node, a vehicle and a matrix of costs for each day."""
    import numpy

    clients = board.size + len(board.fixed)
    nodes = clients + 2 * len(board.days)
    # driving is cut off where there is no way; a location has none to itself
    durations = numpy.minimum(numpy.array(board.out, dtype=numpy.int64), NO_WAY)
    numpy.fill_diagonal(durations, 0)
    costs = [_costs(numpy, durations, day, clients) for day in board.days]
    return pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _node in range(nodes)],
        [_client(pyvrp, board, node) for node in range(clients)],
        [pyvrp.Depot(node) for node in range(clients, nodes)],
        [_vehicle(pyvrp, day) for day in board.days],
        costs,
        [durations] * len(costs),
    )


def _costs(numpy, durations, day, clients: int):
    """Return the cost of each way for a technician: driving, and at its end what visiting there leaves open."""
    wishes = [BARRED if info is None else round(info[4]) for info in day.info]
    extra = numpy.array([*wishes, *([0] * (len(durations) - clients))], dtype=numpy.int64)
    costs = numpy.minimum(durations * day.board.driving, BARRED).astype(numpy.int64) + extra[numpy.newaxis, :]
    numpy.fill_diagonal(costs, 0)
    return costs


def _client(pyvrp, board: Board, node: int):
    """Return a visit, or an appointment that stands, with the hull of its starts on all days."""
    infos = [day.info[node] for day in board.days if day.info[node] is not None]
    is_visit = node < board.size
    return pyvrp.Client(
        node,
        delivery=[board.visits[node].load if is_visit else 0, 1 if is_visit else 0],
        service_duration=infos[0][3] if infos else 0,
        tw_early=max(min((info[0] for info in infos), default=0), 0),
        tw_late=max(max((info[1] for info in infos), default=0), 0),
        prize=round(min(board.worth[node], BARRED / 2)) if is_visit else BARRED // 2,
        required=False,
    )


def _vehicle(pyvrp, day):
    """Return a day as a vehicle, shorter by its break."""
    closes = max(day.shift_closes, 0)
    opens = min(max(day.opens, 0), closes)
    most = 2**30
    limits = [int(min(limit, most)) for limit in (day.max_load, day.max_visits)]
    return pyvrp.VehicleType(
        capacity=[0, 0] if day.is_broken else limits,
        start_depot=2 * day.number,
        end_depot=2 * day.number + 1,
        tw_early=opens,
        tw_late=closes,
        shift_duration=max(closes - opens - (day.rest[0] if day.rest else 0), 0),
        profile=day.number,
    )
