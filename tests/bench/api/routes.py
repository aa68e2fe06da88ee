"""What is called: each call of our API, and what one asks of Odoo's own `/json/2` for the same."""

import itertools
import random
from dataclasses import dataclass
from typing import Any

NAMED = {"fields": {"display_name": {}}}
LINE = {"product_id": NAMED, "name": {}, "product_uom_qty": {}, "price_unit": {}, "price_total": {}}
PLAIN = (
    "name fulfilment_state order_type is_scheduled scheduled_start scheduled_stop original_time reschedule_count"
    " is_overdue prep_minutes amount_total order_notes access_url schedule_label service_revision"
    " create_date write_date"
)
ORDER = {
    **{name: {} for name in PLAIN.split()},
    "service_point_id": {},
    "window_id": {"fields": {"code": {}}},
    "partner_id": NAMED,
    "currency_id": {"fields": {"name": {}}},
    "order_line": {"fields": LINE},
}
EVENT = {"name": {}, "partner_id": NAMED, "scheduled_start": {}, "scheduled_stop": {}, "due_bucket": {}}
WINDOW = {"code": {}, "name": {}, "hour_from": {}, "hour_to": {}}
OFFER = (
    "name duration_minutes step_minutes lead_minutes horizon_days cutoff_minutes hold_minutes allow_windows"
    " allow_times payment"
)
RESERVATION = "public_id state start stop expires_at reschedule_count revision trouble tz"
OPEN = ["pending", "confirmed", "preparing", "ready"]


@dataclass
class Request:
    """One HTTP request; `body` is what is sent as JSON, or a function that makes it."""

    method: str
    path: str
    body: Any = None


@dataclass
class Route:
    """A call of ours, and functions that make the requests to `/json/2` in its place, each with the answer before it.

    Odoo has nothing alike where `theirs` is empty.
    """

    name: str
    ours: Request
    theirs: tuple = ()


def make_routes(world):
    """Return the `Route`s of a world."""
    start, end = world.span
    return [*_make_lists(world, start, end), *_make_times(world, start, end), _make_order(world)]


def _search(model, domain, specification, **values):
    body = {"domain": domain, "specification": specification, "limit": 50, **values}
    return (lambda _before: Request("POST", f"/json/2/{model}/web_search_read", body),)


def _make_lists(world, start, end):
    shop = ["service_point_id", "=", world.point]
    today = world.days[15]
    timed = ["scheduled_start", "!=", False]
    span = [["scheduled_start", ">=", start], ["scheduled_start", "<=", f"{end} 23:59:59"], ["state", "!=", "cancel"]]
    due = [["scheduled_start", ">=", today], ["scheduled_start", "<=", f"{today} 23:59:59"]]
    waiting = [["fulfilment_state", "in", OPEN[:2]], ["promised_time", "<", f"{today} 12:00:00"], timed]
    by_time = {"order": "scheduled_start, id"}
    ours = {
        "GET /orders/{id}": (f"/orders/{world.order}", [["id", "=", world.order]], {}),
        "GET /orders/shop/{id}": (f"/orders/shop/{world.point}", [shop], {"order": "id desc"}),
        "GET /orders/scheduled": (f"/orders/scheduled?scheduled_date__gte={start}", [*span[:1], timed], {}),
        "GET /orders/due-today": ("/orders/due-today", [*due, ["fulfilment_state", "in", OPEN]], {}),
        "GET /orders/overdue": ("/orders/overdue", waiting, {}),
    }
    routes = [
        Route(name, Request("GET", path), _search("sale.order", domain, ORDER, **{**by_time, **more}))
        for name, (path, domain, more) in ours.items()
    ]
    query = f"start={start}&end={end}"
    events = Request("GET", f"/calendar/orders?{query}")
    counts = Request("GET", f"/calendar/counts?{query}")
    grouped = {"domain": [*span, shop], "groupby": ["scheduled_start:day"], "aggregates": ["__count"]}
    return [
        *routes,
        Route("GET /calendar/orders", events, _search("sale.order", span, EVENT, limit=10_000)),
        Route(
            "GET /calendar/counts",
            counts,
            (lambda _before: Request("POST", "/json/2/sale.order/formatted_read_group", grouped),),
        ),
    ]


def _make_times(world, start, end):
    offer = {
        **{name: {} for name in OFFER.split()},
        "point_id": {},
        "product_tmpl_ids": {"fields": {"name": {}, "list_price": {}}},
    }
    reservation = {**{name: {} for name in RESERVATION.split()}, "order_ids": {}, "window_id": {"fields": {"code": {}}}}
    slots = [{"start": f"{day}T10:00:00+00:00"} for day in world.days[16:26]]
    asked = f"offer_id={world.offer}&start={world.days[15]}&end={end}"
    found = [["public_id", "=", world.reservation]]
    return [
        Route(
            "GET /shops",
            Request("GET", "/shops"),
            _search("service.point", [], {"name": {}, "tz": {}, "window_ids": {"fields": WINDOW}}),
        ),
        Route("GET /offers", Request("GET", "/offers"), _search("service.offer", [], offer)),
        Route(
            "GET /availability, 16 days",
            Request("GET", f"/availability?{asked}"),
        ),
        Route(
            "POST /availability/check-slots, 10",
            Request("POST", "/availability/check-slots", {"offer_id": world.offer, "slots": slots}),
        ),
        Route(
            "GET /reservations/{id}",
            Request("GET", f"/reservations/{world.reservation}"),
            _search("service.reservation", found, reservation),
        ),
        Route(
            "GET /webhooks",
            Request("GET", "/webhooks"),
            _search("service.webhook.endpoint", [], {"name": {}, "url": {}, "state": {}}),
        ),
    ]


def _make_order(world):
    """Return the route that places an order; by `/json/2` staff fill in their form and press its button."""
    number = itertools.count()

    def choose():
        (window, code), day = random.choice(world.windows), random.choice(world.days[17:])
        return window, code, day, f"Bench {next(number)}"

    def make_ours():
        _window, code, day, note = choose()
        items = [{"product_id": world.product, "quantity": 1}]
        body = {"shop_id": world.point, "customer_id": world.customer, "items": items, "order_notes": note}
        return {**body, "order_type": "pre_order", "date": day, "time_slot": code}

    def fill_in(_before):
        window, _code, day, note = choose()
        form = {"point_id": world.point, "partner_id": world.customer, "product_id": world.product, "quantity": 1}
        form |= {"when": "later", "choice": f"window:{window}:{day}", "order_notes": note}
        return Request("POST", "/json/2/sale.order.quick/create", {"vals_list": [form]})

    def press(before):
        return Request("POST", "/json/2/sale.order.quick/action_create", {"ids": before})

    return Route("POST /orders", Request("POST", "/orders", make_ours), (fill_in, press))
