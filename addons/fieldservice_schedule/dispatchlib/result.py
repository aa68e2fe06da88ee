"""What the engine answers: plans, suggestions, and why something cannot be."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """Why a technician cannot take a visit. What ``Reason.data`` holds stands beside each."""

    NO_SKILL = "no_skill"  # skills: those that are missing, sorted
    NOT_ALLOWED = "not_allowed"  # allowed: the persons who may come, sorted
    LOCKED = "locked"  # technician: the person it is locked to, or start: the second
    OFF_SHIFT = "off_shift"  # shifts, windows, duration: no start lies in both
    TAKEN = "taken"  # by: ids of fixed stops, spans: blocked ones, that leave no time
    WINDOW = "window"  # earliest: the first moment of being there on an empty day, closes: the last start
    END_OF_DAY = "end_of_day"  # over: seconds that the way home would end after the shift, on an empty day
    UNREACHABLE = "unreachable"  # place: no way there or back
    BREAK = "break"  # earliest, latest, length: it fits only without the break
    MAX_VISITS = "max_visits"  # limit
    MAX_LOAD = "max_load"  # limit, load: of the day with it
    DAY_FULL = "day_full"  # visits: those that are planned and leave no room
    FIXED_CLASH = "fixed_clash"  # fixed: appointments of the day that cannot all be kept
    TOO_COSTLY = "too_costly"  # cost: of the best place, worth: what leaving it out costs


@dataclass(frozen=True)
class Reason:
    """One machine-readable reason; the caller finds the words."""

    code: Code
    data: Mapping = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Refusal:
    """A technician who cannot take a visit, and every reason that was found."""

    technician: Hashable
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Option:
    """A technician who can take a visit at ``position`` among the day's stops.

    :param cost: what the plan's cost grows by; ``wishes`` says from what
    :param driving: seconds of driving more than without it
    :param approach: seconds of driving from the stop before
    """

    technician: Hashable
    position: int
    arrival: int
    start: int
    leave: int
    cost: float
    driving: int
    approach: int
    wishes: Mapping[str, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Answer:
    """Who can do a visit: options, the cheapest first, and refusals, those with the fewest reasons first."""

    visit: Hashable
    options: tuple[Option, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Stop:
    """One stop of a day: a visit or, if ``is_fixed``, an appointment that stood.

    :param driving: seconds of driving from the stop before
    """

    visit: Hashable
    arrival: int
    start: int
    leave: int
    driving: int
    is_fixed: bool = False


@dataclass(frozen=True)
class Route:
    """A technician's day: stops in order. A day without stops does not leave: all figures are 0 then.

    :param lunch: when the break begins; None when none is owed or nobody leaves
    """

    technician: Hashable
    stops: tuple[Stop, ...] = ()
    leaves: int = 0
    returns: int = 0
    driving: int = 0
    work: int = 0
    lunch: int | None = None


@dataclass(frozen=True)
class Unassigned:
    """A visit that nobody got.

    :param is_impossible: nobody could do it on an empty day either
    """

    visit: Hashable
    refusals: tuple[Refusal, ...]
    is_impossible: bool = False


@dataclass(frozen=True)
class Plan:
    """Who does what when; one route for each technician, in the problem's order.

    :param wishes: ``{wish: cost}``: driving, even, preferred, previous, territory, moved, late, overtime, unserved
    :param iterations: how many tries it took
    """

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...] = ()
    wishes: Mapping[str, float] = field(default_factory=dict, hash=False)
    iterations: int = 0

    @classmethod
    def of(cls, days: Mapping[Hashable, Sequence[Hashable]]) -> "Plan":
        """Return a plan without times from ``{technician row: its visits in order}``: only good to begin with.

        >>> Plan.of({"Maria": ["leak", "boiler"]}).persons()
        {'leak': 'Maria', 'boiler': 'Maria'}
        """
        routes = (Route(row, tuple(Stop(visit, 0, 0, 0, 0) for visit in visits)) for row, visits in days.items())
        return cls(tuple(routes))

    @property
    def cost(self) -> float:
        """The sum of all wishes, in seconds of driving."""
        return sum(self.wishes.values())

    @property
    def driving(self) -> int:
        """Seconds of driving of all days."""
        return sum(route.driving for route in self.routes)

    def persons(self) -> dict[Hashable, Hashable]:
        """Return ``{visit: technician row}`` of the visits that somebody got."""
        return {stop.visit: route.technician for route in self.routes for stop in route.stops if not stop.is_fixed}
