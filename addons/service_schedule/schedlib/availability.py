"""What can be booked, why a time cannot, and which lane to take.

The three agree: what is offered has no reason against it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import compress
from zoneinfo import ZoneInfo

from .grid import Grid
from .lanes import Claim, busy_lanes, fitting_lanes, free_lanes, places
from .policy import Policy, Reason, notice_reasons
from .spans import Spans, covers, intersect, normalise


@dataclass(frozen=True)
class Supply:
    """One resource: its number of lanes, when it works (None is always) and what is claimed on it, buffers included."""

    id: int
    lanes: int
    hours: Spans | None
    claims: list[Claim]

    @cached_property
    def busy(self) -> dict[int, Spans]:
        """Return ``{lane: busy spans}``, sorted once for all the grids that ask."""
        return busy_lanes(self.claims, self.lanes)

    def masks(self, grid: Grid, policy: Policy) -> list[int]:
        """Return the mask of free lanes of each candidate; see ``lanes.free_masks``."""
        return free_lanes(grid, self.hours, self.busy, self.lanes, *policy.buffers(grid.key))


@dataclass(frozen=True)
class Slot:
    """A time that can be booked: stamps ``[start, stop)``, the window's id or None, the places left and where."""

    start: int
    stop: int
    key: int | None
    places: int
    resource_ids: tuple[int, ...]


def offered(
    grid: Grid,
    opening: Spans,
    supplies: Sequence[Supply],
    policy: Policy,
    earliest: int,
    latest: int,
    width: int = 1,
) -> list[Slot]:
    """Return the candidates of ``grid`` that can be booked, in the order of their starts.

    A candidate can be booked if it starts within ``[earliest, latest)``, lies within ``opening``, and some resource
    that works then has ``width`` adjacent lanes free, buffers included. For windows buffers do not apply: a window is
    capacity, not one visit.

    :param earliest: stamp, as ``latest``: what ``notice`` returns
    :param opening: when the service point is open, public holidays left out
    :return: ``resource_ids`` are those that have a place, in the order of ``supplies``; ``places`` counts all of theirs
    :raise ValueError: ``width`` is not positive
    """
    grid = grid.starting(earliest, latest).within(opening)
    if not grid.starts:
        return []
    ids = [supply.id for supply in supplies]
    counts = zip(*(_count_places(supply, grid, policy, width) for supply in supplies), strict=True)
    return [
        Slot(start, stop, grid.key, total, tuple(compress(ids, row)))
        for start, stop, row in zip(grid.starts, grid.stops, counts, strict=bool(supplies))
        if (total := sum(row))
    ]


def _count_places(supply: Supply, grid: Grid, policy: Policy, width: int) -> list[int]:
    """Return how many places a resource has left for each candidate."""
    masks = supply.masks(grid, policy)
    if supply.lanes == 1 and width == 1:
        return masks
    known = {mask: places(mask, width) for mask in set(masks)}
    return [known[mask] for mask in masks]


def reasons(
    start: int,
    stop: int,
    key: int | None,
    opening: Spans,
    supplies: Sequence[Supply],
    policy: Policy,
    now: datetime,
    zone: ZoneInfo,
    width: int = 1,
    leaves: Spans | None = None,
) -> list[Reason]:
    """Return every rule that booking ``[start, stop)`` would break, all at once; none when it can be booked.

    PAST or TOO_SOON and TOO_FAR as ``notice_reasons``. HOLIDAY or CLOSED (both, when it lies partly in a holiday and
    partly outside the hours) when it is not wholly within ``opening``. Then NO_RESOURCE without any; ON_LEAVE when the
    service point is open but no resource works; FULL when some resource works but none has ``width`` adjacent lanes
    free.

    :param key: the window's id, None for a chosen time; buffers do not apply to windows
    :param opening: when the service point is open, public holidays left out
    :param now: aware instant
    :param zone: of the service point
    :param leaves: the public holidays, to tell a holiday from a closed hour
    :raise ValueError: ``now`` is naive, or ``width`` is not positive
    """
    closed = _closed_reasons(start, stop, opening, leaves or [])
    return [
        *notice_reasons(policy, start, now, zone),
        *closed,
        *_supply_reasons(Grid((start,), (stop,), key), supplies, policy, width, is_open=not closed),
    ]


def _closed_reasons(start: int, stop: int, opening: Spans, leaves: Spans) -> list[Reason]:
    """Return HOLIDAY, CLOSED or both for what does not lie within ``opening``."""
    if covers(opening, start, stop):
        return []
    holiday = [Reason.HOLIDAY] if intersect([(start, stop)], leaves) else []
    if holiday and covers(normalise([*opening, *leaves]), start, stop):
        return holiday
    return [*holiday, Reason.CLOSED]


def _supply_reasons(grid: Grid, supplies: Sequence[Supply], policy: Policy, width: int, is_open: bool) -> list[Reason]:
    """Return why no resource can take the one candidate of ``grid``."""
    if not supplies:
        return [Reason.NO_RESOURCE]
    candidate = grid.starts[0], grid.stops[0]
    working = [supply for supply in supplies if supply.hours is None or covers(supply.hours, *candidate)]
    if not working:
        return [Reason.ON_LEAVE] if is_open else []
    if any(places(supply.masks(grid, policy)[0], width) for supply in working):
        return []
    return [Reason.FULL]


def pick(
    start: int, stop: int, key: int | None, supplies: Iterable[Supply], policy: Policy, width: int = 1
) -> list[tuple[int, int]]:
    """Return the ``(resource id, lane)`` to try for ``[start, stop)``, best first; none when it is full.

    First the lowest fitting lane of each resource, in the order of ``supplies``; then the remaining lanes, so that who
    loses a race can try the next.

    :param key: the window's id, None for a chosen time; buffers do not apply to windows
    :raise ValueError: ``width`` is not positive
    """
    grid = Grid((start,), (stop,), key)
    fitting = [(supply.id, fitting_lanes(supply.masks(grid, policy)[0], width)) for supply in supplies]
    firsts = [(resource_id, lanes[0]) for resource_id, lanes in fitting if lanes]
    return firsts + [(resource_id, lane) for resource_id, lanes in fitting for lane in lanes[1:]]
