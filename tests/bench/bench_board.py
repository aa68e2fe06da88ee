"""The due-today board and the month calendar over 1,000 and over 100,000 orders in the database.

Today and this month look the same in both: 60 open orders today and 8 on each other day around it. The rest is
history before this month, a hundred orders a day that were picked up.
"""

import sys
from datetime import timedelta
from pathlib import Path

from lxml import etree

from odoo.fields import Command
from odoo.tests import new_test_user

sys.path.insert(0, str(Path(__file__).parent))
from bench_tools import measure, table, title

ORDERS = (1_000, 100_000)
TODAY, A_DAY, AROUND_DAYS, HISTORY_A_DAY = 60, 8, 15, 100
AIM = 2

PLAN = """
    CREATE TEMP TABLE bench_plan ON COMMIT DROP AS
    SELECT number, day, is_open, (%(windows)s)[1 + lane %% 3] AS window_id, lane / 3 AS lane,
           day + (ARRAY[8, 12, 17])[1 + lane %% 3] * interval '1 hour' AS start,
           day + (ARRAY[12, 17, 20])[1 + lane %% 3] * interval '1 hour' AS stop,
           nextval('sale_order_id_seq') AS order_id, nextval('service_reservation_id_seq') AS reservation_id
      FROM (SELECT i AS number, i %% %(today)s AS lane, %(day)s::date AS day, true AS is_open
              FROM generate_series(0, %(today)s - 1) AS i
             UNION ALL
            SELECT i, i %% %(a_day)s, %(day)s::date + 1 + i / %(a_day)s, true
              FROM generate_series(0, %(a_day)s * %(around)s - 1) AS i
             UNION ALL
            SELECT i, i %% %(history)s, %(day)s::date - 1 - %(around)s - i / %(history)s, false
              FROM generate_series(0, %(count)s - %(today)s - %(a_day)s * %(around)s - 1) AS i) AS days
"""


def copy_rows(env, name, source_id, values, condition="TRUE"):
    """Insert a copy of the row `source_id` for each row of the plan, with `values` (column: SQL) instead of its own."""
    env.cr.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_name = %s AND table_schema = current_schema AND column_name <> 'id'""",
        [name],
    )
    kept = [column for (column,) in env.cr.fetchall() if column not in values]
    columns = [*kept, *values]
    given = [*(f"source.{column}" for column in kept), *values.values()]
    env.cr.execute(
        f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(given)}"
        f" FROM bench_plan AS plan CROSS JOIN {name} AS source WHERE source.id = %s AND {condition}",
        [source_id],
    )


class Orders:
    """A shop in UTC with `count` orders; the first comes through the ORM, the others are its copies."""

    def __init__(self, env, count):
        self.env = env = env(context={"tracking_disable": True, "no_reset_password": True, "lang": "en_US"})
        self.technician = new_test_user(env, "bench_tech", groups="service_schedule.group_technician", tz="UTC")
        self.point = env["service.point"].create({"name": "Bench", "tz": "UTC"})
        self.point.calendar_id.flexible_hours = True
        self.point.counter_id.lane_count = 500
        offer = env["service.offer"].create({"name": "Bench", "point_id": self.point.id})
        products = env["product.product"].create(
            [{"name": f"Bench {number}", "type": "service", "service_offer_ids": offer.ids} for number in range(2)]
        )
        order = env["sale.order"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Bench customer"}).id,
                "order_line": [Command.create({"product_id": product.id}) for product in products],
            }
        )
        far = self.point._get_today() + timedelta(days=60)
        order._schedule(f"window:{self.point.window_ids[0].id}:{far}", by_staff=True)
        order.action_confirm()
        env.flush_all()
        self.multiply(order, count)
        env.cr.execute("ANALYZE sale_order, sale_order_line, service_reservation")
        env.invalidate_all()

    def multiply(self, order, count):
        """Insert the copies."""
        self.env.cr.execute(
            PLAN,
            {
                "windows": self.point.window_ids.ids,
                "day": self.point._get_today(),
                "today": TODAY,
                "a_day": A_DAY,
                "around": AROUND_DAYS,
                "history": HISTORY_A_DAY,
                "count": count,
            },
        )
        times = {"start": "plan.start", "stop": "plan.stop"}
        state = "CASE WHEN plan.is_open THEN 'confirmed' ELSE 'done' END"
        reservation = {
            **times,
            "id": "plan.reservation_id",
            "public_id": "gen_random_uuid()",
            "blocked_start": "plan.start",
            "blocked_stop": "plan.stop",
            "promised": "plan.stop",
            "original_start": "plan.start",
            "window_id": "plan.window_id",
            "lane": "plan.lane",
            "state": state,
        }
        copy_rows(self.env, "service_reservation", order.reservation_id.id, reservation)
        step = "CASE WHEN plan.is_open THEN NULL ELSE 'picked_up' END"
        values = {
            "id": "plan.order_id",
            "name": "'BENCH' || plan.order_id",
            "reservation_id": "plan.reservation_id",
            "scheduled_start": "plan.start",
            "scheduled_stop": "plan.stop",
            "promised_time": "plan.stop",
            "original_time": "plan.start",
            "commitment_date": "plan.start",
            "date_order": "plan.start",
            "window_id": "plan.window_id",
            "fulfilment_step": step,
            "fulfilment_state": f"coalesce({step}, 'confirmed')",
            "submission_key": "NULL",
            "access_token": "NULL",
        }
        copy_rows(self.env, "sale_order", order.id, values)
        for line in order.order_line:
            copy_rows(self.env, "sale_order_line", line.id, {"order_id": "plan.order_id"})
        self.env.cr.execute("DROP TABLE bench_plan")

    def board(self):
        """Return the board as its page asks for it."""
        return self.env["sale.order"].with_user(self.technician).get_due_board(self.point.id)["orders"]

    def calendar(self):
        """Return the month as the calendar view asks for it."""
        orders = self.env["sale.order"].with_user(self.technician)
        first, last = (self.point._get_today() + timedelta(days=days) for days in (-AROUND_DAYS, AROUND_DAYS))
        domain = [
            ("service_point_id", "=", self.point.id),
            ("scheduled_start", "<=", f"{last} 23:59:59"),
            ("scheduled_stop", ">=", f"{first} 00:00:00"),
        ]
        return orders.web_search_read(domain, self.specification, limit=1000)["records"]

    @property
    def specification(self):
        """What the calendar view reads."""
        view = self.env.ref("sale_service_schedule.sale_order_view_calendar")
        arch = etree.fromstring(self.env["sale.order"].get_view(view.id)["arch"])
        names = {node.get("name") for node in arch.iter("field")}
        names |= {arch.get(name) for name in ("date_start", "date_stop", "color") if arch.get(name)}
        fields = self.env["sale.order"]._fields
        return {name: {"fields": {"display_name": {}}} if fields[name].relational else {} for name in names}


def run(env):
    """Measure and print."""
    title("Due-today board and month calendar")
    figures = {}
    for count in ORDERS:
        with env.cr.savepoint() as savepoint:
            orders = Orders(env, count)
            found = env["sale.order"].search_count([("service_point_id", "=", orders.point.id)])
            figures[count] = (found, *measure(orders.env, orders.board, orders.calendar))
            savepoint.rollback()
            env.invalidate_all()
    rows = []
    for index, page in enumerate(("board", "calendar"), 1):
        few, many = (figures[count][index] for count in ORDERS)
        cells = [page]
        for count, (milliseconds, queries, shown) in zip(ORDERS, (few, many), strict=True):
            cells += [figures[count][0], len(shown), f"{milliseconds:.1f}", queries]
        rows.append([*cells, f"{many[0] / few[0]:.2f}"])
    table(["page", "orders", "shown", "ms", "queries", "orders", "shown", "ms", "queries", "ratio"], rows)
    print(f"Aim: ratio <= {AIM}, the same queries.")


if __name__ == "__main__":
    run(env)  # noqa: F821 - given by `make bench`
