"""Technicians' days: which hours and which reservations belong to which. Plain functions, no Odoo in here."""

from dataclasses import replace
from itertools import pairwise
from math import inf

LONGEST_TURN = 16 * 3600
"""Seconds. Nobody works for longer at a stretch: longer spans are the hours of people without fixed ones."""


def turns(spans, bounds):
    """Return for each day ``(its own span, the working time that belongs to it)``.

    A shift that goes on past midnight belongs to the day on which it begins, with all that happens in it; so nobody has
    to be home at midnight. What was begun before the first day belongs to that one.

    :param spans: normalised spans of working time
    :param bounds: from midnight to midnight, of days that follow each other

    >>> day = 24 * 3600
    >>> turns([(22 * 3600, 30 * 3600), (46 * 3600, 54 * 3600)], [(0, day), (day, 2 * day)])
    [((0, 108000), [(79200, 108000)]), ((108000, 194400), [(165600, 194400)])]
    """
    found, begins = [], bounds[0][0] if bounds else 0
    for _opens, closes in bounds:
        over = [stop for start, stop in spans if start < closes < stop and stop - start <= LONGEST_TURN]
        ends = max(over, default=closes)
        own = [(max(start, begins), min(stop, ends)) for start, stop in spans]
        found.append(((begins, ends), [span for span in own if span[0] < span[1]]))
        begins = ends
    return found


def ease(technician, travel):
    """Return a technician's day on which what people have arranged can be kept.

    Whoever has a job at the very beginning of his hours drives there before; at their end he drives home after. Two
    appointments with too little time for the way between them are somebody's decision: the second only takes time, with
    the way back to the first, where the engine thinks that he is.
    """
    kept, blocked = [], list(technician.blocked)
    for fixed, following in pairwise([*technician.fixed, None]):
        if kept and kept[-1].stop + drive(travel, kept[-1].place, fixed.place) > fixed.start:
            back = fixed.stop + drive(travel, fixed.place, kept[-1].place)
            if back == inf:  # no road leads on: for the engine he stays where he was
                back = fixed.stop
            blocked.append((fixed.start, min(back, following.start) if following else back))
        else:
            kept.append(fixed)
    changes = {"fixed": tuple(kept), "blocked": tuple(blocked)}
    if kept and technician.start is not None:
        begins = max(start for start, _stop in technician.shifts if start <= kept[0].start)
        if begins + drive(travel, technician.start, kept[0].place) > kept[0].start:
            changes["start"] = None
    if kept and technician.end is not None:
        ends = min(stop for _start, stop in technician.shifts if stop >= kept[-1].stop)
        if kept[-1].stop + drive(travel, kept[-1].place, technician.end) > ends:
            changes["end"] = None
    return replace(technician, **changes)


def drive(travel, origin, target):
    """Return the seconds of a way, infinite when there is none."""
    seconds = travel[origin][target]
    return inf if seconds is None else seconds
