"""One booking in the ORM, and many bookers on the same times: ours beside OCA `resource_booking`.

The second part commits, so it runs in the benchmark's own database, which is dropped afterwards.
"""

import contextlib
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.sql_db import db_connect
from odoo.tools import mute_logger

sys.path.insert(0, str(Path(__file__).parent))
from bench_tools import Shop, measure_once, table, title

BOOKINGS = 20
CLIENTS = 8
CONTESTED = 10
TRIES = 5


def choice_of(shop, number):
    """Return the choice of the 30 days' free half hour `number` (0, 1, …), as our form sends it."""
    return f"time:{moment_of(shop, number).isoformat()}+00:00"


def moment_of(shop, number):
    """Return the naive UTC start of half hour `number`: 12 a day, Sundays left out."""
    weeks, rest = divmod(number, 12 * 6)
    monday = shop.first_day + timedelta(days=(7 - shop.first_day.weekday()) % 7 + 7 * weeks)
    return datetime.combine(monday, datetime.min.time()) + timedelta(days=rest // 12, hours=8 + rest % 12, minutes=30)


def book_ours(env, shop, number):
    """Book with us."""
    env["service.reservation"]._book(
        env["service.offer"].browse(shop.offer.id), choice_of(shop, number), partner=shop.customer
    )
    env.flush_all()


def book_peers(env, shop, number):
    """Book with the peer: the customer's booking is made and given a time, as its portal does."""
    booking = shop.create_peer_booking(env)
    booking.write({"start": moment_of(shop, number)})
    booking.action_confirm()
    env.flush_all()


def one_booking(env, people, bookings):
    """Measure one booking of each; return the table's row."""
    with env.cr.savepoint() as savepoint:
        shop = Shop(env, people, "material")
        shop.fill(bookings)
        cells = [people, bookings]
        for act in (book_ours, book_peers) if shop.type else (book_ours,):
            taken = sorted(
                measure_once(shop.env, lambda act=act, number=number: act(shop.env, shop, number))[:2]
                for number in range(BOOKINGS if act == book_ours else 5)
            )
            milliseconds, queries = taken[len(taken) // 2]
            cells += [f"{milliseconds * 1000:.1f}", queries]
        savepoint.rollback()
        env.invalidate_all()
    return [*cells, *[""] * (6 - len(cells))]


class Client(threading.Thread):
    """Books the contested times one after the other, each in a transaction of its own."""

    def __init__(self, env, act, shop, start):
        super().__init__(daemon=True)
        self.database, self.user, self.context = env.cr.dbname, env.uid, shop.env.context
        self.act, self.shop, self.starting = act, shop, start
        self.outcomes = Counter()
        self.seconds = {"won": [], "lost": []}

    def run(self):
        """Try every time once."""
        for number in range(CONTESTED):
            self.starting.wait(60)
            start = time.perf_counter()
            outcome = self.book(number)
            self.outcomes[outcome] += 1
            self.seconds["won" if outcome == "won" else "lost"].append(time.perf_counter() - start)

    def book(self, number):
        """Book time `number`, again after a serialization failure, as Odoo does; return what came of it."""
        for _try in range(TRIES):
            with contextlib.closing(db_connect(self.database).cursor()) as cr:
                env = api.Environment(cr, self.user, self.context)
                try:
                    self.act(env, self.shop, number)
                    cr.commit()
                    return "won"
                except SerializationFailure:
                    self.outcomes["again"] += 1
                except Exception as error:  # noqa: BLE001 - its kind is counted
                    return type(error).__name__
        return "gave up"


def contest(env, act, shop, count, of_what):
    """Let all clients book the same times at once; return the table's row. `count`: SQL of the doubles `of_what`."""
    start = threading.Barrier(CLIENTS)
    clients = [Client(env, act, shop, start) for _client in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(300)
    outcomes = sum((client.outcomes for client in clients), Counter())
    env.cr.commit()
    env.cr.execute(count, [of_what])
    [(doubles,)] = env.cr.fetchall()
    times = [
        f"{sorted(all_of_them)[len(all_of_them) // 2] * 1000:.0f}" if all_of_them else "-"
        for all_of_them in ([s for client in clients for s in client.seconds[kind]] for kind in ("won", "lost"))
    ]
    others = {kind: number for kind, number in sorted(outcomes.items()) if kind != "won"}
    return [outcomes["won"], doubles, *times, ", ".join(f"{kind} {number}" for kind, number in others.items())]


OUR_DOUBLES = """SELECT count(*) FROM service_reservation a JOIN service_reservation b ON a.id < b.id
     AND a.resource_id = b.resource_id AND a.start < b.stop AND b.start < a.stop
   WHERE a.offer_id = %s AND a.state = 'confirmed' AND b.state = 'confirmed'"""
PEER_DOUBLES = """SELECT count(*) FROM resource_booking a JOIN resource_booking b ON a.id < b.id
     AND a.combination_id = b.combination_id AND a.start < b.stop AND b.start < a.stop
   WHERE a.type_id = %s AND a.active AND b.active"""


def run(env):
    """Measure and print."""
    title("One booking in the ORM")
    heads = ["people", "bookings before", "ours ms", "queries", "peer ms", "queries"]
    table(heads, [one_booking(env, 1, 0), one_booking(env, 1, 1_000), one_booking(env, 50, 10_000)])
    print("Aim: at most 25 queries.")
    title(f"{CLIENTS} clients on the same {CONTESTED} times of one person")
    shop = Shop(env, 1, "material")
    env.cr.commit()
    rows = []
    with mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_mail_server"):
        rows.append(["ours", *contest(env, book_ours, shop, OUR_DOUBLES, shop.offer.id)])
        if shop.type:
            rows.append(["peer", *contest(env, book_peers, shop, PEER_DOUBLES, shop.type.id)])
    table(["", "won", "pairs that overlap", "ms of a winner", "ms of a loser", "others"], rows)
    print("Aim: 0 double, 0 deadlock.")


if __name__ == "__main__":
    run(env)  # noqa: F821 - given by `make bench`
