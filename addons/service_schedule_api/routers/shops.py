"""What can be booked where."""

from typing import Annotated

from fastapi import APIRouter, Query

from odoo.fields import Domain

from ..dependencies import DEFAULT, GUARDS, Cursor, Env, Limit, read_page, require
from ..presenters.time import present_offer, present_shop
from ..schemas.common import LARGEST_ID, problems
from ..schemas.time import OfferPage, ShopPage

router = APIRouter(tags=["Time"], dependencies=GUARDS)


@router.get("/shops", response_model=ShopPage, responses=problems())
def list_shops(env: Env, limit: Limit = DEFAULT, cursor: Cursor = None):
    """The service points that the caller may know of; a customer's, where he can order."""
    points = env["service.point"]._get_api_points()
    shops, following = read_page(points.sudo().search, Domain("id", "in", points.ids), limit, cursor)
    # sudo: the points are those that the user may know of
    return {"items": [present_shop(shop) for shop in shops], "next_cursor": following}


@router.get("/offers", response_model=OfferPage, responses=problems())
def list_offers(
    env: Env,
    shop_id: Annotated[int | None, Query(gt=0, le=LARGEST_ID, description="Only of this shop.")] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
):
    """What can be booked, with the products that do so and what they cost."""
    points = env["service.point"]._get_api_points()
    if shop_id:
        points = require(points.filtered(lambda point: point.id == shop_id))
    # sudo: what the points offer to the user; customers do not read offers
    offers = env["service.offer"]._get_api_offers(points.sudo())
    shown, following = read_page(offers.search, Domain("id", "in", offers.ids), limit, cursor)
    prices = shown._get_api_prices()
    return {"items": [present_offer(offer, prices) for offer in shown], "next_cursor": following}
