"""Recurrence: the days of repeated visits against plain arithmetic, their moments against the clocks of many zones."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedlib import Repeat, day_span, local, moment_of, repeat_days, shift

DAY = timedelta(days=1)
BEGIN = date(2025, 1, 1)
dates = st.dates(BEGIN, date(2027, 12, 31))
weekdays = st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(lambda found: tuple(sorted(found)))


def all_days(first, last):
    """Every day from ``first`` to ``last``, both included."""
    return [first + DAY * number for number in range((last - first).days + 1)]


def monday(day):
    """The Monday of a day's week."""
    return day - DAY * day.weekday()


@given(anchor=dates, days=weekdays, interval=st.integers(1, 5), far=st.integers(0, 1100))
def test_weekly(anchor, days, interval, far):
    """Each so many weeks on some weekdays, weeks counted from the anchor's own."""
    last = anchor + DAY * far
    expected = [
        day
        for day in all_days(anchor, last)
        if day.weekday() in days and (monday(day) - monday(anchor)).days // 7 % interval == 0
    ]
    assert repeat_days([Repeat("weekly", interval, weekdays=days)], anchor, anchor, last) == expected


@given(anchor=dates, days=weekdays, interval=st.sampled_from((1, 3)), far=st.integers(0, 1100))
def test_first_chosen_weekday_of_a_month(anchor, days, interval, far):
    """Each month, or quarter, on the first of the chosen weekdays; not before the anchor."""
    last = anchor + DAY * far
    found = repeat_days([Repeat("monthly", interval, weekdays=days, positions=(1,))], anchor, anchor, last)
    firsts = {}
    for day in all_days(anchor.replace(day=1), last):
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        if day.weekday() in days and months % interval == 0:
            firsts.setdefault((day.year, day.month), day)
    assert found == [day for day in firsts.values() if day >= anchor]


@given(anchor=dates, cut=st.integers(0, 700), days=weekdays, interval=st.integers(1, 4))
def test_a_later_look_finds_the_same(anchor, cut, days, interval):
    """Where one begins to look changes nothing: what is filled day by day is what is filled at once."""
    rules = [Repeat("weekly", interval, weekdays=days)]
    last = anchor + DAY * 760
    found = repeat_days(rules, anchor, anchor, last)
    middle = anchor + DAY * cut
    assert [day for day in found if day >= middle] == repeat_days(rules, anchor, middle, last)


def test_the_31st_is_left_out_where_there_is_none():
    """A month without a 31st has no visit on it, as in RFC 5545; the last day of each month is a rule of its own."""
    span = (date(2026, 1, 31), date(2026, 1, 31), date(2026, 6, 30))
    assert [day.month for day in repeat_days([Repeat("monthly")], *span)] == [1, 3, 5]
    ends = repeat_days([Repeat("monthly", month_days=(-1,))], *span)
    assert [day.day for day in ends] == [31, 28, 31, 30, 31, 30]


def test_never_on_excluded_days():
    """An exclusive rule takes days away: every Friday but in August."""
    rules = [Repeat("weekly", weekdays=(4,)), Repeat("daily", months=(8,), is_exclusive=True)]
    found = repeat_days(rules, BEGIN, date(2026, 7, 1), date(2026, 9, 30))
    assert {day.weekday() for day in found} == {4}
    assert {day.month for day in found} == {7, 9}


@pytest.mark.parametrize("rule", [Repeat("weekly", 0), Repeat("weekly", -1), Repeat("hourly")])
def test_no_rule(rule):
    """A rule that never ends or is none is refused, not looped over."""
    with pytest.raises(ValueError, match="no rule"):
        repeat_days([rule], BEGIN, BEGIN, BEGIN + DAY)


def test_nothing_before_the_anchor():
    """A plan has no visits before it begins, also when somebody asks for earlier days."""
    rules = [Repeat("daily")]
    assert repeat_days(rules, BEGIN, BEGIN - DAY * 9, BEGIN - DAY) == []
    assert repeat_days(rules, BEGIN, BEGIN - DAY * 9, BEGIN) == [BEGIN]


@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_monday_at_nine_in_every_zone(name):
    """Over three years a visit on Mondays at nine begins on Monday when clocks show nine."""
    zone = ZoneInfo(name)
    found = repeat_days([Repeat("weekly", weekdays=(0,))], BEGIN, BEGIN, date(2027, 12, 31))
    moments = [moment_of(day, 9 * 60, zone) for day in found]
    assert {(local(moment, zone).weekday(), local(moment, zone).hour) for moment in moments} == {(0, 9)}
    assert len(found) == 156


@given(day=dates, minutes=st.integers(0, 1439), name=st.sampled_from(["Australia/Lord_Howe", "America/New_York"]))
def test_a_moment_lies_on_its_day(day, minutes, name):
    """No clock change loses a visit or puts it on another day."""
    zone = ZoneInfo(name)
    start, stop = day_span(day, zone)
    assert start <= moment_of(day, minutes, zone) < stop


def test_in_a_gap_the_visit_begins_after_it():
    """At 2:30 on the day on which clocks jump from two to three a visit begins at three."""
    york = ZoneInfo("America/New_York")
    moment = local(moment_of(date(2026, 3, 8), 150, york), york)
    assert (moment.hour, moment.minute) == (3, 0)


@given(
    due=st.lists(dates, unique=True, max_size=30).map(sorted),
    closed=st.sets(dates, max_size=200),
    limit=st.integers(0, 10),
)
def test_shift(due, closed, limit):
    """Visits move to the next open day; none passes the one that follows it, none comes too late."""
    placed = shift(due, closed, limit)
    assert set(placed) <= set(due)
    for day, following in pairwise([*due, date.max]):
        options = [one for one in all_days(day, day + DAY * limit) if one not in closed and one < following]
        assert placed.get(day) == (options[0] if options else None)
