"""Solomon's instances of the vehicle routing problem with time windows, and their best known solutions.

Distances are Euclidean, cut off after one decimal (the DIMACS convention); here they are whole tenths.
"""

import math
from pathlib import Path

from dispatchlib import Problem, Technician, Visit, Weights

DATA = Path(__file__).parent / "data"
TENTHS = 10


def names() -> list[str]:
    """Return the names of the instances at hand, sorted."""
    return sorted(path.stem for path in DATA.glob("*.txt"))


def read(name: str) -> Problem:
    """Return an instance as a problem: vehicles are technicians, customers must be served."""
    numbers = [line.split() for line in (DATA / f"{name}.txt").read_text().splitlines()]
    numbers = [list(map(int, line)) for line in numbers if line and all(word.isdigit() for word in line)]
    (vehicles, capacity), depot, customers = numbers[0], numbers[1], numbers[2:]
    points = [(x, y) for _number, x, y, *_rest in numbers[1:]]
    travel = [[int(TENTHS * math.dist(a, b) + 1e-9) for b in points] for a in points]
    day = ((depot[4] * TENTHS, depot[5] * TENTHS),)
    technicians = tuple(Technician(number, day, 0, 0, max_load=capacity) for number in range(vehicles))
    visits = tuple(
        Visit(number, number, service * TENTHS, ((ready * TENTHS, due * TENTHS),), load=demand, must=True)
        for number, _x, _y, demand, ready, due, service in customers
    )
    return Problem(technicians, visits, travel, Weights())


def best_known(name: str) -> int:
    """Return the cost of the best known solution in tenths."""
    last = (DATA / f"{name}.sol").read_text().split()[-1]
    return round(float(last) * TENTHS)
