"""Every zone whose clocks are turned in 2026 or 2027: what is offered around then is right, unique and bookable.

Judged by ``zone_days``, which watches the clocks minute by minute and knows nothing of ``schedlib``.
"""

from bisect import bisect_left
from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from schedlib import (
    FAR_FUTURE,
    Policy,
    Shift,
    Supply,
    from_wall_text,
    instant,
    local,
    offered,
    pick,
    reasons,
    stamp,
    time_grid,
    wall_text,
    window_grid,
    working_spans,
)
from schedlib_cases import HOUR, MINUTE
from zone_days import CLOCKS, CUSTOMERS, TURNED

# 0:00, 1:00 ... 24:00
HOURS = range(0, 1441, 60)
OPENINGS = list(combinations(HOURS, 2))
LENGTH = 30
POLICY = Policy(duration_minutes=LENGTH, step_minutes=15)

every_clock = pytest.mark.parametrize("clock", CLOCKS, ids=str)


def test_no_zone_is_left_out():
    """The proof covers some two hundred zones; each of their turns with its day before, on and after."""
    names = [name for clock in TURNED for name in clock.names]
    assert len(names) == len(set(names)) > 150
    assert {"Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago", "Antarctica/Troll", "Africa/Cairo"} < set(
        names
    )
    for clock in TURNED:
        days = {one.day for one in clock.days}
        for turn, _before, _after in clock.turns:
            day = local(turn, ZoneInfo(clock.names[0])).date()
            assert {day + timedelta(days=away) for away in (-1, 0, 1)} <= days
    assert {"Asia/Kathmandu", "Asia/Kolkata", "Australia/Adelaide"} < {name for clock in CLOCKS for name in clock.names}


@every_clock
def test_days_last_as_long_as_clocks_say(clock):
    """A day on which the clock is turned lasts just so much less or more; the watching itself is no illusion."""
    lost = Counter()
    for turn, before, after in clock.turns:
        # the first wall time that is skipped or shown again: what the slower of the two clocks says
        lost[instant(turn + min(before, after) * MINUTE).date()] += after - before
    for one in clock.days:
        assert len(one.offsets) == 1440 - lost[one.day]
        assert one.after == min(one.offsets) + len(one.offsets) * MINUTE


@every_clock
def test_times_are_right_and_unique(clock):
    """Offered are exactly the times that the clock showed: none in a gap, both of an overlap, no wall clock twice."""
    for one in clock.days:
        for step in (15, 30, 60):
            texts = one.texts(step)
            assert len(set(texts.values())) == len(texts)
            for zone in clock.zones:
                grid = time_grid([one.day], zone, step, LENGTH)
                assert list(grid.starts) == one.times(step)
                assert [wall_text(start, zone) for start in grid.starts] == list(map(texts.get, grid.starts))
                assert list(grid.stops) == [start + LENGTH * MINUTE for start in grid.starts]


@every_clock
def test_times_are_read_back(clock):
    """Whoever sends an offered wall clock back, in the shop's zone or his own, means that instant and no other."""
    zone = clock.zones[0]
    for one in clock.days:
        for start, text in one.texts(15).items():
            assert stamp(datetime.fromisoformat(text)) == from_wall_text(text, zone) == start
            for customer in CUSTOMERS:
                his = wall_text(start, customer)
                assert wall_text(stamp(datetime.fromisoformat(his)), zone) == text


@every_clock
def test_openings_at_every_hour(clock):
    """From every hour to every later one, 24:00 included, a shop is open when its clock says so.

    A wall time beyond the hours on the door falls into the opening only where the clock shows an hour twice.
    """
    for one in clock.days:
        once = [(stamps[0], minutes) for minutes, stamps in sorted(one.shown.items()) if len(stamps) == 1]
        for start, stop in OPENINGS:
            expected = one.opening(start, stop)
            assert _open(one, start, stop, clock.zones[0]) == expected, (one.day, start, stop)
            for span in expected:
                first, last = (bisect_left(once, (edge,)) for edge in span)
                assert first == last or start <= once[first][1] <= once[last - 1][1] < stop


def _open(one, start, stop, zone):
    """Return the spans of a shift on its day."""
    return working_spans([Shift(one.day.weekday(), start, stop)], one.day, one.day, zone)


@every_clock
def test_windows_at_every_hour(clock):
    """A window between any two hours is offered once if both are shown, and lies in the opening hours of that name."""
    for one in clock.days:
        for start, stop in OPENINGS:
            grid = window_grid([one.day], clock.zones[0], start, stop, 7)
            expected = one.window(start, stop)
            assert list(zip(grid.starts, grid.stops, strict=True)) == expected, (one.day, start, stop)
            assert len(grid.within(one.opening(start, stop))) == len(expected)


@every_clock
def test_other_names_of_a_clock(clock):
    """The other zones that have the same clock open, close and offer windows at the same instants."""
    for zone in clock.zones[1:]:
        for one in clock.days:
            for start, stop in [*pairwise(HOURS), (0, 1440)]:
                grid = window_grid([one.day], zone, start, stop, 7)
                assert _open(one, start, stop, zone) == one.opening(start, stop), (zone, one.day, start, stop)
                assert list(zip(grid.starts, grid.stops, strict=True)) == one.window(start, stop)


def openings_to_book():
    """Return each hour, each hour until midnight, and midnight until each hour."""
    return sorted({*pairwise(HOURS), *(pair for pair in OPENINGS if 0 in pair or 1440 in pair)})


@every_clock
def test_offered_is_bookable(clock):
    """For openings at every hour: what is offered has no reason against it and a place; what is not offered has one."""
    zone = clock.zones[0]
    supplies = [Supply(1, 1, None, [])]
    for one in clock.days:
        now = instant(min(one.offsets) - HOUR)
        grid = time_grid([one.day], zone, POLICY.step_minutes, LENGTH)
        times = one.times(POLICY.step_minutes)
        for start, stop in openings_to_book():
            opening = one.opening(start, stop)
            starts = {slot.start for slot in offered(grid, opening, supplies, POLICY, stamp(now) + 1, FAR_FUTURE)}
            assert starts == {
                begin for low, high in opening for begin in times if low <= begin <= high - LENGTH * MINUTE
            }
            if stop - start == 60:
                check_each(times, starts, opening, supplies, now, zone)


def check_each(times, starts, opening, supplies, now, zone):
    """Check that a time near the opening can be booked if and only if it is among the offered ``starts``."""
    for begin in times:
        if any(low - HOUR <= begin <= high for low, high in opening):
            end = begin + LENGTH * MINUTE
            against = reasons(begin, end, None, opening, supplies, POLICY, now, zone)
            assert (begin in starts) == (not against)
            assert bool(against) or pick(begin, end, None, supplies, POLICY) == [(1, 0)]
