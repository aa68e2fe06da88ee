"""The pure library under dispatch: technicians' days, visits, suggestions, plans and their check.

It imports no ``odoo``, reads no clock and does no I/O: frozen values in, new values out.

The words of its docstrings:

* times are whole *seconds* since an instant that the caller chose; ``Horizon`` crosses over from aware datetimes;
* a *technician* is one person on one day; several days of a person are several technicians with the same ``person``;
* a *place* is a row of the travel matrix, a *stop* a visit or an appointment that stands, in a *route*;
* *hard rules* are kept or the visit is left out: skills, persons, shifts, leave, appointments, windows, limits, locks,
  the break; *wishes* cost seconds of driving, by ``Weights``.

Who can do this? ``Engine(problem, plan).suggest(visit)``. Plan these days: ``make_plan(problem, bounds)``. Nobody
sees a plan for which ``faults(problem, plan)`` finds any; ``changes(before, after)`` is what they see.
"""

from .changes import Changes, Move, changes
from .engine import Engine
from .horizon import Horizon
from .model import Break, Fixed, Problem, Technician, Visit, Weights
from .planner import Bounds, Progress, make_plan
from .result import Answer, Code, Option, Plan, Reason, Refusal, Route, Stop, Unassigned
from .steady import keep_times
from .travel import Roads, breaches, is_known, travel_matrix, unknown
from .validator import Fault, faults

__all__ = [
    "Answer",
    "Bounds",
    "Break",
    "Changes",
    "Code",
    "Engine",
    "Fault",
    "Fixed",
    "Horizon",
    "Move",
    "Option",
    "Plan",
    "Problem",
    "Progress",
    "Reason",
    "Refusal",
    "Roads",
    "Route",
    "Stop",
    "Technician",
    "Unassigned",
    "Visit",
    "Weights",
    "breaches",
    "changes",
    "faults",
    "is_known",
    "keep_times",
    "make_plan",
    "travel_matrix",
    "unknown",
]
