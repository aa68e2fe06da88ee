from datetime import UTC, datetime

from odoo.tests import freeze_time, tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestDocuments(ApiCase):
    """The examples of the requirement documents, word for word but for the numbers of records."""

    def setUp(self):
        super().setUp()
        self.point.write({"tz": "Asia/Kolkata"})
        self.point.calendar_id.tz = "Asia/Kolkata"
        # the key is valid by the database's clock; the shop lives in February 2026
        frozen = freeze_time(datetime(2026, 2, 25, 6, 0, tzinfo=UTC))
        frozen.start()
        self.addCleanup(frozen.stop)

    def test_seed_003(self):
        """Place a pre-order, confirm it with 20 minutes, mark it ready, and filter the shop's orders."""
        body = {
            "shop_id": self.point.id,
            "order_type": "pre_order",
            "scheduled_pickup_time": "2026-02-26T17:00:00+05:30",
            "order_notes": "Will come at 5 PM sharp",
            "items": [{"product_id": self.product.id, "quantity": 2}],
        }
        placed = self.expect(self.call("POST", "/orders/", self.ann, body), 201)
        self.assertEqual(placed["scheduled_date"], "2026-02-26T17:00:00+05:30")
        self.assertEqual((placed["status"], placed["order_notes"]), ("pending", "Will come at 5 PM sharp"))
        shop = f"/orders/shop/{self.point.id}?order_type=pre_order&status=pending"
        self.assertEqual([order["id"] for order in self.fetch(shop, self.technician)["items"]], [placed["id"]])
        path = f"/orders/{placed['id']}"
        body = {"status": "confirmed", "estimated_preparation_minutes": 20}
        confirmed = self.expect(self.call("PATCH", path, self.technician, body), 200)
        self.assertEqual(confirmed, confirmed | body)
        self.assertEqual(self.fetch(shop, self.technician)["items"], [])
        self.expect(self.call("PATCH", path, self.technician, {"status": "preparing"}), 200)
        ready = self.expect(self.call("PATCH", path, self.technician, {"status": "ready"}), 200)
        self.assertEqual(ready["status"], "ready")

    def test_seed_000(self):
        """The parameters of the scheduled list, the queue of today, what is overdue, the calendar."""
        with freeze_time(datetime(2025, 9, 30, 6, 0, tzinfo=UTC)):
            first = self.place_by_api(date="2025-10-01", time_slot="MORNING")
            last = self.place_by_api(date="2025-10-31", time_slot="AFTERNOON")
            self.place_by_api(date="2025-11-01", time_slot="MORNING")

            def read(query):
                page = self.fetch(f"/orders/scheduled/?{query}", self.technician)
                return [order["id"] for order in page["items"]]

            span = "scheduled_date__gte=2025-10-01&scheduled_date__lte=2025-10-31"
            self.assertEqual(read(span), [first["id"], last["id"]])
            self.assertEqual(read(f"{span}&time_slot=MORNING"), [first["id"]])
            self.assertEqual(read("is_overdue=true"), [])
            events = self.fetch("/calendar/orders/?start=2025-10-01&end=2025-10-31", self.technician)
            self.assertEqual(
                [event["title"] for event in events], [f"{o['order_number']} - Ann Diver" for o in (first, last)]
            )
            counts = self.fetch("/calendar/counts/?start=2025-10-01&end=2025-10-31", self.technician)
            self.assertEqual(counts, {"2025-10-01": 1, "2025-10-31": 1})
        with freeze_time(datetime(2025, 10, 1, 7, 0, tzinfo=UTC)):
            [due] = self.fetch("/orders/due-today/", self.technician)["items"]
            self.assertEqual((due["id"], due["bucket"]), (first["id"], "overdue"))
            self.assertEqual([o["id"] for o in self.fetch("/orders/overdue/", self.technician)["items"]], [first["id"]])
            self.assertEqual(read("is_overdue=true"), [first["id"]])
            path = f"/orders/{last['id']}/reschedule/"
            moved = self.expect(self.call("POST", path, self.ann, {"date": "2025-10-17", "time_slot": "MORNING"}), 200)
            self.assertEqual(moved["reschedule_count"], 1)
