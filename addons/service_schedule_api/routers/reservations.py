"""Reservations: held, confirmed, moved, given back."""

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
from ..presenters.time import present_reservation
from ..schemas.common import problems
from ..schemas.order import RescheduleBody
from ..schemas.time import HoldBody, ReasonBody, Reservation
from .availability import find_offer, find_resource

router = APIRouter(prefix="/reservations", tags=["Time"], dependencies=GUARDS)
PublicId = Annotated[str, Path(description="The public id.", max_length=64)]
STEP = {"response_model": Reservation, "responses": problems(409, 412, 422)}


@router.post("", status_code=201, response_model=Reservation, responses=problems(409, 422))
def hold(body: HoldBody, env: Env, response: Response, key: IdempotencyKey = None):
    """Hold a time until `expires_at`. Holding the same time again prolongs nothing."""
    offer = find_offer(env, body.offer_id)
    resources = find_resource(offer, body.resource_id)
    partner = _find_customer(env, body.customer_id)
    choice = read_choice(offer, body.start, body.date, body.time_slot)
    with offering_others(offer, choice):
        reservation = env["service.reservation"]._hold_by_api(offer, choice, resources, partner)
    return _answer(response, reservation, "held")


def _find_customer(env, customer_id):
    if not customer_id:
        return None
    if env.user.share:
        raise FormRefused({"customer_id": env._("Customers order for themselves.")})
    partner = env["res.partner"].search([("id", "=", customer_id)])
    if not partner:
        raise FormRefused({"customer_id": env._("There is no such record, or it was not given.")})
    return partner


@router.get("/{public_id}", response_model=Reservation, responses=problems())
def read_reservation(public_id: PublicId, env: Env, response: Response):
    """Its present state."""
    reservation = _find(env, public_id)
    response.headers.update(get_etag(reservation.revision))
    return present_reservation(reservation)


@router.post("/{public_id}/confirm", **STEP)
def confirm(public_id: PublicId, env: Env, response: Response, if_match: IfMatch = None, key: IdempotencyKey = None):
    """Make it yours. What has to be paid ahead is confirmed by its payment."""
    reservation = _find(env, public_id, if_match)
    with offering_others(reservation.offer_id, reservation.offer_id._get_choice_of(reservation), reservation.lanes):
        reservation._confirm_by_api()
    return _answer(response, reservation, "confirmed")


@router.post("/{public_id}/release", **STEP)
def release(public_id: PublicId, env: Env, response: Response, if_match: IfMatch = None, key: IdempotencyKey = None):
    """Give a held time back."""
    reservation = _find(env, public_id, if_match)
    reservation._release_by_api()
    return _answer(response, reservation, "released")


@router.post("/{public_id}/reschedule", **STEP)
def reschedule(
    public_id: PublicId,
    body: RescheduleBody,
    env: Env,
    response: Response,
    if_match: IfMatch = None,
    key: IdempotencyKey = None,
):
    """Move it to another time; the same time again is no change."""
    reservation = _find(env, public_id, if_match)
    offer = reservation.offer_id
    choice = read_choice(offer, body.scheduled_date, body.date, body.time_slot)
    with offering_others(offer, choice, reservation.lanes):
        reservation._reschedule_by_api(choice, body.reason)
    return _answer(response, reservation, f"moved to {reservation.wall_start}")


@router.post("/{public_id}/cancel", **STEP)
def cancel(
    public_id: PublicId,
    env: Env,
    response: Response,
    body: ReasonBody | None = None,
    if_match: IfMatch = None,
    key: IdempotencyKey = None,
):
    """Cancel it; customers until the cut-off."""
    reservation = _find(env, public_id, if_match)
    reservation._cancel_by_api(body.reason if body else "")
    return _answer(response, reservation, "cancelled")


@router.post("/{public_id}/no-show", **STEP)
def mark_no_show(
    public_id: PublicId, env: Env, response: Response, if_match: IfMatch = None, key: IdempotencyKey = None
):
    """Say that the customer did not come. For the staff."""
    reservation = _find(env, public_id, if_match)
    reservation._no_show_by_api()
    return _answer(response, reservation, "no-show")


def _find(env, public_id, if_match=None):
    reservation = require(env["service.reservation"]._find_for_api(public_id))
    check_match(if_match, reservation.revision)
    return reservation


def _answer(response, reservation, change):
    """Return a reservation that took a step, and tell the trail."""
    note(reservation, f"{reservation.public_id}: {change}")
    response.headers.update(get_etag(reservation.revision))
    return present_reservation(reservation)
