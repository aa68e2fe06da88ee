"""Zones: local time to stamps and back on the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedlib import (
    boundary,
    day_span,
    days,
    from_wall_text,
    instant,
    instants,
    local,
    local_day,
    regular_midnight,
    stamp,
    wall_text,
)
from schedlib_cases import HOUR, ZONES, clock, faces, utc, zoned_days

# zone, day, hours it lasts, its first stamp: from the rules that the tz database states
LOCAL_DAYS = [
    ("America/New_York", date(2026, 3, 8), 23, utc(2026, 3, 8, 5)),
    ("America/New_York", date(2026, 11, 1), 25, utc(2026, 11, 1, 4)),
    ("America/New_York", date(2026, 10, 15), 24, utc(2026, 10, 15, 4)),
    ("Europe/London", date(2026, 3, 29), 23, utc(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25), 25, utc(2026, 10, 24, 23)),
    ("Australia/Sydney", date(2026, 10, 4), 23, utc(2026, 10, 3, 14)),
    ("Australia/Sydney", date(2026, 4, 5), 25, utc(2026, 4, 4, 13)),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5, utc(2026, 10, 3, 13, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5, utc(2026, 4, 4, 13)),
    ("Pacific/Apia", date(2011, 12, 29), 24, utc(2011, 12, 29, 10)),
    ("Pacific/Apia", date(2011, 12, 30), 0, utc(2011, 12, 30, 10)),
    ("Pacific/Apia", date(2011, 12, 31), 24, utc(2011, 12, 30, 10)),
    ("America/Santiago", date(2025, 9, 7), 23, utc(2025, 9, 7, 4)),
    ("America/Santiago", date(2025, 4, 5), 25, utc(2025, 4, 5, 3)),
    ("Asia/Beirut", date(2022, 3, 27), 23, utc(2022, 3, 26, 22)),
    ("America/Havana", date(2025, 11, 2), 25, utc(2025, 11, 2, 4)),
    ("America/St_Johns", date(2010, 11, 6), 24, utc(2010, 11, 6, 2, 30)),
    ("America/St_Johns", date(2010, 11, 7), 25, utc(2010, 11, 7, 2, 30)),
    ("Asia/Kathmandu", date(2026, 10, 15), 24, utc(2026, 10, 14, 18, 15)),
]

# zone, day, minutes of the day, stamps
WALL_TIMES = [
    ("America/New_York", date(2026, 3, 8), 2 * 60 + 30, ()),
    ("America/New_York", date(2026, 3, 8), 3 * 60, (utc(2026, 3, 8, 7),)),
    ("America/New_York", date(2026, 11, 1), 90, (utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 6, 30))),
    ("Europe/London", date(2026, 3, 29), 60, ()),
    ("Europe/London", date(2026, 10, 25), 60, (utc(2026, 10, 25, 0), utc(2026, 10, 25, 1))),
    ("Europe/London", date(2026, 10, 25), 120, (utc(2026, 10, 25, 2),)),
    ("Australia/Sydney", date(2026, 10, 4), 2 * 60 + 59, ()),
    ("Australia/Sydney", date(2026, 4, 5), 2 * 60, (utc(2026, 4, 4, 15), utc(2026, 4, 4, 16))),
    ("Australia/Lord_Howe", date(2026, 10, 4), 2 * 60 + 15, ()),
    ("Australia/Lord_Howe", date(2026, 10, 4), 2 * 60 + 30, (utc(2026, 10, 3, 15, 30),)),
    ("Australia/Lord_Howe", date(2026, 4, 5), 90, (utc(2026, 4, 4, 14, 30), utc(2026, 4, 4, 15))),
    ("Pacific/Apia", date(2011, 12, 29), 1439, (utc(2011, 12, 30, 9, 59),)),
    ("Pacific/Apia", date(2011, 12, 29), 1440, ()),
    ("Pacific/Apia", date(2011, 12, 30), 720, ()),
    ("America/Santiago", date(2025, 9, 6), 1440, ()),
    ("America/Havana", date(2025, 11, 1), 1440, (utc(2025, 11, 2, 4), utc(2025, 11, 2, 5))),
    # at 00:01 clocks went back to 23:01, so a part of the evening comes again after the day has ended
    ("America/St_Johns", date(2010, 11, 6), 23 * 60 + 30, (utc(2010, 11, 7, 2), utc(2010, 11, 7, 3))),
    ("America/St_Johns", date(2010, 11, 7), 0, (utc(2010, 11, 7, 2, 30), utc(2010, 11, 7, 3, 30))),
    ("Asia/Kathmandu", date(2026, 10, 15), 1440, (utc(2026, 10, 15, 18, 15),)),
]

INSTANTS = st.datetimes(*map(datetime.fromisoformat, ("1975-01-01", "2037-12-31")), timezones=st.just(UTC))


def _name(value):
    return value if isinstance(value, str) else str(value)


@pytest.mark.parametrize(("zone", "day", "hours", "first"), LOCAL_DAYS, ids=_name)
def test_day_span_follows_the_published_rules(zone, day, hours, first):
    """A local day starts and lasts as the rules of its zone say, also without a midnight or without any time at all."""
    assert day_span(day, ZoneInfo(zone)) == (first, first + hours * HOUR)


@pytest.mark.parametrize(("zone", "day", "minutes", "stamps"), WALL_TIMES, ids=_name)
def test_instants_follow_the_published_rules(zone, day, minutes, stamps):
    """A wall time is shown never in a gap, twice in an overlap, once else, at the stamps that the rules give."""
    assert instants(day, minutes, ZoneInfo(zone)) == stamps


@given(zoned_days())
def test_instants_are_what_a_clock_shows(zoned_day):
    """For every minute of any day ``instants`` are the stamps found by watching the clock minute by minute."""
    zone, day = zoned_day
    shown = faces(clock(zone, day))
    midnight = datetime.combine(day, time())
    for minutes in range(1441):
        assert instants(day, minutes, zone) == tuple(shown.get(midnight + timedelta(minutes=minutes), ()))


@given(zoned_days())
def test_day_span_is_from_first_to_first_showing(zoned_day):
    """A day runs from the first minute whose clock shows it, or a later day, to the first minute of the next one."""
    zone, day = zoned_day
    minutes = clock(zone, day, around=2)
    first, after = (
        next(stamp for stamp, wall in minutes if wall.date() >= one) for one in (day, day + timedelta(days=1))
    )
    assert day_span(day, zone) == (first, after)


@given(zoned_days())
def test_day_spans_leave_no_time_out(zoned_day):
    """One day ends exactly when the next starts."""
    zone, day = zoned_day
    assert day_span(day, zone)[1] == day_span(day + timedelta(days=1), zone)[0]


@given(zoned_days(), st.integers(0, 1439))
def test_regular_days_count_straight(zoned_day, minutes):
    """The short cut for regular days tells the truth: midnight plus the minutes shows that wall time, and only once."""
    zone, day = zoned_day
    midnight = regular_midnight(day, zone)
    if midnight is not None:
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
        assert faces(clock(zone, day))[wall] == [midnight + 60 * minutes]


def test_most_days_are_regular():
    """The short cut is taken on all but the two days a year on which clocks change."""
    york = ZoneInfo("America/New_York")
    irregular = [day for day in days(date(2026, 1, 1), date(2026, 12, 31)) if regular_midnight(day, york) is None]
    assert irregular == [date(2026, 3, 8), date(2026, 11, 1)]


@given(zoned_days(), st.integers(0, 4), st.booleans())
def test_boundary_is_the_edge_of_the_wall_time(zoned_day, first, closing):
    """A boundary is the earlier or, closing, the later showing of its wall time, and the first stamp after a gap."""
    zone, day = zoned_day
    around = clock(zone, day, around=2)
    shown = faces(around)
    for minutes in range(first, 1440, 5):
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
        after_gap = next(stamp for stamp, other in around if other > wall) if wall not in shown else None
        expected = after_gap if wall not in shown else shown[wall][-1 if closing else 0]
        assert boundary(day, minutes, zone, closing) == expected


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ("America/Santiago", "Pacific/Apia", "America/Havana")])
def test_minute_1440_is_the_end_of_the_day(zone):
    """24:00 is the first stamp of the next day, also where that midnight is skipped or shown twice."""
    for day in (date(2025, 9, 6), date(2011, 12, 29), date(2025, 11, 1)):
        assert boundary(day, 1440, zone, closing=True) == day_span(day + timedelta(days=1), zone)[0]


@pytest.mark.parametrize("minutes", [-1, 1441])
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 3, 9)])
@pytest.mark.parametrize("function", [instants, boundary])
def test_minutes_outside_the_day_are_refused(function, day, minutes):
    """Minutes that are not within 0..1440 are a ``ValueError`` on every kind of day."""
    with pytest.raises(ValueError, match=str(minutes)):
        function(day, minutes, ZoneInfo("America/New_York"))


@given(INSTANTS)
def test_stamp_and_instant_are_inverse(moment):
    """A whole second survives the way to a stamp and back; parts of a second are cut off."""
    assert instant(stamp(moment)) == moment.replace(microsecond=0)


def test_stamp_of_any_zone():
    """The stamp of an aware datetime is the same whatever zone it is written in."""
    east = datetime(2026, 10, 15, 14, tzinfo=timezone(timedelta(hours=2)))
    assert stamp(east) == utc(2026, 10, 15, 12)


def test_stamp_refuses_naive():
    """A naive datetime is a ``ValueError`` that shows it, never a guess."""
    with pytest.raises(ValueError, match="naive"):
        stamp(datetime.fromisoformat("2026-10-15T12:00:00"))


@given(INSTANTS, st.sampled_from(ZONES))
def test_local_shows_the_zone(moment, zone):
    """``local`` is the same instant with the zone's clock, ``local_day`` its date."""
    shown = local(stamp(moment), zone)
    assert shown == moment.replace(microsecond=0)
    assert shown.utcoffset() == moment.astimezone(zone).utcoffset()
    assert local_day(stamp(moment), zone) == moment.astimezone(zone).date()


def test_days_are_inclusive():
    """Both ends belong to a range of days; a range that ends before it starts is empty."""
    assert days(date(2026, 2, 27), date(2026, 3, 1)) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert days(date(2026, 3, 1), date(2026, 3, 1)) == [date(2026, 3, 1)]
    assert days(date(2026, 3, 2), date(2026, 3, 1)) == []


@given(zoned_days(), st.integers(-36 * HOUR, 36 * HOUR))
def test_wall_text_round_trip(zoned_day, seconds):
    """Every second, both times of an overlap included, is read back from its wall text exactly."""
    zone, day = zoned_day
    moment = utc(day.year, day.month, day.day, 12) + seconds
    assert from_wall_text(wall_text(moment, zone), zone) == moment


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        # the rules changed: the shop is in a zone that gave up summer time after the text was written
        ("2026-07-01T12:00:00+01:00", "Etc/UTC", utc(2026, 7, 1, 12)),
        # the overlap moved onto a time that was plain when it was written: the earlier one
        ("2026-11-01T01:30:00-08:00", "America/New_York", utc(2026, 11, 1, 5, 30)),
        # an overlap that still is one: the offset decides
        ("2026-11-01T01:30:00-04:00", "America/New_York", utc(2026, 11, 1, 5, 30)),
        ("2026-11-01T01:30:00-05:00", "America/New_York", utc(2026, 11, 1, 6, 30)),
        # a time that fell into a gap moves forward by it: 02:30 becomes 03:30
        ("2026-03-08T02:30:00-05:00", "America/New_York", utc(2026, 3, 8, 7, 30)),
        ("2026-03-08T02:30:00-04:00", "America/New_York", utc(2026, 3, 8, 7, 30)),
        ("2026-10-04T02:10:00+10:30", "Australia/Lord_Howe", utc(2026, 10, 3, 15, 40)),
        # a whole day that is skipped
        ("2011-12-30T09:00:00-10:00", "Pacific/Apia", utc(2011, 12, 30, 19)),
        # no offset at all
        ("2026-10-15T12:00:00", "America/New_York", utc(2026, 10, 15, 16)),
        ("2026-11-01T01:30:00", "America/New_York", utc(2026, 11, 1, 5, 30)),
    ],
)
def test_from_wall_text_keeps_the_promise(text, zone, expected):
    """When a zone's rules have changed the wall clock is kept and the UTC moves, not the other way round."""
    assert from_wall_text(text, ZoneInfo(zone)) == expected


@given(zoned_days(), st.integers(0, 1439), st.integers(-14, 14))
def test_from_wall_text_with_a_strange_offset(zoned_day, minutes, hours):
    """Whatever offset the text bears, the zone's clock shows the promised time, or the promised time plus the gap."""
    zone, day = zoned_day
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    text = wall.replace(tzinfo=timezone(timedelta(hours=hours))).isoformat()
    moment = from_wall_text(text, zone)
    shown = faces(clock(zone, day)).get(wall)
    if shown:
        assert moment in shown
    else:
        before = wall.replace(tzinfo=zone, fold=0).utcoffset()
        assert local(moment, zone).replace(tzinfo=None) - wall == local(moment, zone).utcoffset() - before


def test_from_wall_text_refuses_nonsense():
    """What is not ISO 8601 is a ``ValueError``."""
    with pytest.raises(ValueError, match="noon"):
        from_wall_text("noon", ZoneInfo("UTC"))
