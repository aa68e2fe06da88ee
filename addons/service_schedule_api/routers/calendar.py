"""Orders as calendars show them."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from odoo.fields import Domain

from ..dependencies import GUARDS, Env, get_bound
from ..presenters.order import present_event
from ..problems import Problem
from ..schemas.common import DayOrMoment, problems, to_local
from ..schemas.order import CalendarEvent

router = APIRouter(prefix="/calendar", tags=["Calendar"], dependencies=GUARDS)
LONGEST = timedelta(days=100)
Start = Annotated[DayOrMoment, Query(description="First day, or moment.")]
Zone = Annotated[
    str | None, Query(alias="timeZone", description="FullCalendar's: not needed, answers have their offset.")
]
End = Annotated[DayOrMoment, Query(description="Last day, inclusive, or the moment after the last one.")]


@router.get("/orders", response_model=list[CalendarEvent], responses=problems(422))
def list_events(start: Start, end: End, env: Env, time_zone: Zone = None):
    """The orders of a span of at most 100 days, as FullCalendar reads events."""
    return [present_event(order) for order in _find(env, start, end)]


@router.get("/counts", response_model=dict[str, int], responses=problems(422))
def count_orders(start: Start, end: End, env: Env):
    """How many orders each day has, on the calendar of the shop: `{"2026-10-01": 2}`; days without are left out."""
    days = Counter(
        to_local(order.scheduled_start, order.service_point_id.tz).date().isoformat()
        for order in _find(env, start, end)
    )
    return dict(sorted(days.items()))


def _find(env, start, end):
    """Return the orders of a span that are not cancelled."""
    span = _as_date(end) - _as_date(start)
    if not timedelta(0) <= span <= LONGEST:
        raise Problem(422, env._("The span is between one day and %(days)s days long.", days=LONGEST.days))
    points = env["service.point"]._get_api_points()
    domain = Domain("state", "!=", "cancel") & get_bound(points, start, ">=") & get_bound(points, end, "<")
    return env["sale.order"]._search_for_api(domain, "scheduled_start, id", None)


def _as_date(value):
    return value.date() if isinstance(value, datetime) else value
