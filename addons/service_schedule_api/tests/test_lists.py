from datetime import timedelta

from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestLists(ApiCase):
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
        """Of eight orders a list asks the database as often as of two."""
        for number in range(2):
            self.place_by_api(date=(self.day + timedelta(days=number)).isoformat())
        paths = [
            "/orders/scheduled",
            "/orders/due-today",
            "/orders/overdue",
            f"/orders/shop/{self.point.id}",
            f"/calendar/orders?start={self.day}&end={self.day + timedelta(days=9)}",
        ]
        for user in (self.technician, self.ann):
            some = {path: self.count_queries(path, user) for path in paths}
            for number in range(6):
                self.place_by_api(date=(self.day + timedelta(days=number % 3)).isoformat(), time_slot="EVENING")
            many = {path: self.count_queries(path, user) for path in paths}
            for path in paths:
                if some[path]:
                    self.assertLessEqual(many[path], some[path] + 1, (path, user.login))

    def count_queries(self, path, user):
        """Return how many queries a list takes when all caches of records are empty; 0 where the user may not ask."""
        self.call("GET", path, user)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        status = self.call("GET", path, user).status_code
        return self.cr.sql_log_count - before if status == 200 else 0

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
