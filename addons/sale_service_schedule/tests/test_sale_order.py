from datetime import datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.service_schedule.exceptions import NotBookable

from .common import NEXT_DAY, NOW, SaleScheduleCase

CLOCK = NOW.replace(tzinfo=None)


@tagged("post_install", "-at_install")
class TestSaleOrder(SaleScheduleCase):
    def find(self, field, value=True):
        return self.env["sale.order"].search([(field, "=", value), ("service_point_id", "=", self.point.id)])

    def test_plain_order_is_left_alone(self):
        """An order without an offer has no point, no state, no type, and confirms, invoices and cancels as ever."""
        product = self.env["product.product"].create({"name": "T-shirt", "list_price": 20})
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "order_line": [(0, 0, {"product_id": product.id})]}
        )
        self.assertFalse(order.service_point_id or order.fulfilment_state or order.order_type or order.is_scheduled)
        order.commitment_date = datetime(2026, 12, 1)
        order.action_confirm()
        self.assertEqual((order.state, order.commitment_date), ("sale", datetime(2026, 12, 1)))
        order.action_cancel()
        order.action_draft()
        self.assertEqual(order.state, "draft")
        with self.assertRaisesRegex(UserError, "Nothing on order"):
            order._schedule(self.window_on(self.morning, NEXT_DAY), now=NOW)

    def test_product_brings_point_and_offer(self):
        """A product sold at one point only fills in where and what; preparation takes as long as the offer."""
        order = self.create_order()
        self.assertEqual((order.service_point_id, order.service_offer_id), (self.point, self.offer))
        self.assertEqual((order.order_type, order.fulfilment_state, order.prep_minutes), ("instant", "pending", 30))

    def test_product_of_two_points_waits_for_a_choice(self):
        """A product sold at two points leaves the point to the user, who then gets that point's offer."""
        other = self.env["service.point"].create({"name": "Beach", "tz": "America/New_York"})
        offer = self.env["service.offer"].create({"name": "Fill", "point_id": other.id})
        self.product.service_offer_ids = self.offer | offer
        order = self.create_order()
        self.assertFalse(order.service_point_id)
        order.service_point_id = other
        self.assertEqual(order.service_offer_id, offer)

    def test_longest_offer_counts(self):
        """Of two services in one order, the one that takes longest is booked."""
        long = self.env["service.offer"].create({"name": "Service", "point_id": self.point.id, "duration_minutes": 90})
        regulator = self.env["product.product"].create({"name": "Regulator", "service_offer_ids": long.ids})
        order = self.create_order(order_line=[(0, 0, {"product_id": p.id}) for p in (self.product, regulator)])
        self.assertEqual(order.service_offer_id, long)

    def test_schedule(self):
        """Scheduling gives type, promise, label and commitment date, and no expiry; the state stays pending."""
        order = self.create_scheduled()
        self.assertTrue(order.is_scheduled)
        self.assertEqual((order.order_type, order.fulfilment_state), ("pre_order", "pending"))
        self.assertEqual(order.schedule_label, "Tuesday, October 20, 2026 at Morning (08:00-12:00)")
        self.assertEqual(order.commitment_date, order.scheduled_start)
        self.assertEqual(order.promised_time, datetime(2026, 10, 20, 16))
        self.assertFalse(order.validity_date)
        self.assertEqual(
            order._get_confirmation_text(),
            f"Order #{order.name} scheduled for Tuesday, October 20, 2026 at Morning (08:00-12:00)",
        )

    def test_yesterday_is_refused(self):
        """Scenario 4: yesterday's date is refused with a sentence, and nothing is booked."""
        order = self.create_order()
        with self.assertRaisesRegex(NotBookable, "Date must be in future"):
            order._schedule(self.window_on(self.morning, (NOW - timedelta(days=3)).date()), now=NOW)
        self.assertFalse(order.reservation_id)

    def test_reservation_opens_its_order(self):
        """From an appointment one gets to where it is cancelled, moved and paid."""
        order = self.create_scheduled()
        action = order.reservation_id.action_open_order()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))

    def test_reschedule_three_times(self):
        """Scenario 6: three moves are counted, the chain starts at the original day, and each leaves a note."""
        order = self.create_scheduled(self.window_on(self.morning, NEXT_DAY))
        days = [NEXT_DAY + timedelta(days=shift) for shift in (1, 3, 8)]
        for day in days:
            order._schedule(self.window_on(self.afternoon, day), by_staff=True, now=NOW)
        self.assertEqual(order.reschedule_count, 3)
        self.assertEqual(order.reschedule_chain, "Oct 20 → Oct 21 → Oct 23 → Oct 28")
        self.assertEqual(order.original_time, datetime(2026, 10, 20, 12))
        self.assertEqual(order.commitment_date, datetime(2026, 10, 28, 16))
        notes = "\n".join(order.message_ids.mapped("body"))
        self.assertIn(
            "Rescheduled from Tuesday, October 20, 2026 at Morning (08:00-12:00)"
            " to Wednesday, October 21, 2026 at Afternoon (12:00-17:00)",
            notes,
        )
        self.assertEqual(notes.count("Rescheduled from"), 3)

    def test_overdue_window_and_time(self):
        """A window is overdue after its end, a chosen time after its start; due soon within three hours before."""
        window = self.create_scheduled(self.window_on(self.morning, NEXT_DAY))  # until 16:00 UTC
        time = self.create_scheduled("time:2026-10-20T10:00:00-04:00")  # 14:00 UTC
        expected = {
            datetime(2026, 10, 20, 10, 59): ("scheduled", "scheduled"),
            datetime(2026, 10, 20, 11, 0): ("scheduled", "due_soon"),
            datetime(2026, 10, 20, 13, 0): ("due_soon", "due_soon"),
            datetime(2026, 10, 20, 14, 0, 1): ("due_soon", "overdue"),
            datetime(2026, 10, 20, 16, 0, 1): ("overdue", "overdue"),
        }
        for clock, buckets in expected.items():
            with self.subTest(clock=clock), freeze_time(clock):
                (window | time).invalidate_recordset(["due_bucket", "is_overdue"])
                self.assertEqual((window.due_bucket, time.due_bucket), buckets)
                for bucket in ("overdue", "due_soon", "scheduled"):
                    found = self.find("due_bucket", bucket)
                    self.assertEqual(found, found.filtered(lambda order, b=bucket: order.due_bucket == b))
                    self.assertEqual(set(found.ids), {o.id for o in window | time if o.due_bucket == bucket})
                self.assertEqual(self.find("is_overdue"), (window | time).filtered("is_overdue"))

    def test_overdue_clears_when_work_starts(self):
        """Scenario 5: an overdue order stays on the board, is not overdue any more once begun, and can be completed."""
        order = self.create_scheduled("time:2026-10-20T10:00:00-04:00")
        with freeze_time(datetime(2026, 10, 20, 18)):
            self.assertTrue(order.is_overdue and order.is_due_today)
            order.action_start_work()
            self.assertEqual((order.is_overdue, order.due_bucket), (False, "scheduled"))
            order.action_ready()
            order.action_picked_up()
            self.assertEqual((order.fulfilment_state, order.due_bucket), ("picked_up", False))

    def test_due_today_is_the_points_day(self):
        """Today is the shop's day: at 23:00 in New York it is tomorrow in UTC, and the evening is still due today."""
        evening = self.create_scheduled(self.window_on(self.evening, NEXT_DAY))
        next_morning = self.create_scheduled(self.window_on(self.morning, NEXT_DAY + timedelta(days=1)))
        with freeze_time(datetime(2026, 10, 21, 3, 0)):
            self.assertTrue(evening.is_due_today)
            self.assertFalse(next_morning.is_due_today)
            self.assertEqual(self.find("is_due_today"), evening)
            self.assertEqual(
                self.env["sale.order"].search([("is_due_today", "!=", True), ("service_point_id", "=", self.point.id)]),
                next_morning,
            )
        with freeze_time(datetime(2026, 10, 21, 4, 0)):
            self.assertEqual(self.find("is_due_today"), next_morning)

    def test_group_by_due_bucket(self):
        """Orders can be grouped by what depends on the clock, and the client may offer it."""
        self.create_scheduled("time:2026-10-20T10:00:00-04:00")
        self.create_scheduled("time:2026-10-20T16:00:00-04:00")
        self.create_order()
        with freeze_time(datetime(2026, 10, 20, 18)):
            groups = self.env["sale.order"]._read_group(
                [("service_point_id", "=", self.point.id)], ["due_bucket"], ["__count"]
            )
        self.assertEqual(dict(groups), {"overdue": 1, "due_soon": 1, False: 1})
        self.assertTrue(self.env["sale.order"].fields_get(["due_bucket"])["due_bucket"]["groupable"])

    def test_board(self):
        """The board has orders of earlier days first, then today's by time, and walk-ins; not tomorrow's nor closed."""
        earlier = self.create_scheduled("time:2026-10-20T10:00:00-04:00")
        later = self.create_scheduled("time:2026-10-21T16:00:00-04:00")
        sooner = self.create_scheduled("time:2026-10-21T11:00:00-04:00")
        tomorrow = self.create_scheduled("time:2026-10-22T11:00:00-04:00")
        done = self.create_scheduled("time:2026-10-21T09:00:00-04:00")
        with freeze_time(datetime(2026, 10, 21, 14)):
            walk_in = self.create_order(order_notes="Blue tank")
            done.action_start_work()
            done.action_ready()
            done.action_picked_up()
            board = self.env["sale.order"].with_user(self.technician).get_due_board(self.point.id)
        orders = board["orders"]
        self.assertEqual([order["id"] for order in orders], (earlier | sooner | later | walk_in).ids)
        self.assertNotIn(tomorrow.id, [order["id"] for order in orders])
        self.assertEqual(
            [(order["bucket"], order["is_earlier"]) for order in orders],
            [("overdue", True), ("due_soon", False), ("scheduled", False), ("walk_in", False)],
        )
        self.assertEqual(orders[0]["time"], "Oct 20, 10:00 AM")
        self.assertEqual(orders[1]["time"], "11:00 AM")
        self.assertEqual(orders[3]["note"], "Blue tank")
        self.assertEqual(orders[0]["items"], [{"quantity": 1.0, "name": "Nitrox fill"}])

    def test_cancel_frees_the_time(self):
        """Cancelling an order gives its place to others; taken up again it needs a new time."""
        order = self.create_scheduled()
        order.action_confirm()
        self.assertEqual(order.commitment_date, order.scheduled_start)
        order.action_cancel()
        self.assertEqual((order.fulfilment_state, order.reservation_id.state), ("cancelled", "cancelled"))
        order.action_draft()
        self.assertEqual((order.fulfilment_state, order.order_type), ("pending", "instant"))
        self.assertFalse(order.commitment_date)
        order._schedule(self.window_on(self.morning, NEXT_DAY), by_staff=True, now=NOW)
        self.assertTrue(order.is_scheduled)

    def test_customer_cancels_until_the_cut_off(self):
        """The customer cancels in time; after the cut-off, or when work has begun, he reads why not."""
        order = self.create_scheduled()
        order._cancel_by_customer(reason="Ill", now=NOW)
        self.assertEqual(order.fulfilment_state, "cancelled")
        late = self.create_scheduled()
        with self.assertRaisesRegex(NotBookable, "Too late to change: it can be changed until 2 hours before"):
            late._cancel_by_customer(now=NOW.replace(day=20, hour=11))
        self.assertEqual((late.fulfilment_state, late.reservation_id.state), ("pending", "confirmed"))
        late.action_start_work()
        with self.assertRaisesRegex(UserError, "cannot be cancelled any more: it is Preparing"):
            late._cancel_by_customer(now=NOW)

    def test_no_new_time_once_work_has_begun(self):
        """An order in work is not moved, by nobody."""
        order = self.create_scheduled()
        order.action_start_work()
        with self.assertRaisesRegex(UserError, "cannot be scheduled any more"):
            order._schedule(self.window_on(self.evening, NEXT_DAY), by_staff=True, now=NOW)

    def test_copy_has_no_time(self):
        """A copied order keeps what was ordered, not when."""
        copy = self.create_scheduled().copy()
        self.assertFalse(copy.reservation_id or copy.commitment_date or copy.is_scheduled)
        self.assertEqual((copy.service_offer_id, copy.order_type), (self.offer, "instant"))

    def test_dragging_in_the_calendar(self):
        """A drop on a day keeps the window; a drop on an hour takes that hour's window; a chosen time is rounded."""
        order = self.create_scheduled(self.window_on(self.morning, NEXT_DAY))
        with freeze_time(CLOCK):
            order.reschedule_from_calendar("2026-10-22 04:00:00", True)
            self.assertEqual(order.schedule_label, "Thursday, October 22, 2026 at Morning (08:00-12:00)")
            order.reschedule_from_calendar("2026-10-22 18:10:00", False)
            self.assertEqual(order.schedule_label, "Thursday, October 22, 2026 at Afternoon (12:00-17:00)")
            time = self.create_scheduled("time:2026-10-20T10:00:00-04:00")
            time.reschedule_from_calendar("2026-10-23 18:10:00", False)
            self.assertEqual(time.schedule_label, "Friday, October 23, 2026 at 2:00 PM")
            time.reschedule_from_calendar("2026-10-24 04:00:00", True)
            self.assertEqual(time.schedule_label, "Saturday, October 24, 2026 at 2:00 PM")
            with self.assertRaisesRegex(NotBookable, "Closed"):
                time.reschedule_from_calendar("2026-10-25 04:00:00", True)

    def test_more_units_take_more_places(self):
        """Three tanks more take three places more of the same morning; too many are refused, fewer give back."""
        self.offer.lanes_per = "unit"
        order = self.create_scheduled(quantity=2)
        other = self.create_scheduled(quantity=3)
        label = order.schedule_label
        order.order_line.product_uom_qty = 5
        self.assertEqual((order.reservation_id.lanes, order.schedule_label), (5, label))
        with self.assertRaisesRegex(NotBookable, "Full"), self.cr.savepoint():
            order.order_line.product_uom_qty = 8
        self.env.invalidate_all()
        self.assertEqual((order.order_line.product_uom_qty, order.reservation_id.lanes), (5, 5))
        order.order_line.product_uom_qty = 1
        self.assertEqual(order.reservation_id.lanes, 1)
        other.write({"order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 4})]})
        self.assertEqual(other.reservation_id.lanes, 7)
        self.assertEqual((order.reschedule_count, order.reservation_id.revision), (0, 0))

    def test_fewer_units_are_never_refused(self):
        """Ordering less keeps the place, also when nobody works at that time any more."""
        self.offer.lanes_per = "unit"
        order = self.create_scheduled(quantity=4)
        reservation = order.reservation_id.sudo()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Stocktaking",
                "resource_id": reservation.resource_id.id,
                "calendar_id": False,
                "date_from": reservation.start,
                "date_to": reservation.stop,
            }
        )
        order.order_line.product_uom_qty = 2
        self.assertEqual((reservation.lanes, reservation.lane), (2, 0))

    def test_a_dozen_takes_twelve_places(self):
        """Units are the product's own, whatever unit the line is sold in."""
        self.offer.lanes_per = "unit"
        self.point.counter_lane_count = 20
        order = self.create_scheduled()
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertEqual(order.reservation_id.lanes, 12)

    def test_deleting_frees_the_time(self):
        """A deleted quotation keeps no place taken."""
        order = self.create_scheduled(user=self.env.user)
        reservation = order.reservation_id
        order.unlink()
        self.assertEqual(reservation.state, "cancelled")

    def test_what_is_booked_stays_booked(self):
        """Lines may change under a booked time; its service point and offer may not."""
        long = self.env["service.offer"].create({"name": "Service", "point_id": self.point.id, "duration_minutes": 90})
        regulator = self.env["product.product"].create({"name": "Regulator", "service_offer_ids": long.ids})
        other = self.env["service.point"].create({"name": "Beach", "tz": "America/New_York"})
        order = self.create_scheduled()
        order.write({"order_line": [(0, 0, {"product_id": regulator.id})]})
        self.assertEqual(order.service_offer_id, self.offer)
        for values in ({"service_point_id": other.id}, {"service_offer_id": long.id}):
            with self.assertRaisesRegex(ValidationError, "is scheduled for Tuesday"), self.cr.savepoint():
                order.write(values)
        order.action_cancel()
        order.action_draft()
        order.service_offer_id = long

    def test_promise_stays_what_it_was(self):
        """Changing a window's hours or the shop's zone later does not rewrite what was promised."""
        order = self.create_scheduled()
        label = order.schedule_label
        self.morning.hour_to = 11
        self.point.tz = "Europe/Berlin"
        order.invalidate_recordset()
        self.assertEqual(order.schedule_label, label)
        with freeze_time(datetime(2026, 10, 20, 13)):
            board = self.env["sale.order"].with_user(self.technician).get_due_board(self.point.id)
        self.assertNotIn("11:00", board["orders"][0]["time"])

    def test_customer_of_the_reservation_follows(self):
        """A reservation is in the name of the order's customer, also when that is corrected."""
        order = self.create_scheduled()
        order.partner_id = self.env["res.partner"].create({"name": "Jane Smith"})
        self.assertEqual(order.reservation_id.partner_id, order.partner_id)

    def test_point_leaves_with_its_last_service(self):
        """An order whose tank fill is swapped for a T-shirt is an ordinary order again."""
        order = self.create_order()
        order.order_line.product_id = self.env["product.product"].create({"name": "T-shirt"})
        self.assertFalse(order.service_point_id or order.fulfilment_state)

    def test_archived_point_still_serves_its_orders(self):
        """Orders of a point that takes no more stay on the board and due today until they are closed."""
        order = self.create_scheduled("time:2026-10-20T10:00:00-04:00")
        self.point.active = False
        with freeze_time(datetime(2026, 10, 20, 13)):
            board = self.env["sale.order"].with_user(self.technician).get_due_board()
            self.assertIn(order.id, [item["id"] for item in board["orders"]])
            self.assertIn(self.point.id, [point["id"] for point in board["points"]])
            self.assertEqual(self.find("is_due_today"), order)

    def test_product_that_lost_its_offer(self):
        """A booked order keeps its places when its product is taken off the offer."""
        self.offer.lanes_per = "unit"
        order = self.create_scheduled(quantity=3)
        self.product.service_offer_ids = False
        order._schedule(self.window_on(self.evening, NEXT_DAY), by_staff=True, now=NOW)
        self.assertEqual(order.reservation_id.lanes, 3)

    def test_drop_of_what_cannot_be_scheduled(self):
        """Dropping an order without an offer is a sentence, not a fault."""
        order = self.create_order(order_line=[], service_point_id=self.point.id)
        for keep_time in (True, False):
            with self.assertRaisesRegex(UserError, "Nothing on order"):
                order.reschedule_from_calendar("2026-10-22 18:10:00", keep_time)

    def test_overdue_or_not_is_everything(self):
        """A search for overdue or not overdue finds all orders."""
        self.create_scheduled()
        domain = [("service_point_id", "=", self.point.id)]
        orders = self.env["sale.order"]
        with freeze_time(CLOCK):
            self.assertEqual(orders.search([("is_overdue", "in", [True, False]), *domain]), orders.search(domain))
            self.assertEqual(orders.search([("is_overdue", "=", False), *domain]), orders.search(domain))
        with freeze_time(datetime(2026, 10, 21)):
            self.assertFalse(orders.search([("is_overdue", "=", False), *domain]))

    def test_sale_form(self):
        """A salesman's own form still works with our fields on it."""
        with Form(self.env["sale.order"].with_user(self.manager), "sale.view_order_form") as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product
        self.assertEqual(form.record.service_offer_id, self.offer)

    def test_language_of_the_reader(self):
        """Dates read in the reader's language."""
        self.env["res.lang"]._activate_lang("de_DE")
        order = self.create_scheduled("time:2026-10-20T15:00:00-04:00")
        label = order.with_context(lang="de_DE").schedule_label
        self.assertIn("Dienstag, 20. Oktober 2026", label)
        self.assertIn("15:00", label)
