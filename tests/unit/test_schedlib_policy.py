"""Policy: notice, horizon and cut-off to the second."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedlib import (
    FAR_FUTURE,
    Policy,
    Reason,
    instant,
    local_day,
    may_change,
    notice,
    notice_reasons,
)
from schedlib_cases import HOUR, utc, zoned_days

NOON = datetime(2026, 10, 15, 12, tzinfo=UTC)
YORK = ZoneInfo("America/New_York")


@st.composite
def moments(draw):
    """Draw a zone and an instant near a change of its clocks."""
    zone, day = draw(zoned_days())
    return zone, instant(utc(day.year, day.month, day.day) + draw(st.integers(-30 * HOUR, 30 * HOUR)))


POLICIES = st.builds(
    Policy,
    duration_minutes=st.just(30),
    lead_minutes=st.integers(0, 3000),
    horizon_days=st.integers(0, 5),
)


@given(POLICIES, moments(), st.integers(-2 * HOUR, 8 * 24 * HOUR))
def test_notice_and_its_reasons_agree(policy, moment, offset):
    """A start has no reason against it exactly if it lies within the span of notice."""
    zone, now = moment
    start = int(now.timestamp()) + offset
    earliest, latest = notice(policy, now, zone)
    assert (earliest <= start < latest) == (not notice_reasons(policy, start, now, zone))


@given(POLICIES, moments(), st.integers(-2 * HOUR, 8 * 24 * HOUR))
def test_each_reason_for_its_rule(policy, moment, offset):
    """PAST up to now; TOO_SOON after now with less than the notice; TOO_FAR on a local day past the horizon."""
    zone, now = moment
    start = int(now.timestamp()) + offset
    ahead = (local_day(start, zone) - local_day(int(now.timestamp()), zone)).days
    expected = {
        Reason.PAST: offset <= 0,
        Reason.TOO_SOON: 0 < offset < policy.lead_minutes * 60,
        Reason.TOO_FAR: policy.horizon_days > 0 and ahead > policy.horizon_days,
    }
    broken = notice_reasons(policy, start, now, zone)
    assert {reason: reason in broken for reason in expected} == expected
    assert len(broken) == sum(expected.values())


@pytest.mark.parametrize(
    ("lead", "seconds", "expected"),
    [
        (0, -1, [Reason.PAST]),
        (0, 0, [Reason.PAST]),
        (0, 1, []),
        (60, 0, [Reason.PAST]),
        (60, 1, [Reason.TOO_SOON]),
        (60, 3599, [Reason.TOO_SOON]),
        (60, 3600, []),
    ],
)
def test_the_edges_of_notice(lead, seconds, expected):
    """A start equal to now is past, one second later is not; exactly the notice is enough."""
    policy = Policy(30, lead_minutes=lead)
    assert notice_reasons(policy, int(NOON.timestamp()) + seconds, NOON, YORK) == expected


def test_horizon_counts_local_days():
    """At 23:30 in New York it is tomorrow in UTC; the horizon still ends with New York's day, also after its change."""
    late = datetime(2026, 10, 16, 3, 30, tzinfo=UTC)
    assert notice(Policy(30, horizon_days=1), late, YORK)[1] == utc(2026, 10, 17, 4)
    assert notice(Policy(30, horizon_days=17), late, YORK)[1] == utc(2026, 11, 2, 5)


def test_no_horizon_is_the_far_future():
    """Horizon 0 is no limit; a horizon or notice past the calendar's end is no error and gives dates that exist."""
    assert notice(Policy(30), NOON, YORK)[1] == FAR_FUTURE
    earliest, latest = notice(Policy(30, horizon_days=2**31 - 1, lead_minutes=2**40), NOON, YORK)
    assert (earliest, latest) == (FAR_FUTURE, FAR_FUTURE)
    assert local_day(latest, ZoneInfo("Pacific/Kiritimati")).year == 9999


def test_lead_and_horizon_at_once():
    """With a notice longer than the horizon every start breaks a rule, and one between breaks both at once."""
    policy = Policy(30, lead_minutes=7 * 1440, horizon_days=1)
    start = int(NOON.timestamp()) + 3 * 24 * HOUR
    assert notice_reasons(policy, start, NOON, YORK) == [Reason.TOO_SOON, Reason.TOO_FAR]


@given(st.integers(0, 500), st.integers(-60000, 60000))
def test_may_change_until_the_cutoff(cutoff, ahead):
    """A change is allowed up to and including the cut-off, never at or after the start."""
    start = int(NOON.timestamp()) + ahead
    assert may_change(cutoff, start, NOON) == (ahead > 0 and ahead >= cutoff * 60)


def test_naive_now_is_refused():
    """A naive now is a ``ValueError`` at every door."""
    naive = NOON.replace(tzinfo=None)
    for call in (
        lambda: notice(Policy(30), naive, YORK),
        lambda: notice_reasons(Policy(30), 0, naive, YORK),
        lambda: may_change(0, 0, naive),
    ):
        with pytest.raises(ValueError, match="naive"):
            call()


@pytest.mark.parametrize(
    "figures",
    [
        {"duration_minutes": 0},
        {"duration_minutes": -30},
        {"duration_minutes": 30, "step_minutes": 0},
        *(
            {"duration_minutes": 30, name: -1}
            for name in ("before_minutes", "after_minutes", "lead_minutes", "horizon_days", "cutoff_minutes")
        ),
    ],
)
def test_policies_that_make_no_sense(figures):
    """No duration, no step or a negative figure is a ``ValueError`` that names the field."""
    with pytest.raises(ValueError, match=list(figures)[-1]):
        Policy(**figures)


def test_buffers_are_for_times_only():
    """A chosen time has its buffers, in seconds; a window has none."""
    policy = Policy(30, before_minutes=5, after_minutes=10)
    assert policy.buffers(None) == (300, 600)
    assert policy.buffers(7) == (0, 0)


def test_reasons_are_stable_codes():
    """The codes that machines read are the lower-case names."""
    assert [str(reason) for reason in Reason] == [reason.name.lower() for reason in Reason]


def test_days_before_today_are_past():
    """Yesterday's date is past, whatever the notice and the horizon."""
    yesterday = int((NOON - timedelta(days=1)).timestamp())
    assert notice_reasons(Policy(30, lead_minutes=60, horizon_days=60), yesterday, NOON, YORK) == [Reason.PAST]
    assert local_day(yesterday, YORK) == date(2026, 10, 14)
