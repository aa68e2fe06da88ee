"""A plain model of a book of reservations: what may be taken, and what comes of it.

Lists, loops and whole seconds; none of the addon's code. Rows know where they lie because the machine told them after
it saw that the place was free: which of several free places is taken is the addon's affair.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

MINUTE = 60
CLAIMING = ("held", "confirmed")
GONE = ("released", "expired")

# local days in New York, four hours behind UTC then
DAYS = {day: int(datetime(2026, 10, day, 4, tzinfo=UTC).timestamp()) for day in (20, 21)}
OPEN = (8 * 60, 20 * 60)
WINDOWS = {"MORNING": (8 * 60, 12 * 60), "AFTERNOON": (12 * 60, 17 * 60), "EVENING": (17 * 60, 20 * 60)}


class Refused(Exception):
    """The model says no."""


@dataclass(frozen=True)
class Offer:
    """What can be booked; minutes. ``resources`` are names."""

    name: str
    resources: tuple
    duration: int
    step: int
    before: int = 0
    after: int = 0
    lead: int = 0
    cutoff: int = 0
    hold: int = 15
    windows: bool = False


@dataclass(frozen=True)
class Choice:
    """A day, and minutes of it or the code of a window."""

    day: int
    minutes: int = 0
    window: str | None = None

    def span(self, offer):
        """Return ``(start, stop)`` in seconds."""
        first, last = WINDOWS[self.window] if self.window else (self.minutes, self.minutes + offer.duration)
        return DAYS[self.day] + first * MINUTE, DAYS[self.day] + last * MINUTE


@dataclass(eq=False)
class Row:
    """A reservation as the model believes it to be."""

    id: int
    offer: Offer
    state: str
    choice: Choice
    resource: str
    lane: int
    lanes: int
    expires: int | None = None
    holder: str | None = None
    is_chosen: bool = False
    trouble: str | None = None
    revision: int = 0
    kinds: list = field(default_factory=list)

    @property
    def span(self):
        """``(start, stop)``."""
        return self.choice.span(self.offer)

    @property
    def blocked(self):
        """``(start, stop)`` with buffers; a window has none."""
        return blocked(self.offer, self.choice)


def blocked(offer, choice):
    """Return what a choice of an offer keeps others from, in seconds."""
    start, stop = choice.span(offer)
    return (start, stop) if choice.window else (start - offer.before * MINUTE, stop + offer.after * MINUTE)


def meet(one, other):
    """Return whether two half-open spans share a moment."""
    return one[0] < other[1] and other[0] < one[1]


class Book:
    """All rows, the clock, who is away when, and how many places there are."""

    def __init__(self, now, places):
        self.now = now
        self.places = dict(places)
        self.rows = []
        self.away = {}

    # -- What is free ---------------------------------------------------------------------------

    def is_live(self, row):
        """Return whether a row is a hold that has not ended."""
        return row.state == "held" and row.expires > self.now

    def counts(self, row):
        """Return whether a row keeps its time from others."""
        return row.state == "confirmed" or self.is_live(row)

    def is_away(self, name, span):
        """Return whether a resource, or with None the whole shop, is away during a part of a span."""
        return any(who == name and meet(when, span) for who, when in self.away.values())

    def free(self, offer, choice, lanes=1, resources=None, ignore=None):
        """Return ``[(resource, lane)]`` of all places that could be taken, whatever notice says."""
        found = []
        for name in offer.resources:
            if (resources is None or name in resources) and not self.is_away(name, choice.span(offer)):
                taken = self.taken(name, blocked(offer, choice), ignore)
                found += [
                    (name, lane)
                    for lane in range(self.places[name] - lanes + 1)
                    if not taken & set(range(lane, lane + lanes))
                ]
        return found

    def taken(self, name, span, ignore=None):
        """Return the set of places of a resource that others keep during a part of a span."""
        return {
            lane
            for row in self.rows
            if row is not ignore and row.resource == name and self.counts(row) and meet(row.blocked, span)
            for lane in range(row.lane, row.lane + row.lanes)
        }

    def is_on_the_list(self, offer, choice, by_staff):
        """Return whether a choice is one that the shop offers at all at this moment, taken or not."""
        start, stop = choice.span(offer)
        open_from, open_until = (DAYS[choice.day] + minutes * MINUTE for minutes in OPEN)
        return (
            (offer.windows if choice.window else choice.minutes % offer.step == 0)
            and open_from <= start
            and stop <= open_until
            and not self.is_away(None, (start, stop))
            and start > self.now
            and (by_staff or start >= self.now + offer.lead * MINUTE)
        )

    def takeable(self, offer, choice, lanes=1, resources=None, by_staff=False, ignore=None):
        """Return the places that may be taken.

        :raise Refused: there are none, or the choice is not offered
        """
        places = self.free(offer, choice, lanes, resources, ignore)
        if not places or not self.is_on_the_list(offer, choice, by_staff):
            raise Refused
        return places

    def choices(self, offer, lanes=1, resources=None, by_staff=False, ignore=None):
        """Return ``{choice: number of places}`` of all that can be booked."""
        choices = [Choice(day, minutes) for day in DAYS for minutes in range(0, 1440, offer.step)]
        choices += [Choice(day, window=code) for day in DAYS for code in WINDOWS]
        found = {}
        for choice in choices:
            if self.is_on_the_list(offer, choice, by_staff):
                free = self.free(offer, choice, 1, resources, ignore)
                total = sum(_runs([lane for who, lane in free if who == name], lanes) for name in offer.resources)
                if total:
                    found[choice] = total
        return found

    # -- Holds ----------------------------------------------------------------------------------

    def held_by(self, holder, ignore=None):
        """Return the live holds of a holder."""
        return [row for row in self.rows if holder and row.holder == holder and self.is_live(row) and row is not ignore]

    def twins(self, holder, offer, choice, lanes, resources):
        """Return the live holds of a holder that are just this."""
        return [
            row
            for row in self.held_by(holder)
            if (row.offer, row.choice, row.lanes) == (offer, choice, lanes)
            and (resources is None or row.resource in resources)
        ]

    def hold_until(self, offer, choice):
        """Return when a hold that begins now ends."""
        return min(self.now + offer.hold * MINUTE, choice.span(offer)[0])

    def forget_stale(self, holder, ignore=None):
        """The ended holds of a holder do not count as his any more."""
        for row in self.rows:
            if holder and row.holder == holder and row.state == "held" and row is not ignore and not self.is_live(row):
                row.holder = None

    # -- What becomes of rows -------------------------------------------------------------------

    def settle(self, row, place, **values):
        """Put a row on a place: the ended holds that lie there expire."""
        row.resource, row.lane = place
        for name, value in values.items():
            setattr(row, name, value)
        lanes = range(row.lane, row.lane + row.lanes)
        for other in self.rows:
            lies_there = other.resource == row.resource and set(lanes) & set(
                range(other.lane, other.lane + other.lanes)
            )
            if other is not row and other.state == "held" and lies_there and meet(other.blocked, row.blocked):
                self.give_up(other, "expired")

    def give_up(self, row, state):
        """End a row's claim; what was paid too late needs a new time again when a hold of it ends."""
        row.trouble = "late" if row.trouble == "late" and state in GONE else None
        row.state, row.expires, row.holder = state, None, None
        self.change(row, state)

    def change(self, row, kind):
        """Count a change that the customer can see."""
        row.revision += 1
        row.kinds.append(kind)

    def review(self, concerns):
        """Find out which promises among those that ``concerns`` says can be kept."""
        for row in self.rows:
            if row.state == "confirmed" and row.span[0] > self.now and row.trouble != "late" and concerns(row):
                row.trouble = self.judge(row)

    def judge(self, row):
        """Return what is wrong with a promise, None when nothing is."""
        if row.lane + row.lanes > self.places[row.resource]:
            return "place"
        if self.is_away(None, row.span):
            return "closed"
        return "away" if self.is_away(row.resource, row.span) else None

    def may_change(self, row, by_staff):
        """Return whether a row may be moved or cancelled."""
        if row.trouble or (by_staff and row.state == "no_show"):
            return True
        cutoff = max(1, row.offer.cutoff * MINUTE)
        return row.state in CLAIMING and (by_staff or self.now + cutoff <= row.span[0])


def _runs(lanes, width):
    """Return how many disjoint runs of ``width`` adjacent lanes there are among some."""
    count = 0
    while lanes:
        if set(range(lanes[0], lanes[0] + width)) <= set(lanes):
            count += 1
            lanes = lanes[width:]
        else:
            lanes = lanes[1:]
    return count
