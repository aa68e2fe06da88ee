"""Orders, one at a time."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from odoo.addons.sale_service_schedule.exceptions import FormRefused

from ..dependencies import (
    GUARDS,
    Env,
    IdempotencyKey,
    IfMatch,
    check_match,
    get_etag,
    note,
    offering_others,
    read_choice,
    require,
)
from ..presenters.order import present_detail
from ..schemas.common import LARGEST_ID, problems
from ..schemas.order import OrderBody, OrderDetail, OrderPatch, RescheduleBody

router = APIRouter(tags=["Orders"], dependencies=GUARDS)
OrderId = Annotated[int, Path(gt=0, le=LARGEST_ID)]


@router.post("/orders", status_code=201, response_model=OrderDetail, responses=problems(409, 422))
def place_order(body: OrderBody, env: Env, response: Response, key: IdempotencyKey = None):
    """Place an order. A customer's waits for the shop, or for his payment; what the staff enter is confirmed."""
    items = [item.model_dump() for item in body.items]
    place = _place_for_customer if env.user.share else _place_by_staff
    order = place(env, body, items)
    note(order, f"placed: {order.schedule_label or order.order_type}")
    return _answer(response, order)


def _place_for_customer(env, body, items):
    if body.customer_id:
        raise FormRefused({"customer_id": env._("Customers order for themselves.")})
    # sudo: the form decides itself what a customer may use
    form = env["service.order.form"].sudo()
    filled = form._fill_by_api(body.shop_id, items, body.order_notes)
    offer = max((values["offer"] for values in filled), key=lambda offer: offer.duration_minutes)
    choice = read_choice(offer, body.scheduled_pickup_time, body.date, body.time_slot)
    with offering_others(offer, choice):
        return form._place_by_api(filled, choice)


def _place_by_staff(env, body, items):
    point = env["service.point"].search([("id", "=", body.shop_id)])
    partner = env["res.partner"].search([("id", "=", body.customer_id or 0)])
    if not point or not partner:
        name = "customer_id" if point else "shop_id"
        raise FormRefused({name: env._("There is no such record, or it was not given.")})
    forms = env["sale.order.quick"]._fill_by_api(partner, point, items, body.order_notes)
    offer = forms.offer_id.sorted("duration_minutes")[-1:]
    choice = read_choice(offer, body.scheduled_pickup_time, body.date, body.time_slot)
    with offering_others(offer, choice):
        return forms._place_by_api(choice)


@router.get("/orders/{order_id}", response_model=OrderDetail, responses=problems())
def read_order(order_id: OrderId, env: Env, response: Response):
    """Return one order, with every move that it has made."""
    return _answer(response, _find(env, order_id))


@router.patch("/orders/{order_id}", response_model=OrderDetail, responses=problems(409, 412, 422))
def change_order(order_id: OrderId, body: OrderPatch, env: Env, response: Response, if_match: IfMatch = None):
    """Take a step, or say how long the preparation takes. Customers cancel, before the cut-off."""
    order = _find(env, order_id)
    check_match(if_match, order.service_revision)
    before = order._get_push_status()
    order._update_by_api(body.status, body.estimated_preparation_minutes)
    note(order, f"{before} → {order._get_push_status()}, {order.prep_minutes} min")
    return _answer(response, order)


@router.post("/orders/{order_id}/reschedule", response_model=OrderDetail, responses=problems(409, 412, 422))
def reschedule_order(
    order_id: OrderId,
    body: RescheduleBody,
    env: Env,
    response: Response,
    if_match: IfMatch = None,
    key: IdempotencyKey = None,
):
    """Give an order another time; the same time again is no change."""
    order = _find(env, order_id)
    check_match(if_match, order.service_revision)
    before, offer = order.schedule_label, order.sudo().service_offer_id
    choice = read_choice(offer, body.scheduled_date, body.date, body.time_slot)
    with offering_others(offer, choice, order._get_wanted_lanes()):
        order._reschedule_by_api(choice, body.reason)
    note(order, f"{before or 'walk-in'} → {order.schedule_label}")
    return _answer(response, order)


def _find(env, order_id):
    return require(env["sale.order"]._find_for_api(order_id))


def _answer(response, order):
    """Return an order with its ``ETag``; what was changed is written first, its moments are the database's."""
    order.env.flush_all()
    response.headers.update(get_etag(order.service_revision))
    return present_detail(order)
