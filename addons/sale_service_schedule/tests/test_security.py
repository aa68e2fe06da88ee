from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW

from .common import SaleScheduleCase


@tagged("post_install", "-at_install")
class TestSecurity(SaleScheduleCase):
    def test_technician_serves_orders_that_others_sold(self):
        """A technician without more sales rights sees, moves and finishes an order that the manager entered."""
        order = self.create_scheduled(user=self.manager)
        order.user_id = self.manager
        mine = order.with_user(self.technician)
        mine.action_start_work()
        mine.action_ready()
        mine.action_picked_up()
        self.assertEqual(mine.order_line.qty_delivered, 1)

    def test_technician_does_not_see_other_sales(self):
        """A colleague's order that has nothing to do with a service point stays out of sight."""
        product = self.env["product.product"].create({"name": "T-shirt"})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.manager.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        self.assertFalse(order.with_user(self.technician).has_access("read"))
        self.assertFalse(order.order_line.with_user(self.technician).has_access("read"))

    def test_staff_list_keeps_orders_apart(self):
        """Orders of a point are seen by its staff and by managers, not by the technicians of another point."""
        stranger = new_test_user(self.env, "other@shop", groups="service_schedule.group_technician")
        self.point.user_ids = [Command.set(self.technician.ids)]
        order = self.create_scheduled("time:2026-10-20T10:00:00-04:00")  # before today, so the board has it
        order.user_id = False  # as on the portal: nobody sold it
        self.env.flush_all()
        self.assertFalse(order.with_user(stranger).has_access("read"))
        self.assertFalse(order.order_line.with_user(stranger).has_access("read"))
        self.assertTrue(order.with_user(self.manager).has_access("read"))
        self.assertTrue(order.with_user(self.technician).has_access("write"))
        board = self.env["sale.order"].with_user(stranger).get_due_board()
        self.assertNotIn(order.id, [item["id"] for item in board["orders"]])
        self.assertNotIn(self.point.id, [point["id"] for point in board["points"]])
        with self.assertRaises(AccessError):
            order.with_user(stranger).action_start_work()

    def test_reservations_of_others_cannot_be_taken_over(self):
        """Nobody points an order to another order's reservation, nor to one of a point that he does not see."""
        elsewhere = self.env["service.point"].create({"name": "Elsewhere", "tz": "UTC", "user_ids": self.manager.ids})
        offer = self.env["service.offer"].create({"name": "There", "point_id": elsewhere.id})
        choice = self.window_on(elsewhere.window_ids[0], NEXT_DAY)
        hidden = self.env["service.reservation"]._book(offer, choice, by_staff=True, now=NOW)
        mine, other = self.create_order(), self.create_scheduled()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            mine.reservation_id = hidden
            self.env.flush_all()
        with self.assertRaises(UniqueViolation), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            mine.reservation_id = other.reservation_id
            self.env.flush_all()

    def test_product_manager_duplicates_products(self):
        """Whoever keeps products duplicates one that has an offer, without any role in sales or scheduling."""
        keeper = new_test_user(self.env, "keeper@shop", groups="base.group_user,product.group_product_manager")
        copy = self.product.product_tmpl_id.with_user(keeper).copy()
        self.assertEqual(copy.sudo().service_offer_ids, self.offer)

    def test_companies_keep_apart(self):
        """Technicians of another company see no order of this one, not even on the board."""
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "tech@other",
            groups="service_schedule.group_technician",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        order = self.create_scheduled()
        self.assertFalse(order.with_user(stranger).has_access("read"))
        self.assertEqual(self.env["sale.order"].with_user(stranger).get_due_board()["orders"], [])

    def test_point_of_another_company_is_refused(self):
        """An order cannot be served at another company's service point."""
        company = self.env["res.company"].create({"name": "Other"})
        point = self.env["service.point"].create({"name": "There", "tz": "UTC", "company_id": company.id})
        with self.assertRaisesRegex(Exception, "company"):
            self.create_order(user=self.env.user, service_point_id=point.id)
            self.env.flush_all()

    def test_customers_read_only_their_own(self):
        """Of two portal customers each reads his orders; neither may write, nor call the staff's buttons."""
        mine = new_test_user(self.env, "customer@home", groups="base.group_portal")
        other = new_test_user(self.env, "neighbour@home", groups="base.group_portal")
        order = self.create_scheduled(partner_id=mine.partner_id.id)
        self.assertTrue(order.with_user(mine).has_access("read"))
        self.assertFalse(order.with_user(other).has_access("read"))
        for call in ("action_start_work", "action_ready", "action_picked_up", "action_cancel"):
            # AccessError is one; some are refused earlier, by the step itself
            with self.assertRaises(UserError), self.cr.savepoint():
                getattr(order.with_user(mine), call)()
                self.env.flush_all()
        with self.assertRaises(AccessError):
            order.with_user(mine).reschedule_from_calendar("2026-10-22 04:00:00", True)
        self.env.invalidate_all()
        self.assertEqual(order.fulfilment_state, "pending")
        self.assertTrue(order.with_user(mine).schedule_label)
