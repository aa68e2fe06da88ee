"""What one plan changes in another: the preview before anything is applied."""

from collections.abc import Hashable
from dataclasses import dataclass

from .result import Plan


@dataclass(frozen=True)
class Move:
    """A visit that changes hands or time. None of a technician or a start is "nobody has it".

    :param technician: rows ``(before, after)``
    :param start: seconds ``(before, after)``
    """

    visit: Hashable
    technician: tuple[Hashable | None, Hashable | None]
    start: tuple[int | None, int | None]


@dataclass(frozen=True)
class Changes:
    """What a plan changes; savings are positive where it is better than the one before.

    :param moves: the visits that change hands, are placed or dropped
    :param retimed: the visits that stay with their technician at another time
    :param wishes: ``{wish: cost saved}``
    """

    moves: tuple[Move, ...]
    retimed: tuple[Move, ...]
    driving_saved: int
    unassigned_saved: int
    wishes: dict


def changes(before: Plan, after: Plan) -> Changes:
    """Return what ``after`` changes in ``before``, visits in the order of ``after``'s days, those it drops last."""
    old, new = _places(before), _places(after)
    found = []
    for visit in [*new, *(visit for visit in old if visit not in new)]:
        was, is_now = old.get(visit, (None, None)), new.get(visit, (None, None))
        if was != is_now:
            found.append(Move(visit, (was[0], is_now[0]), (was[1], is_now[1])))
    wishes = {
        wish: before.wishes.get(wish, 0) - after.wishes.get(wish, 0) for wish in {**before.wishes, **after.wishes}
    }
    return Changes(
        tuple(move for move in found if move.technician[0] != move.technician[1]),
        tuple(move for move in found if move.technician[0] == move.technician[1]),
        before.driving - after.driving,
        len(before.unassigned) - len(after.unassigned),
        {wish: saved for wish, saved in wishes.items() if saved},
    )


def _places(plan: Plan) -> dict:
    """Return ``{visit: (technician row, start)}``."""
    return {
        stop.visit: (route.technician, stop.start) for route in plan.routes for stop in route.stops if not stop.is_fixed
    }
