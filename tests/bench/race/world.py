"""The shop that everybody wants to book at: persons, people who stand in for each other, and a pool."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

from passlib.context import CryptContext

from odoo.fields import Command

ZONE = "Europe/Paris"
PASSWORD = "a customer's password"
PRICE = 100.0
PERSON_TIMES = 20
PEOPLE = 4
SHARED_TIMES = 60
SHARED = 3
HOURS = range(8, 20)


@dataclass(frozen=True)
class Slot:
    """A time that is fought for, and how many may have it."""

    offer_id: int
    choice: str
    places: int
    product_id: int
    kind: str
    stamp: int


@dataclass
class Shop:
    """What was made: `slots` in the order in which the clients go through them."""

    point_id: int
    slots: list[Slot] = field(default_factory=list)
    offer_ids: list[int] = field(default_factory=list)
    resource_ids: list[int] = field(default_factory=list)

    @property
    def capacity(self):
        """How many may win in all."""
        return sum(slot.places for slot in self.slots)


def create_shop(env, name="Race", scale=1.0, **offer_values):
    """Make a shop with 200 contested times (times `scale`) and return it.

    80 of one person each, 60 of a pool with 3 places, 60 that any of 3 people can serve. Nobody is limited in what he
    holds: that is another test.
    """
    point = env["service.point"].create(
        {"name": f"{name} shop", "tz": ZONE, "hold_limit": 1000, "guest_hold_limit": 1000}
    )
    shop = Shop(point.id)
    people = [_create_resource(env, shop, f"{name} person {number}") for number in range(PEOPLE)]
    for person in people:
        _create_slots(
            env, shop, point, f"{name} hour with {person.name}", person, "person", PERSON_TIMES * scale, offer_values
        )
    team = env["resource.resource"].union(
        *(_create_resource(env, shop, f"{name} team {number}") for number in range(SHARED))
    )
    _create_slots(env, shop, point, f"{name} hour with anyone", team, "team", SHARED_TIMES * scale, offer_values)
    pool = _create_resource(env, shop, f"{name} pool", resource_type="material", lane_count=SHARED)
    _create_slots(env, shop, point, f"{name} hour in the pool", pool, "pool", SHARED_TIMES * scale, offer_values)
    random.Random(f"{name}").shuffle(shop.slots)
    return shop


def _create_resource(env, shop, name, **values):
    resource = env["resource.resource"].create(
        {"name": name, "resource_type": "user", "calendar_id": False, "tz": ZONE, **values}
    )
    shop.resource_ids.append(resource.id)
    return resource


def _create_slots(env, shop, point, name, resources, kind, count, offer_values):
    """Make the offer and its product, and take its first `count` times from a week on."""
    offer = env["service.offer"].create(
        {
            "name": name,
            "point_id": point.id,
            "resource_ids": [Command.set(resources.ids)],
            "duration_minutes": 60,
            "step_minutes": 60,
            "lead_minutes": 0,
            "allow_windows": False,
            **offer_values,
        }
    )
    product = env["product.product"].create(
        {
            "name": name,
            "type": "service",
            "list_price": PRICE,
            "taxes_id": [Command.clear()],
            "service_offer_ids": [Command.set(offer.ids)],
        }
    )
    shop.offer_ids.append(offer.id)
    first = point._get_today() + timedelta(days=7)
    offered = offer.get_picker_days(first, first + timedelta(days=20))
    choices = [slot["choice"] for day in sorted(offered) for slot in offered[day]][: int(count)]
    places = sum(resources.mapped("lane_count"))
    shop.slots += [
        Slot(offer.id, choice, places, product.id, kind, offer.parse_choice(choice)[0]) for choice in choices
    ]


def create_customers(env, count, name="race"):
    """Make portal users and return their logins; one cheap hash for all, since hashing is made to be slow."""
    logins = [f"{name}{number}@example.com" for number in range(count)]
    country = env.ref("base.fr").id
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"{name.title()} {number}",
                    "login": login,
                    "email": login,
                    "country_id": country,
                    "group_ids": [Command.set(env.ref("base.group_portal").ids)],
                }
                for number, login in enumerate(logins)
            ]
        )
    )
    env.flush_all()
    hashed = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1000).hash(PASSWORD)
    env.cr.execute("UPDATE res_users SET password = %s WHERE id = ANY(%s)", [hashed, users.ids])
    return logins
