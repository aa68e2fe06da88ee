"""Lists of orders."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from odoo import fields
from odoo.fields import Domain

from odoo.addons.sale_service_schedule.models.sale_order import OPEN_STATES, WAITING_STATES

from ..dependencies import DEFAULT, GUARDS, Cursor, Env, Limit, get_bound, read_page, require, require_staff
from ..presenters.order import present, present_due
from ..schemas.common import LARGEST_ID, DayOrMoment, SlotCode, problems
from ..schemas.order import DuePage, OrderPage, OrderType, Status

router = APIRouter(prefix="/orders", tags=["Orders"], dependencies=GUARDS)
TIME = "scheduled_start"


@router.get("/shop/{shop_id}", response_model=OrderPage, responses=problems())
def list_shop_orders(
    shop_id: Annotated[int, Path(gt=0, le=LARGEST_ID)],
    env: Env,
    order_type: Annotated[OrderType | None, Query()] = None,
    status: Annotated[list[Status] | None, Query(description="One or several.")] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
):
    """The orders of a shop, the newest first. For the staff."""
    require_staff(env)
    require(env["service.point"].search([("id", "=", shop_id)]))
    domain = Domain("service_point_id", "=", shop_id)
    if order_type:
        domain &= Domain("order_type", "=", order_type)
    if status:
        domain &= Domain("fulfilment_state", "in", status)
    return _answer(env, domain, limit, cursor, is_descending=True, field="id")


@router.get("/scheduled", response_model=OrderPage, responses=problems())
def list_scheduled_orders(
    env: Env,
    scheduled_date__gte: Annotated[DayOrMoment | None, Query(description="From this day or moment on.")] = None,
    scheduled_date__lte: Annotated[DayOrMoment | None, Query(description="Until this day or moment.")] = None,
    time_slot: Annotated[SlotCode | None, Query()] = None,
    is_overdue: Annotated[bool | None, Query()] = None,
    order_type: Annotated[OrderType | None, Query()] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
):
    """The orders that have a time, by their time."""
    points = env["service.point"]._get_api_points()
    domain = Domain(TIME, "!=", False)
    if scheduled_date__gte is not None:
        domain &= get_bound(points, scheduled_date__gte, ">=")
    if scheduled_date__lte is not None:
        domain &= get_bound(points, scheduled_date__lte, "<=")
    if time_slot is not None:
        # sudo: the points are those that the user may know of
        windows = points.sudo().window_ids.filtered(lambda window: window.code == time_slot)
        domain &= Domain("window_id", "in", windows.ids)
    if is_overdue is not None:
        domain &= Domain("is_overdue", "=", is_overdue)
    if order_type:
        domain &= Domain("order_type", "=", order_type)
    return _answer(env, domain, limit, cursor)


@router.get("/due-today", response_model=DuePage, responses=problems())
def list_due_orders(env: Env, limit: Limit = DEFAULT, cursor: Cursor = None):
    """The open orders of the shop's own day, by their time."""
    points = env["service.point"]._get_api_points()
    today = [point._get_api_day_domain(point._get_today(), point._get_today()) for point in points]
    domain = Domain("fulfilment_state", "in", OPEN_STATES) & Domain.OR([Domain.FALSE, *today])
    return _answer(env, domain, limit, cursor, shown=present_due)


@router.get("/overdue", response_model=OrderPage, responses=problems())
def list_overdue_orders(env: Env, limit: Limit = DEFAULT, cursor: Cursor = None):
    """The orders whose promised time has passed and on which work has not begun."""
    late = Domain("fulfilment_state", "in", WAITING_STATES) & Domain("promised_time", "<", fields.Datetime.now())
    return _answer(env, late & Domain(TIME, "!=", False), limit, cursor)


def _answer(env, domain, limit, cursor, *, field=TIME, is_descending=False, shown=present):
    find = env["sale.order"]._search_for_api
    orders, following = read_page(find, domain, limit, cursor, field, is_descending)
    return {"items": [shown(order) for order in orders], "next_cursor": following}
