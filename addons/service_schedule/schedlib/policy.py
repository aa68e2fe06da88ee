"""What an offer demands of a time: notice, horizon, buffers, cut-off. Moments count in whole seconds."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from .spans import Span
from .zones import day_span, local_day, stamp

FAR_FUTURE = stamp(datetime(9999, 1, 1, tzinfo=UTC))
"""The stamp that stands for "no limit"; it is still a date that every zone can show."""


class Reason(StrEnum):
    """Why a time cannot be booked or changed."""

    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    ON_LEAVE = "on_leave"
    FULL = "full"
    OFF_GRID = "off_grid"
    NO_DURATION = "no_duration"
    NO_RESOURCE = "no_resource"
    TOO_LATE_TO_CHANGE = "too_late_to_change"
    WRONG_STATE = "wrong_state"
    NOT_OFFERED = "not_offered"
    TOO_MANY_HELD = "too_many_held"


@dataclass(frozen=True)
class Policy:
    """The rules of an offer. All in minutes, but ``horizon_days`` in local days, 0 for no limit.

    :raise ValueError: no duration, no step, or a negative figure
    """

    duration_minutes: int
    step_minutes: int = 15
    before_minutes: int = 0
    after_minutes: int = 0
    lead_minutes: int = 0
    horizon_days: int = 0
    cutoff_minutes: int = 0

    def __post_init__(self):
        for field in fields(self):
            least = 1 if field.name in ("duration_minutes", "step_minutes") else 0
            if getattr(self, field.name) < least:
                raise ValueError(f"{field.name} of {getattr(self, field.name)!r}")

    def buffers(self, key: int | None) -> tuple[int, int]:
        """Return the buffers before and after a slot in seconds: none for a window (``key``), which is capacity."""
        return (self.before_minutes * 60, self.after_minutes * 60) if key is None else (0, 0)


def notice(policy: Policy, now: datetime, zone: ZoneInfo) -> Span:
    """Return the span in which a bookable start lies: from the least notice to the end of the horizon.

    A start equal to ``now`` is past already. The horizon ends with the local day ``horizon_days`` after today in
    ``zone``.

    :param now: aware instant
    :raise ValueError: ``now`` is naive

    >>> policy = Policy(30, lead_minutes=60, horizon_days=1)
    >>> notice(policy, datetime(2026, 10, 15, 12, tzinfo=UTC), ZoneInfo("UTC"))
    (1792069200, 1792195200)
    """
    moment = stamp(now)
    earliest = moment + max(1, policy.lead_minutes * 60)
    latest = FAR_FUTURE
    last_day = local_day(moment, zone).toordinal() + policy.horizon_days
    if policy.horizon_days and last_day < local_day(FAR_FUTURE, zone).toordinal():
        latest = day_span(date.fromordinal(last_day), zone)[1]
    return min(earliest, FAR_FUTURE), latest


def notice_reasons(policy: Policy, start: int, now: datetime, zone: ZoneInfo) -> list[Reason]:
    """Return which rules of notice the stamp ``start`` breaks: PAST or TOO_SOON, TOO_FAR.

    :param now: aware instant
    """
    earliest, latest = notice(policy, now, zone)
    broken = []
    if start <= stamp(now):
        broken.append(Reason.PAST)
    elif start < earliest:
        broken.append(Reason.TOO_SOON)
    if start >= latest:
        broken.append(Reason.TOO_FAR)
    return broken


def may_change(cutoff_minutes: int, start: int, now: datetime) -> bool:
    """Return whether a customer may still change what starts at the stamp ``start``.

    That is until exactly ``cutoff_minutes`` before it; without a cut-off until just before the start.

    :param now: aware instant

    >>> noon = datetime(2026, 10, 15, 12, tzinfo=UTC)
    >>> [may_change(60, stamp(noon) + seconds, noon) for seconds in (3599, 3600)]
    [False, True]
    >>> may_change(0, stamp(noon), noon)
    False
    """
    return stamp(now) + max(1, cutoff_minutes * 60) <= start
