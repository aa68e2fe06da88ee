"""Hours: weekly shifts become the spans that a clock on the wall shows."""

import math
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedlib import Shift, day_span, normalise, week_type, working_spans
from schedlib_cases import (
    HOUR,
    WHOLE_DAY_ZONES,
    clock,
    shifts,
    stretches,
    utc,
    zoned_days,
)


@given(zoned_days(WHOLE_DAY_ZONES), st.lists(shifts(), max_size=6))
def test_working_spans_are_what_a_clock_shows(zoned_day, drawn):
    """A shift lasts from the first to the last minute whose clock shows a time of it, on each of three days."""
    zone, day = zoned_day
    minutes = clock(zone, day, around=2)
    three = [day + timedelta(days=shift) for shift in (-1, 0, 1)]
    expected = stretches(minutes, three, drawn)
    assert working_spans(drawn, three[0], three[-1], zone) == normalise(expected)


@given(zoned_days())
def test_open_around_the_clock_is_one_span(zoned_day):
    """Shifts from 0 to 24:00 on every day leave no second out, whatever the clocks do at midnight."""
    zone, day = zoned_day
    week = [Shift(weekday, 0, 1440) for weekday in range(7)]
    last = day + timedelta(days=9)
    assert working_spans(week, day, last, zone) == [(day_span(day, zone)[0], day_span(last, zone)[1])]


@pytest.mark.parametrize(
    ("zone", "day", "shift", "start", "stop"),
    [
        # start in the gap: open from the instant of the gap
        ("America/New_York", date(2026, 3, 8), (150, 360), utc(2026, 3, 8, 7), utc(2026, 3, 8, 10)),
        # stop in the gap
        ("America/New_York", date(2026, 3, 8), (0, 150), utc(2026, 3, 8, 5), utc(2026, 3, 8, 7)),
        # start in the overlap: the earlier; stop in it: the later
        ("Europe/London", date(2026, 10, 25), (90, 360), utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 6)),
        ("Europe/London", date(2026, 10, 25), (0, 90), utc(2026, 10, 24, 23), utc(2026, 10, 25, 1, 30)),
        # a closing time that is shown twice closes the second time
        ("Australia/Sydney", date(2026, 4, 5), (0, 120), utc(2026, 4, 4, 13), utc(2026, 4, 4, 16)),
        ("Australia/Lord_Howe", date(2026, 4, 5), (105, 120), utc(2026, 4, 4, 14, 45), utc(2026, 4, 4, 15, 30)),
        # 24:00 where the next midnight is skipped, on the last of 25 hours, and before a skipped day
        ("America/Santiago", date(2025, 9, 6), (1200, 1440), utc(2025, 9, 7, 0), utc(2025, 9, 7, 4)),
        ("America/Santiago", date(2025, 4, 5), (1200, 1440), utc(2025, 4, 5, 23), utc(2025, 4, 6, 4)),
        ("Pacific/Apia", date(2011, 12, 29), (1200, 1440), utc(2011, 12, 30, 6), utc(2011, 12, 30, 10)),
        ("Asia/Kathmandu", date(2026, 10, 15), (540, 1440), utc(2026, 10, 15, 3, 15), utc(2026, 10, 15, 18, 15)),
    ],
)
def test_shift_edges_on_hard_days(zone, day, shift, start, stop):
    """Gaps, overlaps and 24:00 fall where the rules of the zone put them."""
    assert working_spans([Shift(day.weekday(), *shift)], day, day, ZoneInfo(zone)) == [(start, stop)]


@pytest.mark.parametrize(
    ("zone", "day", "shift"),
    [("America/New_York", date(2026, 3, 8), (125, 170)), ("Pacific/Apia", date(2011, 12, 30), (480, 1440))],
)
def test_a_shift_that_never_happens(zone, day, shift):
    """A shift that lies wholly in a gap, or on a skipped day, gives no time."""
    assert working_spans([Shift(day.weekday(), *shift)], day, day, ZoneInfo(zone)) == []


def test_an_empty_shift_gives_no_time():
    """A shift from 1:30 to 1:30 is no hour of work on the night that shows 1:30 twice."""
    day, zone = date(2026, 11, 1), ZoneInfo("America/New_York")
    assert working_spans([Shift(6, 90, 90), Shift(6, 100, 90)], day, day, zone) == []


def test_touching_shifts_merge():
    """Morning and afternoon that touch are one span, so a slot may run across noon; a lunch break keeps them apart."""
    day, zone = date(2026, 10, 15), ZoneInfo("UTC")
    noon = utc(2026, 10, 15, 12)
    touching = [Shift(3, 480, 720), Shift(3, 720, 1020)]
    assert working_spans(touching, day, day, zone) == [(noon - 4 * HOUR, noon + 5 * HOUR)]
    apart = [Shift(3, 480, 720), Shift(3, 780, 1020)]
    assert working_spans(apart, day, day, zone) == [(noon - 4 * HOUR, noon), (noon + HOUR, noon + 5 * HOUR)]


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_week_type_is_odoos(day):
    """The two alternating weeks are those of Odoo's ``resource.calendar.attendance.get_week_type``."""
    assert week_type(day) == int(math.floor((day.toordinal() - 1) / 7) % 2)


def test_two_week_calendars_alternate():
    """A shift of one week is worked every other week, and the other week's in between, over a new year of 53 weeks."""
    zone = ZoneInfo("UTC")
    alternating = [Shift(0, 480, 540, week=0), Shift(0, 600, 660, week=1)]
    spans = working_spans(alternating, date(2026, 12, 14), date(2027, 1, 17), zone)
    assert [span[0] % (24 * HOUR) // HOUR for span in spans] in ([8, 10, 8, 10, 8], [10, 8, 10, 8, 10])
