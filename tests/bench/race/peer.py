"""The same shop for the peer, OCA `resource_booking`: the same times, people and places."""

from odoo.fields import Command

DOUBLES = """
    SELECT count(*) FROM resource_booking a JOIN resource_booking b ON a.id < b.id
       AND a.combination_id = b.combination_id AND a.start < b.stop AND b.start < a.stop
     WHERE a.type_id = ANY(%(types)s) AND b.type_id = ANY(%(types)s) AND a.active AND b.active"""


def is_installed(env):
    """Whether the peer is there to race against."""
    return "resource.booking.type" in env


def create_types(env, shop):
    """Return `{offer id: type id}`: for each of our offers a type with a combination for each place."""
    types = {}
    for offer in env["service.offer"].browse(shop.offer_ids):
        combinations = env["resource.booking.combination"]
        for resource in offer.resource_ids:
            for place in range(resource.lane_count):
                twin = resource.copy(
                    {
                        "name": f"{resource.name} {place}",
                        "lane_count": 1,
                        "resource_type": "material",
                        "offer_ids": False,  # the peer's places are not ours
                    }
                )
                twin.calendar_id = offer.point_id.calendar_id
                combinations += combinations.create({"resource_ids": [Command.set(twin.ids)]})
        types[offer.id] = (
            env["resource.booking.type"]
            .create(
                {
                    "name": offer.name,
                    "duration": 1.0,
                    "slot_duration": 1.0,
                    "modifications_deadline": 0,
                    "combination_assignment": "sorted",
                    "resource_calendar_id": offer.point_id.calendar_id.id,
                    "combination_rel_ids": [
                        Command.create({"combination_id": combination.id}) for combination in combinations
                    ],
                }
            )
            .id
        )
    return types


def invite(env, types, partners, wanted):
    """Return `{(client number, offer id): [(booking id, access token)]}`.

    :param wanted: `{(client number, offer id): how many}`: so many tries he has, and each might win
    """
    bookings = {}
    for (number, offer_id), count in wanted.items():
        pattern = env["resource.booking"].create({"type_id": types[offer_id], "partner_ids": partners[number].ids})
        env.flush_all()
        bookings[number, offer_id] = _multiply(env, pattern, count)
    return bookings


def _multiply(env, pattern, count):
    """Copy a pending booking by SQL, for there are thousands; return `[(id, access token)]`."""
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'resource_booking'")
    names = [name for (name,) in env.cr.fetchall() if name not in ("id", "access_token")]
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"""INSERT INTO resource_booking ({columns}, access_token)
            SELECT {columns}, gen_random_uuid()::text FROM resource_booking, generate_series(1, %s)
             WHERE resource_booking.id = %s RETURNING id, access_token""",
        [count, pattern.id],
    )
    made = env.cr.fetchall()
    env.cr.execute(
        """INSERT INTO res_partner_resource_booking_rel (resource_booking_id, res_partner_id)
           SELECT unnest(%s), %s""",
        [[row[0] for row in made], pattern.partner_ids.id],
    )
    return made
