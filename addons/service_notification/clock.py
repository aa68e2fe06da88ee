"""Hours at which people are told: quiet hours and the moments of digests.

Moments are naive UTC, as in Odoo's fields; zones are names such as "Europe/Paris"; hours are floats of the local day.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DIGEST_HOUR = 8.0
"""The local hour at which daily and weekly digests go out."""

MONDAY = 0


def find_zone(*names):
    """Return the first of the zone ``names`` that there is, else UTC; empty names are passed over."""
    for name in names:
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                continue
    return ZoneInfo("UTC")


def to_local(moment, zone):
    """Return a naive UTC ``moment`` as an aware one in ``zone``."""
    return moment.replace(tzinfo=UTC).astimezone(zone)


def at_hour(day, hour, zone):
    """Return the naive UTC moment of a local ``hour`` (24 is the next midnight) of a ``day``."""
    minutes = round(hour * 60)
    day += timedelta(days=minutes // 1440)
    wall = datetime.combine(day, time(minutes % 1440 // 60, minutes % 60), tzinfo=zone)
    return wall.astimezone(UTC).replace(tzinfo=None)


def find_quiet(moment, zone, start, stop):
    """Return ``(begin, end)`` of the quiet hours that a moment lies in, or None.

    :param float start: local hour at which they begin
    :param float stop: local hour at which they end, on the next day when it is before ``start``; the same as ``start``:
        there are none
    :return: naive UTC moments
    """
    if start == stop:
        return None
    today = to_local(moment, zone).date()
    for day in (today - timedelta(days=1), today):
        begin = at_hour(day, start, zone)
        end = at_hour(day + timedelta(days=stop < start), stop, zone)
        if begin <= moment < end:
            return begin, end
    return None


def next_digest(moment, zone, mode):
    """Return when the next digest after ``moment`` goes out, naive UTC.

    :param str mode: "daily", or "weekly" for Mondays
    """
    day = to_local(moment, zone).date()
    step = timedelta(days=1)
    while (mode == "weekly" and day.weekday() != MONDAY) or at_hour(day, DIGEST_HOUR, zone) <= moment:
        day += step
    return at_hour(day, DIGEST_HOUR, zone)
