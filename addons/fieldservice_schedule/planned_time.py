"""The arithmetic of a job's planned time: start, length and end, of which any two tell the third. No Odoo, no clock."""

from datetime import datetime, timedelta
from typing import NamedTuple

DEFAULT_HOURS = 1.0
"""How long a job is planned for when nobody says: a job without a length would let others be put on top of it."""


class Planned(NamedTuple):
    """When a job is planned: ``start`` and ``stop`` (datetimes of one zone, both or neither) and ``hours``."""

    start: datetime | None
    hours: float
    stop: datetime | None


def complete(old: Planned, given: dict, default: float = DEFAULT_HOURS) -> Planned:
    """Return the planned time after a change of some of its parts.

    * a new start moves the job: it lasts as long as before, or as long as is given with it
    * a new end alone resizes it; an end with a length moves it; an end with a start says how long it lasts, whatever
      length comes along
    * a new length moves the end
    * without a start there is no end; the length stays, as a wish

    A length of 0 or None is none at all, and so is an end that is the start: the job lasts as long as before, else
    ``default``. Lengths count in whole minutes.

    :param dict given: any of ``start``, ``hours`` and ``stop``; None empties it
    :raise ValueError: it would end before it starts, or its length is negative

    >>> nine, ten, noon = (datetime(2026, 10, 19, hour) for hour in (9, 10, 12))
    >>> complete(Planned(None, 0, None), {"start": nine}).stop == ten
    True
    >>> complete(Planned(nine, 1.0, ten), {"stop": noon}).hours
    3.0
    """
    hours = given.get("hours") or old.hours or default
    if hours < 0:
        raise ValueError(f"length of {hours} hours")
    start, stop = given.get("start", old.start), given.get("stop")
    if start is None and stop is None:
        return Planned(None, given.get("hours") or old.hours or 0.0, None)
    if start is None or (stop is not None and "start" not in given and given.get("hours")):
        return Planned(stop - _length(hours), hours, stop)
    if stop is None or stop == start:
        return Planned(start, hours, start + _length(hours))
    if stop < start:
        raise ValueError(f"{stop} is before {start}")
    return Planned(start, (stop - start).total_seconds() / 3600, stop)


def _length(hours):
    """Return a float of hours as a ``timedelta`` of whole minutes, at least one."""
    return timedelta(minutes=max(1, round(hours * 60)))
