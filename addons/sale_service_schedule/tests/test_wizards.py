from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import NEXT_DAY, NOW, SaleScheduleCase


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestWizards(SaleScheduleCase):
    def get_quick(self):
        return Form(self.env["sale.order.quick"].with_user(self.technician))

    def test_walk_in(self):
        """A technician enters a walk-in with customer and service; it is confirmed and waits on the board."""
        with self.get_quick() as form:
            form.point_id = self.point
            form.partner_id = self.customer
            form.product_id = self.product
        form.record.action_create()
        order = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((order.order_type, order.fulfilment_state), ("instant", "confirmed"))
        board = self.env["sale.order"].with_user(self.technician).get_due_board(self.point.id)
        self.assertEqual([item["bucket"] for item in board["orders"]], ["walk_in"])

    def test_begins_at_ones_shop(self):
        """The dialog begins where one works; of several, where one entered the last order; else at the first shop."""
        first, other, own = self.env["service.point"].create([{"name": name, "sequence": -9} for name in "ABC"])
        with self.get_quick() as form:
            self.assertEqual(form.point_id, first)
            form.partner_id, form.product_id = self.customer, self.product
            form.point_id = self.point
        form.record.action_create()
        self.assertEqual(self.get_quick().point_id, self.point)
        own.user_ids = self.technician
        self.assertEqual(self.get_quick().point_id, own)
        mine = self.env["resource.resource"].create({"name": "Me", "user_id": self.technician.id})
        self.env["service.offer"].create({"name": "Talk", "point_id": other.id, "resource_ids": mine.ids})
        self.assertEqual(self.get_quick().point_id, other, "the first of the two at which he works")
        own.user_ids = False
        self.assertEqual(self.get_quick().point_id, other)
        quick = self.env["sale.order.quick"].with_user(self.technician).with_context(default_point_id=first.id)
        self.assertEqual(Form(quick).point_id, first, "what the board shows")

    def test_phone_order_for_later(self):
        """A phone order takes the time that the caller chose and says so."""
        with self.get_quick() as form:
            form.point_id = self.point
            form.partner_id = self.customer
            form.product_id = self.product
            form.quantity = 2
            form.when = "later"
            form.choice = self.window_on(self.morning, NEXT_DAY)
            form.order_notes = "Needs them by noon"
        action = form.record.action_create()
        order = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        self.assertIn(f"Order #{order.name} scheduled for Tuesday, October 20, 2026", action["params"]["message"])
        self.assertEqual((order.order_notes, order.order_line.product_uom_qty), ("Needs them by noon", 2))

    def test_what_follows(self):
        """From a booked session the staff book what it may lead to, for the same customer; both point to each other."""
        visit = self.env["service.offer"].create({"name": "Visit", "point_id": self.point.id})
        workshop = self.env["product.product"].create(
            {"name": "Workshop", "type": "service", "service_offer_ids": visit.ids}
        )
        session = self.create_scheduled()
        self.assertFalse(session.can_follow_up)
        self.offer.follow_up_offer_ids = visit
        session.invalidate_recordset()
        self.assertTrue(session.can_follow_up)
        action = session.action_book_follow_up()
        quick = self.env["sale.order.quick"].with_user(self.technician).with_context(**action["context"])
        with Form(quick) as form:
            self.assertEqual((form.partner_id, form.product_id), (self.customer, workshop))
            form.choice = self.window_on(self.evening, NEXT_DAY)
        form.record.action_create()
        follow_up = session.reservation_id.follow_up_ids
        self.assertEqual((follow_up.offer_id, follow_up.partner_id), (visit, self.customer))
        self.assertEqual(follow_up.order_ids.origin_reservation_id, session.reservation_id)

    def test_everything_missing_is_named_at_once(self):
        """A wrong quantity and a missing time are told together, and no order is made."""
        with self.get_quick() as form:
            form.point_id = self.point
            form.partner_id = self.customer
            form.product_id = self.product
            form.quantity = 0
            form.when = "later"
        with self.assertRaises(UserError) as caught:
            form.record.action_create()
        self.assertIn("The quantity must be more than zero", str(caught.exception))
        self.assertIn("Choose a day", str(caught.exception))
        self.assertFalse(self.env["sale.order"].search([("partner_id", "=", self.customer.id)]))

    def test_reschedule_dialog(self):
        """The order's dialog moves it and keeps the reason; without a time it asks for one."""
        order = self.create_scheduled()
        action = order.action_schedule()
        form = Form(self.env[action["res_model"]].with_user(self.technician).with_context(**action["context"]))
        self.assertEqual(form.choice, self.window_on(self.morning, NEXT_DAY))
        form.save().action_schedule()
        self.assertEqual((order.window_id, order.reschedule_count), (self.morning, 0))
        form.choice = False
        with self.assertRaisesRegex(UserError, "Choose a day"):
            form.save().action_schedule()
        form.choice = self.window_on(self.evening, NEXT_DAY)
        form.reason = "Late flight"
        form.save().action_schedule()
        self.assertEqual(order.window_id, self.evening)
        self.assertEqual(order.reservation_id.change_ids.sorted("id")[-1].reason, "Late flight")

    def test_slots_of_the_picker(self):
        """The slot picker gets days, windows and times with places, and today in the shop's zone."""
        slots = self.offer.with_user(self.technician).get_slots("2026-10-19", "2026-10-25")
        self.assertEqual((slots["today"], slots["tz"]), ("2026-10-19", "America/New_York"))
        self.assertNotIn("2026-10-25", slots["days"])
        first = next(item for item in slots["days"]["2026-10-20"] if item["kind"] == "window")
        self.assertEqual(
            first,
            {
                "choice": self.window_on(self.morning, NEXT_DAY),
                "kind": "window",
                "label": "Morning (08:00-12:00)",
                "places": 10,
            },
        )
