"""The pure library under service scheduling: zones, spans, hours, grids, lanes, policy, availability.

It imports no ``odoo``, reads no clock and does no I/O: frozen values in, new values out. ``dateutil``, for recurrence,
is all that is not Python's own.

The words of its docstrings:

* an *instant* is an aware UTC ``datetime``; a *stamp* is an int, seconds since the epoch, UTC;
* a *span* is a tuple ``(start, stop)`` of stamps, half-open; *spans* are a sorted list of disjoint spans
  that do not touch, as ``normalise`` returns them;
* a *zone* is a ``zoneinfo.ZoneInfo``; *minutes of the day* go from 0 to 1440, which is the next midnight;
* a *claim* is a tuple ``(blocked start, blocked stop, lane, lanes)`` of two stamps, the first lane and how many.
"""

from .availability import Slot, Supply, offered, pick, reasons
from .grid import Grid, time_grid, window_grid
from .hours import Shift, week_type, working_spans
from .lanes import busy_lanes, first_lane, fitting_lanes, free_lanes, free_masks, places
from .policy import FAR_FUTURE, Policy, Reason, may_change, notice, notice_reasons
from .recurrence import Repeat, moment_of, repeat_days, shift
from .spans import covers, intersect, normalise, subtract
from .zones import (
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

__all__ = [
    "FAR_FUTURE",
    "Grid",
    "Policy",
    "Reason",
    "Repeat",
    "Shift",
    "Slot",
    "Supply",
    "boundary",
    "busy_lanes",
    "covers",
    "day_span",
    "days",
    "first_lane",
    "fitting_lanes",
    "free_lanes",
    "free_masks",
    "from_wall_text",
    "instant",
    "instants",
    "intersect",
    "local",
    "local_day",
    "may_change",
    "moment_of",
    "normalise",
    "notice",
    "notice_reasons",
    "offered",
    "pick",
    "places",
    "reasons",
    "regular_midnight",
    "repeat_days",
    "shift",
    "stamp",
    "subtract",
    "time_grid",
    "wall_text",
    "week_type",
    "window_grid",
    "working_spans",
]
