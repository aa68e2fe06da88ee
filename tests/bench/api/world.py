"""What is asked for: a shop with orders, its manager, and a key that opens both APIs."""

from dataclasses import dataclass
from datetime import timedelta

from bench_board import Orders

from odoo.fields import Command

LIMIT = 10_000_000
"""Calls a minute: what is measured is the work, not the limit."""


@dataclass
class World:
    """Numbers of the records that are asked for, and the key."""

    key: str
    point: int
    offer: int
    product: int
    customer: int
    order: int
    reservation: str
    windows: list
    days: list

    @property
    def span(self):
        """The first and the last day of the month around today, ISO 8601."""
        return self.days[0], self.days[-1]


def create_world(env, count):
    """Make a shop with `count` orders, as the board's benchmark has it, and return its `World`."""
    made = Orders(env, count)
    env = made.env
    point, today = made.point, made.point._get_today()
    manager = made.technician
    groups = ("service_schedule.group_manager", "sales_team.group_sale_salesman_all_leads", "base.group_system")
    manager.group_ids = [Command.link(env.ref(name).id) for name in groups]
    # of no scope: it opens Odoo's own API as well as ours
    key = env["res.users.apikeys"].with_user(manager).sudo()._generate(None, "bench", None)
    env["res.users.apikeys"].sudo().search([("user_id", "=", manager.id)]).api_limit = LIMIT
    order = env["sale.order"].search(
        [("service_point_id", "=", point.id), ("fulfilment_state", "=", "confirmed")], limit=1
    )
    env["service.webhook.endpoint"].create([{"name": "Bench", "url": "https://192.0.2.1/", "active": False}])
    return World(
        key=key,
        point=point.id,
        offer=point.offer_ids.id,
        product=order.order_line.product_id[0].id,
        customer=order.partner_id.id,
        order=order.id,
        reservation=order.reservation_id.public_id,
        windows=[(window.id, window.code) for window in point.window_ids],
        days=[(today + timedelta(days=number)).isoformat() for number in range(-15, 16)],
    )
