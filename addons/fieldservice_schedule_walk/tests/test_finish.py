from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import NINE, WalkCase


class TestFinish(WalkCase):
    def finish(self, walk=None, user=None, **options):
        """Let Maria finish a walk."""
        (walk or self.walk).with_user(user or self.user_maria)._finish_walk(**options)

    def test_completion_moves_states(self):
        """Seed 001: lot walk completion updates schedule status: the visit's, and those of its findings."""
        done, later = self.find(done=True), self.find(self.crack)
        self.see(self.vans[1:])
        self.finish()
        self.assertEqual((self.walk.state, done.state, later.state), ("completed", "completed", "requested"))
        self.assertFalse(later.person_id)
        self.assertTrue(self.walk.date_end)
        self.assertEqual((done.date_end, done.date_start), (done.found_at, False))

    def test_asks_while_units_are_left(self):
        """A walk with units left is not finished unless somebody says so; the question names them."""
        self.see(self.vans[:2])
        with self.assertRaisesRegex(UserError, r"2 units have not been looked at: Van #V-003, Van #V-004"):
            self.finish()
        with self.assertRaisesRegex(UserError, "2 units"):
            self.walk.with_user(self.user_maria)._update_state("completed")
        action = self.walk.with_user(self.user_maria).action_complete()
        self.assertEqual(action["res_model"], "fsm.walk.finish")
        wizard = self.env["fsm.walk.finish"].with_user(self.user_maria).create({"visit_id": self.walk.id})
        self.assertEqual((wizard.left_count, wizard.left_names), (2, "Van #V-003, Van #V-004"))
        wizard.action_finish()
        self.assertEqual((self.walk.state, self.walk.is_partial, self.walk.walk_left_count), ("completed", True, 2))

    def test_never_begun(self):
        """A walk that never began has all its units left."""
        with self.assertRaisesRegex(UserError, "4 units"):
            self.finish()
        self.finish(leave_open=True)
        self.assertEqual(self.states(), ["open"] * 4)

    def test_by_any_door(self):
        """Whoever brings the walk to its end, the statusbar or a board, sets off the same."""
        self.find()
        self.see(self.vans)
        self.walk.with_user(self.dispatcher).stage_id = self.env.ref("fieldservice.fsm_stage_completed")
        self.assertEqual(self.walk.walk_order_id.state, "sale")
        self.assertTrue(self.walk.walk_summary_id)

    def test_one_order(self):
        """All findings are on one confirmed order: customer, site, walk, one line each, unit and price as told."""
        self.find(count=2, van=self.vans[0])
        self.find(self.crack, van=self.vans[0], done=True)
        self.find(self.glass, van=self.vans[2])
        self.find(van=self.vans[3]).action_cancel()
        self.chip.product_id.list_price = 999
        self.see(self.vans)
        self.finish()
        order = self.walk.walk_order_id
        self.assertEqual((order.partner_id, order.origin, order.state), (self.customer, self.walk.name, "sale"))
        lines = [
            (line.product_id, line.product_uom_qty, line.price_unit, line.equipment_id) for line in order.order_line
        ]
        self.assertEqual(
            lines,
            [
                (self.chip.product_id, 2, 50, self.vans[0]),
                (self.crack.product_id, 1, 80, self.vans[0]),
                (self.glass.product_id, 1, 200, self.vans[2]),
            ],
        )
        self.assertEqual(order.amount_untaxed, 380)
        self.assertIn("Van #V-003", order.order_line[2].name)
        jobs = self.env["fsm.order"].search([("sale_line_id", "in", order.order_line.ids)])
        self.assertEqual(jobs, self.walk.finding_ids.filtered(lambda job: job.state != "cancelled"))

    def test_one_invoice(self):
        """Seed 004: batch invoicing groups repairs: what is done comes on one invoice, the rest when it is done."""
        self.find(done=True)
        self.find(self.crack, van=self.vans[1], done=True)
        later = self.find(self.glass, van=self.vans[2])
        self.see(self.vans)
        self.finish()
        order = self.walk.walk_order_id
        invoice = order._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertEqual(sorted(invoice.invoice_line_ids.mapped("price_subtotal")), [50, 80])
        later.person_id = self.tom
        later.action_complete()
        self.assertEqual(order._create_invoices().invoice_line_ids.mapped("price_subtotal"), [200])

    def test_order_in_the_customers_currency(self):
        """The order is in the currency in which the prices were told."""
        other = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        other.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "rate": 2, "name": "2020-01-01", "company_id": self.company.id}
        )
        self.customer.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": other.id}
        )
        self.find()
        self.see(self.vans)
        self.finish()
        self.assertEqual(self.walk.walk_order_id.currency_id, other)
        self.assertEqual(self.walk.walk_order_id.order_line.price_unit, 100)

    def test_nothing_found(self):
        """A walk without findings makes no order."""
        self.see(self.vans)
        self.finish()
        self.assertFalse(self.walk.walk_order_id)
        self.assertFalse(self.env["sale.order"].search([("origin", "=", self.walk.name)]))

    def test_twice_is_once(self):
        """Finishing twice makes one order and one file."""
        self.find()
        self.see(self.vans)
        self.finish()
        order, file = self.walk.walk_order_id, self.walk.walk_summary_id
        self.finish(user=self.dispatcher)
        self.assertEqual((self.walk.walk_order_id, self.walk.walk_summary_id), (order, file))
        self.assertEqual(len(order.order_line), 1)

    def test_taken_up_again(self):
        """What is found after the end is not lost: the walk goes on, and its next end adds to the same order."""
        self.find()
        self.see(self.vans)
        self.finish()
        order, file = self.walk.walk_order_id, self.walk.walk_summary_id
        late = self.find(self.crack, van=self.vans[1])
        self.assertEqual(self.walk.state, "in_progress")
        self.finish()
        self.assertEqual(self.walk.walk_order_id, order)
        self.assertEqual(order.order_line.mapped("price_unit"), [50, 80])
        self.assertEqual(late.sale_line_id.order_id, order)
        self.assertFalse(file.exists())
        self.assertTrue(self.walk.walk_summary_id)

    def test_taken_up_when_its_time_is_taken(self):
        """A walk gives its time back when it is finished; when another job has it, it is taken up without a time."""
        self.see(self.vans)
        self.finish()
        self.create_job(start=NINE, person=self.maria)
        late = self.find()
        self.assertEqual((late.visit_id, self.walk.state), (self.walk, "in_progress"))
        self.assertFalse(self.walk.scheduled_date_start)

    def test_order_that_was_cancelled(self):
        """When the customer's order was cancelled meanwhile, what is found later gets a new one."""
        self.find()
        self.see(self.vans)
        self.finish()
        order = self.walk.walk_order_id
        order._action_cancel()
        late = self.find(self.crack, van=self.vans[1])
        self.finish()
        self.assertNotEqual(late.sale_line_id.order_id, order)
        self.assertEqual(late.sale_line_id.order_id.state, "sale")

    @mute_logger("odoo.addons.fieldservice_schedule_walk.models.fsm_order_walk_page")
    def test_file_that_cannot_be_made(self):
        """Where the file cannot be made, the walk is finished all the same, says so, and the file is made later."""
        self.see(self.vans)
        with patch.object(
            type(self.env["ir.actions.report"]), "_render", side_effect=UserError("no wkhtmltopdf"), autospec=True
        ):
            self.finish()
        self.assertEqual(self.walk.state, "completed")
        self.assertFalse(self.walk.walk_summary_id)
        self.assertIn("no wkhtmltopdf", "".join(self.walk.message_ids.mapped("body")))
        self.assertTrue(self.walk._get_walk_file())
        self.assertTrue(self.walk.walk_summary_id)

    def test_other_jobs_complete_as_before(self):
        """Jobs that are no walks are completed as before, also together with walks."""
        job = self.create_job(person=self.maria)
        self.see(self.vans)
        (job | self.walk).action_complete()
        self.assertEqual((job.state, self.walk.state), ("completed", "completed"))

    def test_constant_queries(self):
        """Finishing with forty findings costs a bounded number of queries for each of them."""
        vans = self.create_vans(40, first=100)
        for van in vans:
            self.find(van=van)
        self.see(self.vans)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.finish()
        self.env.flush_all()
        self.assertLess((self.env.cr.sql_log_count - before) / 40, 30)
