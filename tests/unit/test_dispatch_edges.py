"""The edges of the engine: aware times in and out on the days clocks change, and driving times from coordinates."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "addons" / "fieldservice_schedule"))

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dispatchlib import Horizon, Roads, breaches, travel_matrix, unknown
from hypothesis import given
from hypothesis import strategies as st

HOUR = 3600
ZONES = [ZoneInfo(name) for name in ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo")]
PLACES = st.tuples(st.floats(-80, 80), st.floats(-179, 179)).filter(lambda place: place[0] or place[1])
TOWN = st.tuples(st.floats(52, 52.4), st.floats(13, 13.6))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.sampled_from(ZONES), st.integers(-(10**6), 10**6))
def test_there_and_back(wall, zone, seconds):
    """Seconds become an instant and the same seconds again, whatever the clocks did in between."""
    horizon = Horizon(wall.replace(microsecond=0, tzinfo=zone))
    instant = horizon.instant(seconds)
    assert instant.tzinfo is UTC
    assert horizon.seconds(instant) == seconds
    assert horizon.seconds(instant.astimezone(zone)) == seconds


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25), (6, 1, 24)])
def test_days_have_the_hours_that_pass(month, day, hours):
    """From midnight to midnight the day of a change has 23 or 25 hours, and a shift on it the time that passes."""
    berlin = ZoneInfo("Europe/Berlin")
    midnight = datetime(2026, month, day, tzinfo=berlin)
    horizon = Horizon(midnight)
    assert horizon.seconds(datetime(2026, month, day, tzinfo=berlin) + timedelta(days=1)) == hours * HOUR
    night = horizon.span(midnight, midnight.replace(hour=8))
    assert night == (0, (8 + hours - 24) * HOUR)


def test_an_hour_that_is_shown_twice():
    """The two times that a clock shows in autumn are an hour apart."""
    berlin = ZoneInfo("Europe/Berlin")
    horizon = Horizon(datetime(2026, 10, 25, tzinfo=berlin))
    early, late = (datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1))
    assert (horizon.seconds(early), horizon.seconds(late)) == (2.5 * HOUR, 3.5 * HOUR)


def test_naive_times_are_refused():
    """A naive datetime, which could be any instant, is refused on the way in."""
    with pytest.raises(ValueError, match="naive"):
        Horizon(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="naive"):
        Horizon(datetime(2026, 1, 1, tzinfo=UTC)).seconds(datetime(2026, 1, 1))


def _haversine(a, b):
    """Return metres on the great circle by another formula than the library's."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (a, b))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(min(half, 1)))


@given(PLACES, PLACES)
def test_great_circle(a, b):
    """A way is the great circle times the road factor and padding, divided by the speed, rounded up."""
    roads = Roads(factor=1.2, speed=60, padding=0.1)
    [[zero, there], [back, _zero]] = travel_matrix([a, b], roads)
    exact = _haversine(a, b) * 1.2 * 1.1 / (60 / 3.6)
    assert zero == 0
    assert there == back
    assert exact - 0.01 <= there <= exact + 1.01


@given(st.lists(TOWN, min_size=3, max_size=8))
def test_driving_times_keep_the_triangle_rule(places):
    """In a town no way over a third place is shorter than the direct one by more than rounding the last bit does."""
    travel = travel_matrix(places, Roads(stop=60))
    assert all(travel[a][over] + travel[over][b] >= travel[a][b] - 1 for a, over, b in breaches(travel))


def test_the_time_of_a_stop():
    """What every way costs besides the road is added to ways that lead anywhere, not to the place itself."""
    places = [(52.0, 13.0), (52.0, 13.1), (52.0, 13.0)]
    plain, stopped = travel_matrix(places), travel_matrix(places, Roads(stop=90))
    assert stopped[0][1] == plain[0][1] + 90
    assert stopped[0][2] == plain[0][2] == 0


def test_places_without_coordinates():
    """Missing and 0, 0 coordinates are named, never driven to the Gulf of Guinea."""
    places = [(52.0, 13.0), None, (0.0, 0.0), (0.0, 13.0)]
    assert unknown(places) == [1, 2]
    with pytest.raises(ValueError, match=r"\[1, 2\]"):
        travel_matrix(places)


def test_impossible_roads():
    """Roads on which nobody arrives are refused."""
    for wrong in ({"speed": 0}, {"factor": -1}, {"padding": -0.1}, {"stop": -1}):
        with pytest.raises(ValueError):
            Roads(**wrong)
