"""Which times are free."""

from typing import Annotated

from fastapi import APIRouter, Query

from odoo.addons.service_schedule.schedlib import stamp

from ..dependencies import GUARDS, Env, describe_slot, require
from ..problems import Problem
from ..schemas.common import LARGEST_ID, Day, problems
from ..schemas.time import CheckBody, CheckedList, SlotList

router = APIRouter(prefix="/availability", tags=["Time"], dependencies=GUARDS)
LONGEST_DAYS = 62


@router.get("", response_model=SlotList, responses=problems(422))
def list_slots(
    env: Env,
    offer_id: Annotated[int, Query(gt=0, le=LARGEST_ID)],
    start: Annotated[Day, Query(description="First day.")],
    end: Annotated[Day, Query(description="Last day, inclusive; at most 62 days later.")],
    resource_id: Annotated[int | None, Query(gt=0, le=LARGEST_ID, description="Only with this one.")] = None,
):
    """The times that can be booked, by their start."""
    if not 0 <= (end - start).days <= LONGEST_DAYS:
        raise Problem(422, env._("The span is between one day and %(days)s days long.", days=LONGEST_DAYS))
    offer = find_offer(env, offer_id)
    resources = find_resource(offer, resource_id)
    shown = set(offer._get_api_resources().ids if env.user.share else offer._get_candidates().ids)
    slots = offer.get_availability(start, end, resources=resources, by_staff=not env.user.share)
    return {
        "items": [
            {
                **describe_slot(offer, slot),
                "remaining": slot.places,
                "resource_ids": [one for one in slot.resource_ids if one in shown],
            }
            for slot in slots
        ]
    }


@router.post("/check-slots", response_model=CheckedList, responses=problems(422))
def check_slots(body: CheckBody, env: Env):
    """Whether some times are free, and why not; the rules are those of booking."""
    days = [slot.start.date() for slot in body.slots]
    if (max(days) - min(days)).days > LONGEST_DAYS:
        raise Problem(422, env._("The span is between one day and %(days)s days long.", days=LONGEST_DAYS))
    offer = find_offer(env, body.offer_id)
    wanted = [(stamp(slot.start), find_resource(offer, slot.resource_id)) for slot in body.slots]
    found = offer._check_starts(wanted, by_staff=not env.user.share)
    return {
        "items": [
            {
                "start": slot.start,
                "resource_id": slot.resource_id,
                "available": not codes,
                "reasons": [{"code": code.value, "detail": offer._get_reason_text(code)} for code in codes],
            }
            for slot, codes in zip(body.slots, found, strict=True)
        ]
    }


def find_offer(env, offer_id):
    """Return an offer that the user may book, as superuser: customers do not read offers; 404 for others."""
    points = env["service.point"]._get_api_points()
    # sudo: the points are those that the user may know of
    offers = env["service.offer"]._get_api_offers(points.sudo())
    return require(offers.filtered(lambda offer: offer.id == offer_id))


def find_resource(offer, resource_id):
    """Return the resource that is asked for, None for any; 404 for one that cannot be asked for here."""
    if resource_id is None:
        return None
    allowed = offer._get_api_resources() if offer.env.user.share else offer._get_candidates()
    return require(allowed.filtered(lambda resource: resource.id == resource_id))
