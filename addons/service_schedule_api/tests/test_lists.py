from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestLists(ApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("service_notification_webhook.allowed_hosts", "127.0.0.1")

    def test_pages_are_stable_under_inserts(self):
        """Pages meet without a gap or a double, by time and newest first, also when orders come in between."""
        days = [(self.day + timedelta(days=number)).isoformat() for number in (3, 1, 1, 2, 0)]
        placed = [self.place_by_api(date=day)["id"] for day in days]
        by_time = [placed[number] for number in (4, 1, 2, 3, 0)]
        cases = [("/orders/scheduled", by_time), (f"/orders/shop/{self.point.id}", placed[::-1])]
        for path, expected in cases:
            with self.subTest(path):
                seen, query = [], "?limit=2"
                while query:
                    page = self.fetch(path + query, self.technician)
                    seen += [order["id"] for order in page["items"]]
                    cursor = page["next_cursor"]
                    query = cursor and f"?limit=2&cursor={cursor}"
                    if len(seen) == 2:
                        self.place_by_api()  # the newest, and among the first by its time: before what has been read
                self.assertEqual([order for order in seen if order in placed], expected)
                self.assertEqual(len(set(seen)), len(seen))

    def test_bad_cursor(self):
        """A cursor that is none, or another list's, is 400."""
        other = self.fetch(f"/orders/shop/{self.point.id}?limit=1", self.technician)["next_cursor"]
        for cursor in ("x", "bnVsbA", "W251bGwsIDFd", "WyJhIiwgMV0", other or "W10"):
            self.fetch(f"/orders/scheduled?cursor={cursor}", self.technician, 400)

    def test_constant_queries(self):
        """Of a hundred things a list asks the database as often as of five, whoever asks."""
        webhook = self.make_things(5)
        paths = [
            f"{path}limit=200"
            for path in (
                "/orders/scheduled?",
                "/orders/due-today?",
                "/orders/overdue?",
                f"/orders/shop/{self.point.id}?",
                "/shops?",
                "/offers?",
                "/webhooks?",
                f"/webhooks/{webhook.id}/deliveries?",
            )
        ]
        span = f"start={self.day}&end={self.day + timedelta(days=9)}"
        paths += [f"/calendar/orders?{span}", f"/calendar/counts?{span}"]
        paths.append(f"/availability?offer_id={self.offer.id}&start={self.day}&end={self.day}")
        people = (self.manager, self.ann)
        some = {(path, user): self.count_queries(path, user) for path in paths for user in people}
        self.make_things(95, webhook)
        for (path, user), (few, least) in some.items():
            with self.subTest(f"{path} as {user.login}"):
                many, size = self.count_queries(path, user)
                self.assertLessEqual(many, few)
                if size is not None and "availability" not in path and "counts" not in path:
                    self.assertGreaterEqual(size, least + 20)

    def make_things(self, number, webhook=None):
        """Make so many orders of as many products, webhooks, deliveries, shops, offers; return the first webhook."""
        self.point.counter_id.lane_count = 100
        form = self.env["service.order.form"].with_user(self.ann).sudo()
        products = self.product.create(
            [{"name": f"Fill {n}", "type": "service", "service_offer_ids": self.offer.ids} for n in range(number)]
        )
        orders = self.env["sale.order"]
        for product in products:
            item = {"product_id": product.id, "quantity": 1, "equipment_id": None}
            orders += form._place_by_api(form._fill_by_api(self.point.id, [item], ""), self.window_on(self.morning))
        self.env.flush_all()
        late, due = orders[: number // 3].ids, orders[number // 3 : 2 * number // 3].ids
        now = fields.Datetime.now()
        for ids, start in ((late, now - timedelta(days=1)), (due, now)):
            self.env.cr.execute(
                "UPDATE sale_order SET scheduled_start = %s, promised_time = %s WHERE id = ANY(%s)", [start, start, ids]
            )
        orders.invalidate_recordset()
        points = self.env["service.point"].create([{"name": f"Shop {one}"} for one in range(number // 3)])
        offers = self.env["service.offer"].create(
            [{"name": f"Offer {point.id}", "point_id": point.id} for point in points]
        )
        self.env["product.product"].create(
            [{"name": "Of it", "type": "service", "service_offer_ids": offer.ids} for offer in offers]
        )
        hooks = self.env["service.webhook.endpoint"].create(
            [
                {"name": f"Hook {one}", "url": "https://127.0.0.1/hook", "point_ids": self.point.ids}
                for one in range(number // 3)
            ]
        )
        webhook = webhook or hooks[0]
        for _delivery in range(number):
            webhook._insert_deliveries("test", {"message": "x"})
        return webhook

    def count_queries(self, path, user):
        """Return how many queries a list takes when all caches of records are empty, and how long the list is.

        (0, None) where the user may not ask.
        """
        self.call("GET", path, user)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        answer = self.call("GET", path, user)
        if answer.status_code != 200:
            return 0, None
        page = answer.json()
        return self.cr.sql_log_count - before, len(page if isinstance(page, list) else page.get("items", page))

    def test_filters(self):
        """The shop's list by kind and by several states."""
        first, second = self.place_by_api(), self.place_by_api(order_type="instant", date=None, time_slot=None)
        self.expect(self.call("PATCH", f"/orders/{first['id']}", self.technician, {"status": "confirmed"}), 200)

        def read(query):
            page = self.fetch(f"/orders/shop/{self.point.id}?{query}", self.technician)
            return [order["id"] for order in page["items"]]

        self.assertEqual(read("order_type=instant"), [second["id"]])
        self.assertEqual(read("status=confirmed"), [first["id"]])
        self.assertEqual(read("status=confirmed&status=pending"), [second["id"], first["id"]])
        self.fetch(f"/orders/shop/{self.point.id}?status=lost", self.technician, 400)

    def test_moments(self):
        """A moment with an offset bounds a list, also when its plus came as a space."""
        placed = self.place_by_api()
        moment = placed["scheduled_date"]
        for end in ("Z", "+00:00", "%2B00:00"):
            text = f"{self.day}T00:00:00{end}"
            page = self.fetch(f"/orders/scheduled?scheduled_date__gte={text}", self.ann)
            self.assertEqual([order["id"] for order in page["items"]], [placed["id"]], text)
        self.assertTrue(self.fetch(f"/orders/scheduled?scheduled_date__lte={moment}", self.ann)["items"])
        self.fetch(f"/orders/scheduled?scheduled_date__lte={self.day}T00:00:00", self.ann, 400)

    def test_index(self):
        """The lists have their indexes."""
        self.env.cr.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'sale_order'")
        names = {row[0] for row in self.env.cr.fetchall()}
        self.assertLessEqual({"sale_order_api_time_idx", "sale_order_api_shop_idx"}, names)
