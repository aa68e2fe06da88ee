from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestReservations(ApiCase):
    def hold(self, user=None, status=201, **values):
        """Hold an hour's time, or what ``values`` say."""
        body = {"offer_id": self.offer.id, "date": self.day.isoformat(), "time_slot": "MORNING", **values}
        body = {name: value for name, value in body.items() if value is not None}
        return self.expect(self.call("POST", "/reservations", user or self.ann, body), status)

    def step(self, held, step, user=None, status=200, body=None, headers=None):
        """Take a step of a reservation's life."""
        path = f"/reservations/{held['id']}/{step}"
        return self.expect(self.call("POST", path, user or self.ann, body, headers=headers), status)

    def test_hold_confirm_cancel(self):
        """A time is held, confirmed and cancelled; each step taken again answers as it did the first time."""
        held = self.hold()
        self.assertEqual((held["status"], held["time_slot"]), ("held", "MORNING"))
        self.assertTrue(held["expires_at"])
        self.assertEqual(self.hold(), held)
        confirmed = self.step(held, "confirm")
        self.assertEqual((confirmed["status"], confirmed["expires_at"]), ("confirmed", None))
        self.assertEqual(self.step(held, "confirm"), confirmed)
        self.step(held, "release", status=409)
        cancelled = self.step(held, "cancel", body={"reason": "No boat"})
        self.assertEqual(cancelled["status"], "cancelled")
        self.assertEqual(self.step(held, "cancel"), cancelled)
        self.assertEqual(self.fetch(f"/reservations/{held['id']}", self.ann), cancelled)

    def test_release(self):
        """Who releases a hold gives its time to others."""
        self.point.counter_id.lane_count = 1
        held = self.hold()
        problem = self.hold(self.bob, 409)
        self.assertTrue(problem["alternatives"])
        self.assertEqual(self.step(held, "release"), self.step(held, "release"))
        self.assertEqual(self.hold(self.bob)["status"], "held")

    def test_reschedule(self):
        """A hold and a reservation move; ``If-Match`` protects them."""
        held = self.hold()
        moved = self.step(held, "reschedule", body={"date": self.day.isoformat(), "time_slot": "EVENING"})
        self.assertEqual((moved["status"], moved["time_slot"]), ("held", "EVENING"))
        confirmed = self.step(held, "confirm")
        body = {"date": (self.day + timedelta(days=1)).isoformat(), "time_slot": "EVENING", "reason": "Rain"}
        self.step(held, "reschedule", body=body, headers={"If-Match": f'"{held["revision"]}"'}, status=412)
        fresh = {"If-Match": f'"{confirmed["revision"]}"'}
        self.assertEqual(self.step(held, "reschedule", body=body, headers=fresh)["reschedule_count"], 1)

    def test_of_an_order(self):
        """The reservation of an order moves and ends with it, by the order's own rules."""
        order = self.env["sale.order"].browse(self.place_by_api()["id"])
        held = {"id": order.reservation_id.public_id}
        body = {"date": self.day.isoformat(), "time_slot": "EVENING"}
        self.assertEqual(self.step(held, "reschedule", body=body)["order_id"], order.id)
        self.assertEqual(order.window_id, self.evening)
        self.step(held, "cancel", body={"reason": "No boat"})
        self.assertEqual((order.fulfilment_state, order.cancel_reason), ("cancelled", "No boat"))

    def test_no_show(self):
        """The staff say that a customer did not come, when his time has come; programs hear of it."""
        order = self.env["sale.order"].browse(self.place_by_api()["id"])
        self.expect(self.call("PATCH", f"/orders/{order.id}", self.technician, {"status": "confirmed"}), 200)
        held = {"id": order.reservation_id.public_id}
        self.step(held, "no-show", self.ann, 403)
        self.step(held, "no-show", self.technician, 409)
        revision = order.service_revision
        with freeze_time(order.scheduled_stop):
            self.assertEqual(self.step(held, "no-show", self.technician)["status"], "no_show")
        self.assertEqual(self.fetch(f"/orders/{order.id}", self.ann)["status"], "no_show")
        self.assertGreater(order.service_revision, revision)

    def test_prepaid(self):
        """What has to be paid ahead is not confirmed by its customer, whatever he calls; the staff may."""
        self.offer.payment = "full"
        held = self.hold()
        self.step(held, "confirm", status=422)
        self.assertEqual(self.step(held, "confirm", self.technician)["status"], "confirmed")

    def test_bound_on_holds(self):
        """Nobody holds more than the shop allows; the bound is the portal's."""
        self.point.hold_limit = 1
        self.hold()
        problem = self.hold(time_slot="EVENING", status=422)
        self.assertIn({"field": "reason", "detail": "too_many_held"}, problem["errors"])

    def test_by_name(self):
        """A person who can be asked for is taken, one who cannot is not known."""
        persons = self.env["resource.resource"].create(
            [{"name": name, "resource_type": "user", "calendar_id": False, "tz": "America/New_York"} for name in "AB"]
        )
        self.offer.write({"resource_ids": persons.ids, "choose_resource": True})
        self.assertEqual(self.hold(resource_id=persons[1].id)["resource_id"], persons[1].id)
        self.offer.choose_resource = False
        self.hold(resource_id=persons[0].id, status=404)
