"""What a dispatcher knows: technicians' days, visits, driving times and the weights of the wishes."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int]


@dataclass(frozen=True)
class Break:
    """A rest of ``length`` seconds that begins within ``[earliest, latest]``, between two stops or on the road.

    It is owed unless a gap of the shift already gives it, or the shift and what stands in it leave no room.
    """

    length: int
    earliest: int
    latest: int


@dataclass(frozen=True)
class Fixed:
    """An appointment of a technician that stands: there, from ``start`` to ``stop``, whatever is planned around it."""

    id: Hashable
    place: int
    start: int
    stop: int


@dataclass(frozen=True)
class Technician:
    """One technician on one day. Several days of a person are several of these with the same ``person``.

    :param id: names the row, for example ``(person, date)``
    :param shifts: spans of working time; in the gaps between them (leave, a lunch hour) driving pauses
    :param start: place where the day begins; None begins at the first stop, at no cost
    :param end: place where the day ends; None ends at the last stop
    :param person: whom visits name in ``allowed``, ``preferred`` and so on; None is ``id``
    :param territories: where the person works; empty is anywhere
    :param max_visits: most visits of the day, fixed appointments not counted; None is no limit
    :param max_load: most load of the day's visits together; None is no limit
    :param lunch: the break that is owed on this day; None is none
    :param fixed: appointments with a place that stand
    :param blocked: spans that are taken without a place, for example reservations of another kind
    :param overtime: seconds that the day may go on after the last shift, at a cost
    """

    id: Hashable
    shifts: tuple[Span, ...]
    start: int | None = None
    end: int | None = None
    person: Hashable = None
    skills: frozenset = frozenset()
    territories: frozenset = frozenset()
    max_visits: int | None = None
    max_load: int | None = None
    lunch: Break | None = None
    fixed: tuple[Fixed, ...] = ()
    blocked: tuple[Span, ...] = ()
    overtime: int = 0

    def __post_init__(self):
        """Let the person be the row's id where none is named."""
        if self.person is None:
            object.__setattr__(self, "person", self.id)


@dataclass(frozen=True)
class Visit:
    """One piece of work at a place.

    :param duration: seconds of work
    :param windows: spans ``(opens, closes)`` in which the work may begin, both ends included; empty is any time
    :param skills: all of them are needed
    :param allowed: the only persons who may come; None is everybody
    :param preferred: persons whom the customer wants; empty is no wish
    :param previous: persons who were here before; empty is nobody
    :param priority: 0 is normal; higher ones cost more to leave out, see ``Weights.unserved``
    :param must: left out only if there is no way, at ``Weights.must``
    :param load: what it takes of a technician's ``max_load``
    :param technician: the person it is locked to; None is not locked
    :param start: the second it is locked to begin at; None is not locked
    :param territory: where it is; None is nowhere in particular
    :param late: seconds that it may begin after a window closes, at a cost
    :param current: the person who has it now; another one costs ``Weights.moved``
    """

    id: Hashable
    place: int
    duration: int
    windows: tuple[Span, ...] = ()
    skills: frozenset = frozenset()
    allowed: frozenset | None = None
    preferred: frozenset = frozenset()
    previous: frozenset = frozenset()
    priority: int = 0
    must: bool = False
    load: int = 0
    technician: Hashable = None
    start: int | None = None
    territory: Hashable = None
    late: int = 0
    current: Hashable = None

    @property
    def is_locked(self) -> bool:
        """Whether a person or a time was decided by hand."""
        return self.technician is not None or self.start is not None


@dataclass(frozen=True)
class Weights:
    """What the wishes are worth, in seconds of driving.

    :param driving: a second of driving
    :param even: the square of a technician's hours of work: with 60, an hour for one who has 6 rather than for one who
        has 2 costs ``60 * 2 * 4`` seconds
    :param preferred: a visit that wants somebody and gets another
    :param previous: a visit that somebody knows and another gets
    :param territory: a visit outside the technician's territories
    :param moved: a visit taken from the person who has it now
    :param unserved: a visit left out, by priority; the last one counts for all higher priorities
    :param must: a visit left out that must be done, or that is locked
    :param late: a second that work begins after its window
    :param overtime: a second that a day ends after its last shift
    """

    driving: float = 1.0
    even: float = 0.0
    preferred: float = 1200.0
    previous: float = 600.0
    territory: float = 900.0
    moved: float = 1800.0
    unserved: tuple[float, ...] = (7200.0, 14400.0, 28800.0, 86400.0)
    must: float = 1_000_000.0
    late: float = 5.0
    overtime: float = 3.0

    def worth(self, visit: Visit) -> float:
        """Return what leaving a visit out costs.

        >>> Weights(unserved=(10, 20)).worth(Visit(1, 0, 60, priority=3))
        20
        """
        if visit.must or visit.is_locked:
            return self.must
        return self.unserved[min(visit.priority, len(self.unserved) - 1)]

    def wishes(self, technician: Technician, visit: Visit) -> dict[str, float]:
        """Return ``{wish: cost}`` of the wishes that a visit with a technician leaves open, whatever the time.

        >>> Weights().wishes(Technician("Tom", ()), Visit(1, 0, 60, preferred=frozenset({"Maria"})))
        {'preferred': 1200.0}
        """
        person, costs = technician.person, {}
        if visit.preferred and person not in visit.preferred:
            costs["preferred"] = self.preferred
        if visit.previous and person not in visit.previous:
            costs["previous"] = self.previous
        if visit.territory is not None and technician.territories and visit.territory not in technician.territories:
            costs["territory"] = self.territory
        if visit.current is not None and visit.current != person:
            costs["moved"] = self.moved
        return costs


@dataclass(frozen=True)
class Problem:
    """What is to be planned. All times are whole seconds since an instant that the caller chose (see ``Horizon``).

    :param travel: ``travel[from place][to place]`` in whole seconds of driving; None is no way
    :raise ValueError: two technicians or visits have the same id, a place is not in ``travel``, a duration is negative
    """

    technicians: tuple[Technician, ...]
    visits: tuple[Visit, ...]
    travel: Sequence[Sequence[int | None]]
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self):
        """Refuse what could only be a mistake of the caller."""
        for rows in (self.technicians, self.visits):
            ids = [row.id for row in rows]
            if len(set(ids)) < len(ids):
                raise ValueError(f"ids that are not unique: {ids!r}")
        places = {visit.place for visit in self.visits}
        for technician in self.technicians:
            places |= {technician.start, technician.end, *(stop.place for stop in technician.fixed)}
        wrong = {place for place in places if place is not None and not 0 <= place < len(self.travel)}
        if wrong or any(len(row) != len(self.travel) for row in self.travel):
            raise ValueError(f"travel of {len(self.travel)} places, which lacks {sorted(wrong)!r} or is not square")
        if any(visit.duration < 0 for visit in self.visits):
            raise ValueError(f"negative durations: {[visit.id for visit in self.visits if visit.duration < 0]!r}")
