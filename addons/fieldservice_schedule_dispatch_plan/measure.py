"""What days of technicians cost, whoever planned them: by the plain order of their stops. No Odoo, no clock."""

from itertools import pairwise
from typing import NamedTuple


class Stop(NamedTuple):
    """A stop of a day: its place in the travel matrix, and when it begins and ends, in seconds."""

    place: int
    start: int
    stop: int


class Measure(NamedTuple):
    """Seconds of driving, of coming late, and of being home after the end of work."""

    driving: int = 0
    late: int = 0
    overtime: int = 0

    def __add__(self, other):
        """Return both together."""
        return Measure(*(mine + others for mine, others in zip(self, other, strict=True)))


def measure(stops, begin, home, closes, travel):
    """Return the `Measure` of a day.

    :param stops: `Stop` in any order
    :param begin: place where the day begins, None when nobody knows
    :param home: place where it ends, None when nobody knows
    :param closes: second at which work ends, None for whenever
    :param travel: ``[from][to]`` in seconds; None is no way, which costs nothing here

    >>> measure([Stop(1, 1000, 1600), Stop(2, 1700, 2000)], 0, 0, 2100, [[0, 300, 200], [300, 0, 400], [200, 400, 0]])
    Measure(driving=900, late=300, overtime=100)
    """
    ordered = sorted(stops, key=lambda stop: (stop.start, stop.stop))
    if not ordered:
        return Measure()
    driving = late = 0
    for before, after in pairwise(ordered):
        way = _way(travel, before.place, after.place)
        driving += way
        late += max(0, before.stop + way - after.start)
    back = _way(travel, ordered[-1].place, home)
    driving += _way(travel, begin, ordered[0].place) + back
    overtime = 0 if closes is None else max(0, ordered[-1].stop + back - closes)
    return Measure(driving, late, overtime)


def _way(travel, origin, target):
    """Return the seconds of a way, 0 where one of the ends or the way itself is unknown."""
    return 0 if origin is None or target is None else travel[origin][target] or 0
