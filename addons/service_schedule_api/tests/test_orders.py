from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestOrders(ApiCase):
    def test_place_and_read(self):
        """A customer places a pre-order for a window; it is the order that the portal has, and its answer is whole."""
        placed = self.place_by_api(order_notes="Will come at 5 PM sharp")
        order = self.env["sale.order"].browse(placed["id"])
        self.assertEqual((order.partner_id, order.window_id), (self.ann.partner_id, self.morning))
        self.assertEqual(order.fulfilment_state, "pending")
        self.assertEqual(
            {name: placed[name] for name in ("status", "order_type", "time_slot", "total_amount", "item_count")},
            {
                "status": "pending",
                "order_type": "pre_order",
                "time_slot": "MORNING",
                "total_amount": "25.00",
                "item_count": 2,
            },
        )
        self.assertIn(f"Order #{order.name} scheduled for", placed["confirmation"])
        self.assertRegex(placed["scheduled_date"], rf"{self.day}T08:00:00-0[45]:00")
        answer = self.call("GET", f"/orders/{order.id}", self.ann)
        self.assertEqual(self.expect(answer, 200), placed)
        self.assertEqual(answer.headers["ETag"], f'"{placed["revision"]}"')

    def test_place_several_items(self):
        """An order of two products is one order; it books the offer that takes longest."""
        longer = self.create_offer("Hydro test", self.point, duration_minutes=90)
        other = self.create_product("Hydrostatic test", longer)
        items = [{"product_id": self.product.id, "quantity": 2}, {"product_id": other.id}]
        placed = self.place_by_api(items=items)
        self.assertEqual([item["quantity"] for item in placed["items"]], [2, 1])
        self.assertEqual(self.env["sale.order"].browse(placed["id"]).service_offer_id, longer)

    def test_place_walk_in(self):
        """An instant order has no time."""
        placed = self.place_by_api(order_type="instant", date=None, time_slot=None)
        self.assertEqual((placed["order_type"], placed["scheduled_date"]), ("instant", None))

    def test_place_by_staff(self):
        """What the staff enter is the customer's and confirmed, as by the backend's form; without him it is not."""
        placed = self.place_by_api(self.technician, customer_id=self.bob.partner_id.id)
        self.assertEqual((placed["status"], placed["customer"]["name"]), ("confirmed", "Bob Diver"))
        self.expect(self.call("POST", "/orders", self.technician, self.get_order_body()), 422)
        other = self.create_product("Nothing of ours", self.offer.browse())
        for product_id in (other.id, 2**31 - 1):
            items = [{"product_id": self.product.id}, {"product_id": product_id}]
            body = self.get_order_body(customer_id=self.bob.partner_id.id, items=items)
            problem = self.expect(self.call("POST", "/orders", self.technician, body), 422)
            self.assertEqual([error["field"] for error in problem["errors"]], ["items.1.product_id"])

    def test_place_refused(self):
        """What cannot be read is 400 and names the field; what a rule forbids is 422 and says why."""
        before = self.env["sale.order"].search_count([])
        past = (self.day - timedelta(days=40)).isoformat()
        far = (self.day + timedelta(days=90)).isoformat()
        cases = [
            (400, {"scheduled_pickup_time": "2030-01-01T10:00:00", "date": None, "time_slot": None}, "offset|timezone"),
            (400, {"items": []}, "items"),
            (400, {"colour": "red"}, "colour"),
            (400, {"order_type": "instant"}, "instant"),
            (400, {"time_slot": None}, "together"),
            (400, {"items": [{"product_id": 1, "quantity": 0}]}, "quantity"),
            (422, {"date": past}, "future"),
            (422, {"date": far}, "Too far"),
            (422, {"time_slot": "NIGHT"}, "no such window"),
            (422, {"items": [{"product_id": 2**31 - 1}]}, "items.0.product_id"),
            (422, {"shop_id": 2**31 - 1}, "shop_id"),
            (422, {"customer_id": self.bob.partner_id.id}, "customer_id"),
        ]
        for status, values, text in cases:
            with self.subTest(values):
                answer = self.call("POST", "/orders", self.ann, self.get_order_body(**values))
                self.assertEqual(answer.status_code, status, answer.text)
                self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
                self.assertRegex(answer.text, text)
                self.assertEqual(answer.json()["status"], status)
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    def test_unreadable(self):
        """What is no JSON, or more than anybody means, is 400 and no fault of ours."""
        headers = {"Authorization": f"Bearer {self.keys[self.ann]}", "Content-Type": "application/json"}
        for data in (b"", b"{", b"\xff", b"[" * 100_000, b"1" * 10_000, b"null", b'"x"', b"NaN"):
            with self.subTest(data[:10]):
                answer = self.url_open("/api/v1/orders", data=data, headers=headers, method="POST")
                self.assertEqual(self.expect(answer, 400)["status"], 400)

    def test_equipment_is_nowhere(self):
        """Where equipment is not kept, or is not the customer's, an order for it is refused with the field's name."""
        items = [{"product_id": self.product.id, "equipment_id": 2**31 - 1}]
        for user, customer in ((self.ann, None), (self.technician, self.bob.partner_id.id)):
            body = self.get_order_body(items=items, customer_id=customer)
            problem = self.expect(self.call("POST", "/orders", user, body), 422)
            self.assertEqual([error["field"] for error in problem["errors"]], ["items.0.equipment_id"])

    def test_taken(self):
        """Of a time that is full: 409, with the nearest times that are free."""
        self.point.counter_id.lane_count = 1
        self.place_by_api()
        problem = self.expect(self.call("POST", "/orders", self.bob, self.get_order_body()), 409)
        self.assertTrue(problem["alternatives"])
        taken = f"{self.day}T08:00"
        self.assertNotIn(taken, [other["start"][: len(taken)] for other in problem["alternatives"]])
        self.assertEqual(set(problem["alternatives"][0]), {"start", "end", "time_slot"})

    def test_life(self):
        """The staff take every step; the revision rises with each; a step that is not allowed is 409."""
        placed = self.place_by_api()
        path = f"/orders/{placed['id']}"
        revision = placed["revision"]
        bodies = [
            {"status": "confirmed", "estimated_preparation_minutes": 20},
            {"estimated_preparation_minutes": 25},
            {"status": "preparing"},
            {"status": "ready"},
            {"status": "picked_up"},
        ]
        for body in bodies:
            order = self.expect(self.call("PATCH", path, self.technician, body), 200)
            self.assertEqual(order, order | body)
            self.assertGreater(order["revision"], revision, body)
            revision = order["revision"]
        self.expect(self.call("PATCH", path, self.technician, {"status": "picked_up"}), 200)
        self.expect(self.call("PATCH", path, self.technician, {"status": "preparing"}), 409)

    def test_cancel_by_customer(self):
        """A customer cancels before the cut-off and not after it; all else is the staff's."""
        placed = self.place_by_api()
        path = f"/orders/{placed['id']}"
        self.expect(self.call("PATCH", path, self.ann, {"status": "ready"}), 403)
        self.expect(self.call("PATCH", path, self.ann, {"estimated_preparation_minutes": 5}), 403)
        order = self.env["sale.order"].browse(placed["id"])
        with freeze_time(order.scheduled_start - timedelta(minutes=90)):
            problem = self.expect(self.call("PATCH", path, self.ann, {"status": "cancelled"}), 422)
        self.assertIn({"field": "reason", "detail": "too_late_to_change"}, problem["errors"])
        self.assertEqual(
            self.expect(self.call("PATCH", path, self.ann, {"status": "cancelled"}), 200)["status"], "cancelled"
        )
        self.assertEqual((order.cancelled_by, order.reservation_id.state), ("customer", "cancelled"))

    def test_reschedule(self):
        """Both ways to say a time move the order; the history tells every move, and the same time is none."""
        placed = self.place_by_api()
        path = f"/orders/{placed['id']}/reschedule"
        day = (self.day + timedelta(days=2)).isoformat()
        body = {"date": day, "time_slot": "AFTERNOON", "reason": "The boat leaves later"}
        moved = self.expect(self.call("POST", path, self.ann, body), 200)
        self.assertEqual((moved["time_slot"], moved["reschedule_count"]), ("AFTERNOON", 1))
        self.assertEqual(moved["original_scheduled_date"], placed["scheduled_date"])
        [move] = moved["history"]
        self.assertEqual((move["from"], move["to"]), (placed["scheduled_date"], moved["scheduled_date"]))
        self.assertEqual((move["by"], move["reason"]), ("Ann Diver", "The boat leaves later"))
        self.assertEqual(self.expect(self.call("POST", path, self.ann, body), 200), moved)
        moment = moved["scheduled_date"].replace("T12:00", "T15:00")
        again = self.expect(self.call("POST", path, self.technician, {"scheduled_date": moment}), 200)
        self.assertEqual((again["scheduled_date"], again["time_slot"], len(again["history"])), (moment, None, 2))

    def test_if_match(self):
        """A change that names an older revision is 412 and changes nothing."""
        placed = self.place_by_api()
        path = f"/orders/{placed['id']}"
        fresh, stale = {"If-Match": f'"{placed["revision"]}"'}, {"If-Match": f'"{placed["revision"] - 1}"'}
        self.expect(self.call("PATCH", path, self.technician, {"status": "confirmed"}, headers=stale), 412)
        self.assertEqual(self.fetch(path, self.ann)["status"], "pending")
        self.expect(self.call("PATCH", path, self.technician, {"status": "confirmed"}, headers=fresh), 200)
        body = {"date": self.day.isoformat(), "time_slot": "EVENING"}
        self.expect(self.call("POST", f"{path}/reschedule", self.ann, body, headers=fresh), 412)
