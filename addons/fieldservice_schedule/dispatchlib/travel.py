"""Driving times without a map: great circle times a road factor, divided by a speed, with padding.

Times are whole seconds, rounded up, so that they keep the triangle rule (a detour is never shorter); minutes would not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, ceil, cos, dist, radians, sin

EARTH_METRES = 6_371_008.8
"""Mean radius of the earth (IUGG)."""

Place = tuple[float, float] | None


@dataclass(frozen=True)
class Roads:
    """How the straight line becomes time on the road.

    :param factor: road metres for a metre of great circle
    :param speed: kilometres an hour
    :param padding: what is added to be on the safe side, as a part: 0.15 is 15 %
    :param stop: seconds for every way that leads anywhere: parking, walking
    :raise ValueError: factor or speed is not positive, padding or stop is negative
    """

    factor: float = 1.3
    speed: float = 40.0
    padding: float = 0.15
    stop: int = 0

    def __post_init__(self):
        """Refuse roads that lead into the past."""
        if self.factor <= 0 or self.speed <= 0 or self.padding < 0 or self.stop < 0:
            raise ValueError(f"impossible roads {self!r}")

    @property
    def seconds_a_metre(self) -> float:
        """Seconds of driving for a metre of great circle."""
        return self.factor * (1 + self.padding) * 3.6 / self.speed


def is_known(place: Place) -> bool:
    """Return whether a place has coordinates: 0, 0 is what an address shows that nobody has located yet.

    >>> is_known((28.5, -81.4)), is_known((0.0, 0.0)), is_known(None)
    (True, False, False)
    """
    return place is not None and (place[0] != 0 or place[1] != 0)


def unknown(places: Sequence[Place]) -> list[int]:
    """Return the positions of the places without coordinates.

    >>> unknown([(28.5, -81.4), None, (0, 0)])
    [1, 2]
    """
    return [position for position, place in enumerate(places) if not is_known(place)]


def travel_matrix(places: Sequence[Place], roads: Roads | None = None) -> list[list[int]]:
    """Return ``[from][to]`` in whole seconds between places ``(latitude, longitude)`` in degrees.

    :raise ValueError: a place has no coordinates; see ``unknown``

    >>> travel_matrix([(52.52, 13.405), (52.4, 13.06)], Roads(factor=1.3, speed=50, padding=0))
    [[0, 2520], [2520, 0]]
    """
    roads = roads or Roads()
    lost = unknown(places)
    if lost:
        raise ValueError(f"places without coordinates at {lost!r}")
    points = [_on_globe(*place) for place in places]
    scale = 2 * EARTH_METRES * roads.seconds_a_metre
    rows = []
    for number, point in enumerate(points):
        halves = [dist(point, other) / 2 for other in points[:number]]
        # a rounding error may put opposite ends of the earth further apart than its diameter
        row = [ceil(scale * asin(half if half < 1 else 1.0)) for half in halves]
        if roads.stop:
            row = [seconds and seconds + roads.stop for seconds in row]
        rows.append(row)
    return [row + [0] + [lower[number] for lower in rows[number + 1 :]] for number, row in enumerate(rows)]


def breaches(travel: Sequence[Sequence[int]], most: int = 10) -> list[tuple[int, int, int]]:
    """Return up to ``most`` ``(from, over, to)`` where the way over a third place is shorter than the direct one.

    >>> breaches([[0, 5, 20], [5, 0, 5], [20, 5, 0]])
    [(0, 1, 2), (2, 1, 0)]
    """
    found = []
    places = range(len(travel))
    for origin in places:
        for over in places:
            base = travel[origin][over]
            for target, (onward, direct) in enumerate(zip(travel[over], travel[origin], strict=True)):
                if base + onward < direct:
                    found.append((origin, over, target))
                    if len(found) >= most:
                        return found
    return found


def _on_globe(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Return the point of the unit globe at coordinates in degrees."""
    phi, lam = radians(latitude), radians(longitude)
    return cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)
