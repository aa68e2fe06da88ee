"""Grids: the candidates stand where clocks on the wall say, and cuts keep what they should."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedlib import Grid, day_span, days, normalise, time_grid, window_grid
from schedlib_cases import HOUR, MINUTE, clock, faces, utc, zoned_days

NUMBERS = st.integers(0, 60)


@st.composite
def grids(draw):
    """Draw a grid as they come: starts ascending, stops ascending, overlapping or with holes."""
    starts = sorted(draw(st.sets(NUMBERS, max_size=15)))
    length = draw(st.integers(1, 8))
    return Grid(tuple(starts), tuple(start + length for start in starts), draw(st.sampled_from([None, 7])))


def _pairs(grid):
    return list(zip(grid.starts, grid.stops, strict=True))


@given(zoned_days(), st.sampled_from([5, 7, 15, 20, 60, 90, 1440, 2000]), st.integers(1, 3000))
def test_times_are_what_a_clock_shows(zoned_day, step, duration):
    """A time is offered whenever a clock shows a multiple of the step after midnight, and lasts its duration."""
    zone, day = zoned_day
    midnight = datetime.combine(day, time())
    shown = faces(clock(zone, day))
    expected = sorted(
        stamp for minutes in range(0, 1440, step) for stamp in shown.get(midnight + timedelta(minutes=minutes), ())
    )
    grid = time_grid([day], zone, step, duration)
    assert list(grid.starts) == expected
    assert list(grid.stops) == [start + duration * MINUTE for start in expected]
    assert grid.key is None


@given(zoned_days(), st.integers(0, 1440), st.integers(0, 1440))
def test_windows_are_what_a_clock_shows(zoned_day, one, other):
    """A window runs from the first showing of its start to the last of its end, and is not offered without either."""
    zone, day = zoned_day
    start, stop = sorted((one, other))
    shown = faces(clock(zone, day))
    midnight = datetime.combine(day, time())
    starts = shown.get(midnight + timedelta(minutes=start))
    stops = shown.get(midnight + timedelta(minutes=stop)) if stop < 1440 else [day_span(day, zone)[1]]
    offered = starts and stops and start < stop and start < 1440
    assert _pairs(window_grid([day], zone, start, stop, 7)) == ([(starts[0], stops[-1])] if offered else [])


@pytest.mark.parametrize(
    ("zone", "day", "window", "span"),
    [
        # a morning around the change lasts an hour less, an hour more
        ("America/New_York", date(2026, 3, 8), (0, 480), (utc(2026, 3, 8, 5), utc(2026, 3, 8, 12))),
        ("America/New_York", date(2026, 11, 1), (0, 480), (utc(2026, 11, 1, 4), utc(2026, 11, 1, 13))),
        ("America/New_York", date(2026, 11, 1), (60, 90), (utc(2026, 11, 1, 5), utc(2026, 11, 1, 6, 30))),
        ("Europe/London", date(2026, 3, 29), (480, 720), (utc(2026, 3, 29, 7), utc(2026, 3, 29, 11))),
        ("Australia/Sydney", date(2026, 10, 4), (60, 180), (utc(2026, 10, 3, 15), utc(2026, 10, 3, 16))),
        ("Australia/Lord_Howe", date(2026, 4, 5), (60, 120), (utc(2026, 4, 4, 14), utc(2026, 4, 4, 15, 30))),
        # the start, the end, the whole day does not exist
        ("America/New_York", date(2026, 3, 8), (150, 480), None),
        ("America/New_York", date(2026, 3, 8), (0, 120), None),
        ("America/Santiago", date(2025, 9, 7), (0, 480), None),
        ("Pacific/Apia", date(2011, 12, 30), (480, 1440), None),
        # 24:00
        ("America/Santiago", date(2025, 9, 6), (1020, 1440), (utc(2025, 9, 6, 21), utc(2025, 9, 7, 4))),
        ("America/Havana", date(2025, 11, 1), (1020, 1440), (utc(2025, 11, 1, 21), utc(2025, 11, 2, 4))),
        ("Asia/Kathmandu", date(2026, 10, 15), (0, 1440), (utc(2026, 10, 14, 18, 15), utc(2026, 10, 15, 18, 15))),
    ],
)
def test_windows_on_hard_days(zone, day, window, span):
    """On the days on which clocks change a window is what the rules of the zone make of it, or is not offered."""
    assert _pairs(window_grid([day], ZoneInfo(zone), *window, 7)) == ([span] if span else [])


def test_both_times_of_an_overlap_are_offered():
    """In New York's autumn 01:30 can be chosen twice, an hour apart; in spring 02:30 cannot be chosen."""
    zone = ZoneInfo("America/New_York")
    autumn = time_grid([date(2026, 11, 1)], zone, 30, 30)
    assert len(autumn) == 50
    assert {utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 6, 30)} < set(autumn.starts)
    assert len(time_grid([date(2026, 3, 8)], zone, 30, 30)) == 46


@given(zoned_days(), st.sampled_from([15, 60, 90]), st.sampled_from([(0, 1440), (480, 720), (1020, 1440)]))
def test_grids_of_several_days_ascend(zoned_day, step, window):
    """Over several days starts and stops still ascend, with neither a time twice nor one left out."""
    zone, day = zoned_day
    span = days(day - timedelta(days=2), day + timedelta(days=2))
    for several, single in (
        (time_grid(span, zone, step, 30), [time_grid([one], zone, step, 30) for one in span]),
        (window_grid(span, zone, *window, 7), [window_grid([one], zone, *window, 7) for one in span]),
    ):
        assert list(several.starts) == sorted(set(several.starts))
        assert list(several.stops) == sorted(several.stops)
        assert _pairs(several) == sorted(pair for grid in single for pair in _pairs(grid))


def test_windows_of_some_weekdays():
    """A window of some weekdays is offered on those only."""
    fortnight = days(date(2026, 10, 12), date(2026, 10, 25))
    grid = window_grid(fortnight, ZoneInfo("UTC"), 480, 720, 7, weekdays=frozenset({0, 5}))
    eights = [utc(2026, 10, day, 8) for day in (12, 17, 19, 24)]
    assert _pairs(grid) == [(eight, eight + 4 * HOUR) for eight in eights]
    assert grid.key == 7


@given(grids(), st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6).map(normalise))
def test_within_keeps_what_lies_wholly_inside(grid, spans):
    """``within`` keeps exactly the candidates that one of the spans holds from start to stop."""
    kept = grid.within(spans)
    assert _pairs(kept) == [
        (start, stop) for start, stop in _pairs(grid) if any(a <= start and stop <= b for a, b in spans)
    ]
    assert kept.key == grid.key


@given(grids(), NUMBERS, NUMBERS)
def test_starting_keeps_the_starts_of_a_span(grid, first, until):
    """``starting`` keeps exactly the candidates that start in the half-open span, whenever they stop."""
    kept = grid.starting(first, until)
    assert _pairs(kept) == [(start, stop) for start, stop in _pairs(grid) if first <= start < until]
    assert kept.key == grid.key


@pytest.mark.parametrize(("step", "duration"), [(0, 30), (-15, 30), (15, 0), (15, -1)])
def test_times_need_a_step_and_a_duration(step, duration):
    """A step or duration that is not positive is a ``ValueError``, not an endless or an empty grid."""
    with pytest.raises(ValueError, match="step of"):
        time_grid([date(2026, 10, 15)], ZoneInfo("UTC"), step, duration)


@pytest.mark.parametrize("window", [(-1, 60), (60, 1441)])
def test_windows_lie_within_the_day(window):
    """A window that reaches out of the day is a ``ValueError`` even when no day is asked for."""
    with pytest.raises(ValueError, match="window from"):
        window_grid([], ZoneInfo("UTC"), *window, 7)


def test_a_grid_has_as_many_stops_as_starts():
    """A lopsided grid is a ``ValueError``."""
    with pytest.raises(ValueError, match="2 starts and 1 stops"):
        Grid((1, 2), (3,))
