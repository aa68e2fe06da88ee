"""Thirty days of slots: ours, beside the floor and beside OCA `resource_booking`.

The floor is what nobody can do without: one batched call of core's working hours for all resources, and one SQL that
reads what is taken. Records are cold at every measurement, as a request finds them.
"""

import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from bench_tools import Shop, measure, table, title

PEOPLE = (1, 50)
BOOKINGS = (0, 1_000, 10_000)
AIM_FLOOR, AIM_QUERIES, AIM_PEER = 1.5, 12, 30


def floor(shop):
    """Read the working hours and the claims of 30 days, as little as possible."""
    start = datetime.combine(shop.first_day, time(), UTC)
    stop = start + timedelta(days=30)
    resources = shop.resources
    hours = shop.calendar._work_intervals_batch(start, stop, resources)
    shop.env.cr.execute(
        """SELECT resource_id, blocked_start, blocked_stop FROM service_reservation
            WHERE state IN ('held', 'confirmed') AND resource_id = ANY(%s)
              AND blocked_stop > %s AND blocked_start < %s""",
        [resources.ids, start.replace(tzinfo=None), stop.replace(tzinfo=None)],
    )
    return hours, shop.env.cr.fetchall()


def peer(shop, booking):
    """Return the peer's slots of the same 30 days."""
    import pytz

    start = pytz.utc.localize(datetime.combine(shop.first_day, time()))
    return booking._get_available_slots(start, start + timedelta(days=30))


def row(env, people, bookings, kind):
    """Measure one case; return the table's row."""
    with env.cr.savepoint() as savepoint:
        shop = Shop(env, people, kind)
        shop.fill(bookings)
        (ours, queries, slots), (least, least_queries, _result) = measure(
            shop.env, lambda: shop.offer.get_availability(shop.first_day, shop.last_day), lambda: floor(shop)
        )
        cells = [kind, people, bookings, len(slots), f"{ours:.1f}", queries, f"{least:.1f}", least_queries]
        cells += [f"{ours / least:.2f}"]
        if shop.type:
            booking = shop.create_peer_booking()
            [(theirs, their_queries, their_slots)] = measure(shop.env, lambda: peer(shop, booking))
            count = sum(map(len, their_slots.values()))
            cells += [f"{theirs:.1f}", their_queries, f"{theirs / ours:.0f}", "yes" if count == len(slots) else count]
        else:
            cells += ["not installed", "", "", ""]
        savepoint.rollback()
        shop.env.invalidate_all()
    return cells


def run(env):
    """Measure and print all cases."""
    title("Thirty days of slots")
    heads = ["kind", "people", "bookings", "slots", "ours ms", "queries", "floor ms", "queries", "ours / floor"]
    heads += ["peer ms", "queries", "peer / ours", "same slots"]
    rows = [
        row(env, people, bookings, kind) for kind in ("user", "material") for people in PEOPLE for bookings in BOOKINGS
    ]
    table(heads, rows)
    print(f"Aims: ours / floor <= {AIM_FLOOR}, queries <= {AIM_QUERIES}, peer / ours >= {AIM_PEER}.")


if __name__ == "__main__":
    run(env)  # noqa: F821 - given by `make bench`
