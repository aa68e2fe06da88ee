"""Availability: what is offered can be booked, what is not has a reason, and nothing is offered that should not be.

Worlds are drawn around the days on which clocks change. The truth about them is told by sets of minutes.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedlib import (
    Grid,
    Policy,
    Reason,
    Shift,
    Slot,
    Supply,
    day_span,
    instant,
    local_day,
    normalise,
    notice,
    offered,
    pick,
    reasons,
    subtract,
    time_grid,
    window_grid,
    working_spans,
)
from schedlib_cases import (
    HOUR,
    MINUTE,
    WHOLE_DAY_ZONES,
    clock,
    most_runs,
    shifts,
    stretches,
    utc,
    zoned_days,
)

EVERY_DAY = [
    [Shift(weekday, *edges) for weekday in range(7) for edges in day]
    for day in ([(0, 1440)], [(480, 720), (780, 1200)], [(0, 360), (1080, 1440)])
]
SHIFTS = st.one_of(st.sampled_from(EVERY_DAY), st.lists(shifts(), max_size=8))
WINDOWS = [(0, 480), (90, 150), (480, 720), (720, 1020), (1020, 1440)]
STEPS = st.integers(-400, 400).map(lambda number: number * 5 * MINUTE)
LEAVES = st.lists(st.tuples(STEPS, st.integers(1, 200).map(lambda number: number * 5 * MINUTE)), max_size=2)
CLAIMS = st.lists(
    st.tuples(STEPS, st.integers(1, 100).map(lambda number: number * 5 * MINUTE), st.integers(0, 3), st.integers(1, 2)),
    max_size=12,
)
POLICIES = st.builds(
    Policy,
    duration_minutes=st.sampled_from([5, 30, 45, 180, 1500]),
    step_minutes=st.sampled_from([30, 60, 90]),
    before_minutes=st.sampled_from([0, 0, 5, 30]),
    after_minutes=st.sampled_from([0, 0, 10, 45]),
    lead_minutes=st.sampled_from([0, 60, 1500]),
    horizon_days=st.sampled_from([0, 0, 1, 2]),
)


@dataclass
class World:
    """Three local days of a service point, the grid asked for, and the shifts and leaves behind the spans."""

    zone: ZoneInfo
    days: list[date]
    grid: Grid
    policy: Policy
    now: datetime
    width: int
    opening_shifts: list[Shift]
    holidays: list[tuple[int, int]]
    supply_shifts: list[list[Shift] | None]
    supply_leaves: list[list[tuple[int, int]]]
    opening: list[tuple[int, int]]
    supplies: list[Supply]

    def offered(self):
        """Return the slots on offer."""
        span = notice(self.policy, self.now, self.zone)
        return offered(self.grid, self.opening, self.supplies, self.policy, *span, self.width)

    def reasons(self, start, stop):
        """Return the reasons against one candidate."""
        return reasons(
            start,
            stop,
            self.grid.key,
            self.opening,
            self.supplies,
            self.policy,
            self.now,
            self.zone,
            self.width,
            leaves=self.holidays,
        )

    def pick(self, start, stop):
        """Return the lanes to try for one candidate."""
        return pick(start, stop, self.grid.key, self.supplies, self.policy, self.width)


def _spans(drawn, noon):
    return normalise((noon + start, noon + start + length) for start, length in drawn)


def _draw_supply(draw, number, some_days, zone, noon):
    """Draw a resource: its shifts (None: always), its leaves and the ``Supply`` they make."""
    own, away = draw(st.none() | SHIFTS), _spans(draw(LEAVES), noon)
    hours = None if own is None else subtract(working_spans(own, some_days[0], some_days[-1], zone), away)
    claims = [(noon + start, noon + start + length, *lanes) for start, length, *lanes in draw(CLAIMS)]
    return own, away, Supply(100 + number, draw(st.integers(1, 4)), hours, claims)


@st.composite
def worlds(draw):
    """Draw a world around a change of clocks: times or a window, holidays, up to three resources, claims, a now."""
    zone, day = draw(zoned_days(WHOLE_DAY_ZONES))
    some_days = [day + timedelta(days=shift) for shift in (-1, 0, 1)]
    noon = utc(day.year, day.month, day.day, 12)
    policy = draw(POLICIES)
    window = draw(st.none() | st.sampled_from(WINDOWS))
    if window:
        grid = window_grid(some_days, zone, *window, 7)
    else:
        grid = time_grid(some_days, zone, policy.step_minutes, policy.duration_minutes)
    shop, holidays = draw(SHIFTS), _spans(draw(LEAVES), noon)
    drawn = [_draw_supply(draw, number, some_days, zone, noon) for number in range(draw(st.integers(0, 3)))]
    return World(
        zone=zone,
        days=some_days,
        grid=grid,
        policy=policy,
        now=instant(noon + draw(st.integers(-700, 200)) * 5 * MINUTE),
        width=draw(st.sampled_from([1, 1, 2, 3])),
        opening_shifts=shop,
        holidays=holidays,
        supply_shifts=[own for own, _away, _supply in drawn],
        supply_leaves=[away for _own, away, _supply in drawn],
        opening=subtract(working_spans(shop, some_days[0], some_days[-1], zone), holidays),
        supplies=[supply for _own, _away, supply in drawn],
    )


def _minutes(spans):
    return {minute for start, stop in spans for minute in range(start, stop, MINUTE)}


class Truth:
    """What is true of a world, minute by minute, told from its shifts, leaves and claims."""

    def __init__(self, world):
        self.world = world
        minutes = clock(world.zone, world.days[1], around=2)
        self.open = _minutes(stretches(minutes, world.days, world.opening_shifts)) - _minutes(world.holidays)
        self.work = [
            None if own is None else _minutes(stretches(minutes, world.days, own)) - _minutes(away)
            for own, away in zip(world.supply_shifts, world.supply_leaves, strict=True)
        ]
        self.busy = [
            [
                _minutes(claim[:2] for claim in supply.claims if claim[2] <= lane < claim[2] + claim[3])
                for lane in range(supply.lanes)
            ]
            for supply in world.supplies
        ]

    def in_time(self, start):
        """Return whether a start keeps the notice and lies within the horizon."""
        now, policy, zone = int(self.world.now.timestamp()), self.world.policy, self.world.zone
        ahead = (local_day(start, zone) - local_day(now, zone)).days
        return (
            start > now
            and start >= now + policy.lead_minutes * MINUTE
            and (not policy.horizon_days or ahead <= policy.horizon_days)
        )

    def is_open(self, start, stop):
        """Return whether the service point is open at every minute of a candidate."""
        return self.open.issuperset(range(start, stop, MINUTE))

    def works(self, number, start, stop):
        """Return whether a resource works at every minute of a candidate."""
        return self.work[number] is None or self.work[number].issuperset(range(start, stop, MINUTE))

    def free_lanes(self, number, start, stop):
        """Return the lanes of a working resource on which no minute of a candidate and its buffers is claimed."""
        policy, key = self.world.policy, self.world.grid.key
        before, after = (0, 0) if key else (policy.before_minutes, policy.after_minutes)
        wanted = range(start - before * MINUTE, stop + after * MINUTE, MINUTE)
        if not self.works(number, start, stop):
            return set()
        return {lane for lane, busy in enumerate(self.busy[number]) if busy.isdisjoint(wanted)}

    def slot(self, start, stop):
        """Return the ``Slot`` that a candidate should be offered as, None when it should not."""
        if not (self.in_time(start) and self.is_open(start, stop)):
            return None
        counts = {
            supply.id: most_runs(self.free_lanes(number, start, stop), self.world.width)
            for number, supply in enumerate(self.world.supplies)
        }
        ids = tuple(resource_id for resource_id, count in counts.items() if count)
        return Slot(start, stop, self.world.grid.key, sum(counts.values()), ids) if ids else None


def _candidates(world):
    return list(zip(world.grid.starts, world.grid.stops, strict=True))


@given(worlds())
def test_offered_is_exactly_what_is_free(world):
    """Exactly those candidates are offered that a look at every minute finds open, staffed, free and in time."""
    truth = Truth(world)
    expected = [truth.slot(start, stop) for start, stop in _candidates(world)]
    assert world.offered() == [slot for slot in expected if slot]


@given(worlds())
def test_offered_has_no_reason_and_the_rest_has(world):
    """Every slot offered can be booked: no reason against it. Every candidate not offered has at least one."""
    starts = {slot.start for slot in world.offered()}
    for start, stop in _candidates(world):
        assert (start in starts) == (world.reasons(start, stop) == [])


@given(worlds())
def test_each_reason_for_its_rule(world):
    """All broken rules are named at once, each exactly when a look at every minute finds it broken."""
    truth, holidays = Truth(world), _minutes(world.holidays)
    for start, stop in _candidates(world):
        broken = set(world.reasons(start, stop))
        is_open = truth.is_open(start, stop)
        working = [number for number in range(len(world.supplies)) if truth.works(number, start, stop)]
        free = any(most_runs(truth.free_lanes(number, start, stop), world.width) for number in working)
        wanted = set(range(start, stop, MINUTE))
        expected = {
            Reason.CLOSED: not wanted <= truth.open | holidays,
            Reason.HOLIDAY: not is_open and bool(wanted & holidays),
            Reason.NO_RESOURCE: not world.supplies,
            Reason.ON_LEAVE: is_open and bool(world.supplies) and not working,
            Reason.FULL: bool(working) and not free,
        }
        assert {reason: reason in broken for reason in expected} == expected
        assert bool(broken & {Reason.PAST, Reason.TOO_SOON, Reason.TOO_FAR}) == (not truth.in_time(start))


@given(worlds())
def test_picks_are_all_free_runs(world):
    """The lanes to try are all runs that are free, each once: first one of each resource in order, then the others."""
    truth = Truth(world)
    for start, stop in _candidates(world)[::5]:
        runs = {}
        for number, supply in enumerate(world.supplies):
            free = truth.free_lanes(number, start, stop)
            fitting = [lane for lane in range(supply.lanes) if set(range(lane, lane + world.width)) <= free]
            if fitting:
                runs[supply.id] = fitting
        firsts = [(resource_id, lanes[0]) for resource_id, lanes in runs.items()]
        others = [(resource_id, lane) for resource_id, lanes in runs.items() for lane in lanes[1:]]
        assert world.pick(start, stop) == firsts + others


@given(worlds(), st.randoms(use_true_random=False))
def test_places_can_all_be_booked(world, random):
    """Booking the first pick of an offered slot works exactly as often as it has places; then it is full."""
    slots = world.offered()
    if not slots:
        return
    slot = random.choice(slots)
    before, after = world.policy.buffers(slot.key)
    for _place in range(slot.places):
        resource_id, lane = world.pick(slot.start, slot.stop)[0]
        claim = (slot.start - before, slot.stop + after, lane, world.width)
        world.supplies = [
            replace(supply, claims=[*supply.claims, claim]) if supply.id == resource_id else supply
            for supply in world.supplies
        ]
    assert world.pick(slot.start, slot.stop) == []
    assert world.reasons(slot.start, slot.stop) == [Reason.FULL]
    assert slot.start not in {other.start for other in world.offered()}


# A plain day, to read along: Thursday, October 15, 2026 at a shop in UTC, open 8 to 20, at six in the morning.
DAY = date(2026, 10, 15)
UTC_ZONE = ZoneInfo("UTC")
MIDNIGHT = day_span(DAY, UTC_ZONE)[0]
NOW = instant(MIDNIGHT + 6 * HOUR)
OPENING = [(MIDNIGHT + 8 * HOUR, MIDNIGHT + 20 * HOUR)]
VISIT = Policy(60, step_minutes=60, before_minutes=15, after_minutes=15, lead_minutes=60, horizon_days=1)


def _at(hour):
    return int(MIDNIGHT + hour * HOUR)


def _person(hours=None, claims=(), number=1):
    return Supply(number, 1, hours, [(_at(start), _at(stop), 0, 1) for start, stop in claims])


def _why(start, stop, *supplies, key=None, opening=OPENING, policy=VISIT, leaves=None):
    return reasons(_at(start), _at(stop), key, opening, supplies, policy, NOW, UTC_ZONE, leaves=leaves)


def test_a_plain_day():
    """One person with a visit at noon: the hours around it lack their buffers, the rest of the day is offered."""
    grid = time_grid([DAY], UTC_ZONE, VISIT.step_minutes, VISIT.duration_minutes)
    person = _person(claims=[(11.75, 13.25)])
    slots = offered(grid, OPENING, [person], VISIT, *notice(VISIT, NOW, UTC_ZONE))
    assert [(slot.start - MIDNIGHT) // HOUR for slot in slots] == [8, 9, 10, 14, 15, 16, 17, 18, 19]
    assert {(slot.places, slot.resource_ids, slot.key) for slot in slots} == {(1, (1,), None)}


def test_resources_in_the_order_given():
    """A slot names the resources that are free, in the order of the supplies, which is the order to try them in."""
    crew = [_person(number=9), _person(number=2, claims=[(8, 12)]), Supply(5, 3, None, [])]
    grid = Grid((_at(9), _at(14)), (_at(10), _at(15)))
    morning, afternoon = offered(grid, OPENING, crew, VISIT, *notice(VISIT, NOW, UTC_ZONE))
    assert (morning.places, morning.resource_ids) == (4, (9, 5))
    assert (afternoon.places, afternoon.resource_ids) == (5, (9, 2, 5))
    assert pick(_at(14), _at(15), None, crew, VISIT) == [(9, 0), (2, 0), (5, 0), (5, 1), (5, 2)]


def test_windows_have_no_buffers():
    """A window is capacity: a neighbouring claim that would be in a visit's buffer leaves it free."""
    person = _person(claims=[(7, 8), (12, 13)])
    assert _why(8, 12, person) == [Reason.FULL]
    assert _why(8, 12, person, key=7) == []
    grid = Grid((_at(8),), (_at(12),), 7)
    assert len(offered(grid, OPENING, [person], VISIT, *notice(VISIT, NOW, UTC_ZONE))) == 1
    assert pick(_at(8), _at(12), 7, [person], VISIT) == [(1, 0)]


@pytest.mark.parametrize(
    ("candidate", "options", "expected"),
    [
        ((9, 10), {}, []),
        ((8, 9), {}, []),
        ((19, 20), {}, []),
        ((6, 7), {}, [Reason.PAST, Reason.CLOSED]),
        ((6.5, 7.5), {}, [Reason.TOO_SOON, Reason.CLOSED]),
        ((7.5, 8.5), {}, [Reason.CLOSED]),
        ((19.5, 20.5), {}, [Reason.CLOSED]),
        ((58, 59), {}, [Reason.TOO_FAR, Reason.CLOSED]),
        # opening hours lack the holiday already; ``leaves`` says why
        ((9, 10), {"opening": [], "leaves": [(_at(0), _at(24))]}, [Reason.HOLIDAY]),
        ((9, 10), {"opening": []}, [Reason.CLOSED]),
        ((9, 10), {"opening": [], "leaves": [(_at(12), _at(24))]}, [Reason.CLOSED]),
        ((11.5, 12.5), {"opening": [(_at(8), _at(12))], "leaves": [(_at(12), _at(24))]}, [Reason.HOLIDAY]),
        ((7.5, 8.5), {"opening": [(_at(9), _at(20))], "leaves": [(_at(8), _at(9))]}, [Reason.HOLIDAY, Reason.CLOSED]),
    ],
)
def test_reasons_of_a_free_person(candidate, options, expected):
    """With somebody free all day only the clock and the opening hours speak, and all that do are heard at once."""
    assert _why(*candidate, _person(), **options) == expected


def test_reasons_of_the_resources():
    """Nobody set up, nobody at work, and all at work busy are three different answers."""
    away, busy = _person(hours=[(_at(14), _at(18))]), _person(claims=[(9, 10)], number=2)
    assert _why(9, 10) == [Reason.NO_RESOURCE]
    assert _why(9, 10, away) == [Reason.ON_LEAVE]
    assert _why(9, 10, away, busy) == [Reason.FULL]
    assert _why(15, 16, away, busy) == []
    assert _why(5, 6, away) == [Reason.PAST, Reason.CLOSED]
    assert _why(5, 6, _person(claims=[(5, 6)])) == [Reason.PAST, Reason.CLOSED, Reason.FULL]


def test_wider_than_any_resource():
    """An order that takes more lanes than a resource has is full, however empty the day is; nothing is offered."""
    pool = Supply(1, 3, None, [])
    assert reasons(_at(9), _at(10), None, OPENING, [pool], VISIT, NOW, UTC_ZONE, width=3) == []
    assert reasons(_at(9), _at(10), None, OPENING, [pool], VISIT, NOW, UTC_ZONE, width=4) == [Reason.FULL]
    assert offered(Grid((_at(9),), (_at(10),)), OPENING, [pool], VISIT, 0, _at(99), width=4) == []


def test_nothing_to_offer():
    """No resource, no opening or no candidate gives an empty answer, not an error."""
    grid, span = Grid((_at(9),), (_at(10),)), notice(VISIT, NOW, UTC_ZONE)
    assert offered(grid, OPENING, [], VISIT, *span) == []
    assert offered(grid, [], [_person()], VISIT, *span) == []
    assert offered(Grid((), ()), OPENING, [_person()], VISIT, *span) == []


@pytest.mark.parametrize("width", [0, -1])
def test_width_is_positive(width):
    """An order that takes no lane is a ``ValueError`` at every door."""
    pool, grid = Supply(1, 3, None, []), Grid((_at(9),), (_at(10),))
    for call in (
        lambda: offered(grid, OPENING, [pool], VISIT, 0, _at(99), width),
        lambda: reasons(_at(9), _at(10), None, OPENING, [pool], VISIT, NOW, UTC_ZONE, width),
        lambda: pick(_at(9), _at(10), None, [pool], VISIT, width),
    ):
        with pytest.raises(ValueError, match="width"):
            call()
