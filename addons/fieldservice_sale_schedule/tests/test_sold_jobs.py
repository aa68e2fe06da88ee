from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE

from .common import SoldCase


@tagged("post_install", "-at_install")
class TestSoldJobs(SoldCase):
    """An order's confirmation makes jobs, and the order and its jobs stay in line."""

    def test_salesman(self):
        """A salesman without any field group sells and confirms a job, sees it, and may not change it."""
        order = self.create_order((self.glass, 1, self.van), user=self.salesman, commitment_date=NINE)
        self.assertEqual(order.fsm_location_id, self.site)
        order.action_confirm()
        job = self.get_jobs(order)
        self.assertEqual((job.location_id, job.equipment_id, job.partner_id), (self.site, self.van, self.customer))
        self.assert_planned(job, NINE, 1.0, NINE + HOUR)
        seen = order.fsm_order_ids.with_user(self.salesman)
        self.assertEqual((seen, order.fsm_order_count, seen.name), (job, 1, job.name))
        self.assertEqual(order.action_view_fsm_order()["res_id"], job.id)
        with self.assertRaises(AccessError):
            seen.description = "Mine"

    def test_other_salesmans_jobs(self):
        """A salesman sees the jobs of his own orders; who sees all orders sees all that were sold, and no others."""
        _order, job = self.sell((self.glass, 1), user_id=self.salesman.id)
        found = self.env["fsm.order"].with_user(self.salesman)
        other = self.new_user("steve@field", "sales_team.group_sale_salesman")
        seller = self.new_user("sue@field", "sales_team.group_sale_salesman_all_leads")
        self.assertIn(job, found.search([]))
        self.assertNotIn(job, found.with_user(other).search([]))
        unsold = self.create_job()
        self.assertIn(job, found.with_user(seller).search([]))
        self.assertNotIn(unsold, found.with_user(seller).search([]))

    def test_several_orders(self):
        """Several orders are confirmed at once, each with its own jobs; one without jobs among them gets none."""
        plain = self.create_product("Sponge", 5.0, "no")
        orders = self.create_order((self.glass, 1)) | self.create_order((plain, 1)) | self.create_order((self.glass, 1))
        orders.action_confirm()
        self.assertEqual([len(self.get_jobs(order)) for order in orders], [1, 0, 1])
        self.assertEqual(orders.mapped("fsm_order_count"), [1, 0, 1])

    def test_quantity(self):
        """Three units are three jobs, or one, or the order's one, as the product says; a fraction counts as one."""
        whole = self.create_product("Cleaning", 30.0, "sale")
        order, jobs = self.sell((self.chip, 2.5, self.van), (self.glass, 3), (whole, 1), (whole, 2))
        chips, glass, shared = (
            order.order_line[0].job_ids,
            order.order_line[1].job_ids,
            order.order_line[2].fsm_order_id,
        )
        self.assertEqual((len(chips), len(glass), len(jobs)), (3, 1, 5))
        self.assertEqual(shared, order.order_line[3].fsm_order_id)
        self.assertEqual(chips.equipment_id, self.van)
        self.assertEqual(order.order_line[0].fsm_order_id, chips.sorted("id")[0])

    def test_upsell(self):
        """More units make just the missing job; fewer cancel one that nobody has planned; a new line its own."""
        order, jobs = self.sell((self.chip, 2))
        line = order.order_line
        line.product_uom_qty = 3
        self.assertEqual(len(line.job_ids), 3)
        line.product_uom_qty = 3
        order._field_service_generation()
        self.assertEqual(len(line.job_ids), 3)
        jobs[0].action_complete()
        jobs[1].write({"person_id": self.maria.id, "scheduled_date_start": NINE})
        line.product_uom_qty = 2
        self.assertEqual(line.job_ids.mapped("state"), ["completed", "assigned", "cancelled"])
        order.order_line = [Command.create({"product_id": self.glass.id})]
        self.assertEqual(len(self.get_jobs(order)), 4)

    def test_length(self):
        """A job lasts as its template says, else its offer, and ends then."""
        template = self.env["fsm.template"].create({"name": "Glass", "duration": 2.5, "instructions": "Dry it"})
        self.glass.fsm_order_template_id = template
        point = self.env["service.point"].create({"name": "Yard", "tz": "UTC"})
        self.chip.service_offer_ids = self.env["service.offer"].create(
            {"name": "Chip", "point_id": point.id, "duration_minutes": 45}
        )
        _order, jobs = self.sell((self.glass, 1), (self.chip, 1), commitment_date=NINE)
        self.assert_planned(jobs[0], NINE, 2.5, NINE + 2.5 * HOUR)
        self.assertIn("Dry it", jobs[0].todo)
        self.assert_planned(jobs[1], NINE, 0.75, NINE + 0.75 * HOUR)

    def test_nothing_promised(self):
        """Without a promised date the dispatcher decides: the job is not planned for the moment of the sale."""
        _order, job = self.sell((self.glass, 1))
        self.assert_planned(job, False, 0.0, False)

    # ------------------------------------------------------------------
    # Cancelling
    # ------------------------------------------------------------------

    def test_cancel(self):
        """Cancelling cancels what nobody has begun, and gives the time back; the rest stays, and is told."""
        order, jobs = self.sell((self.chip, 4), user=self.salesman)
        for job, person in zip(jobs, (self.maria, self.tom, self.maria), strict=False):
            job.write({"person_id": person.id, "scheduled_date_start": NINE + job.id * HOUR})
        jobs[1].action_start()
        jobs[2].action_complete()
        order.with_user(self.salesman).action_cancel()
        self.assertEqual(jobs.mapped("state"), ["cancelled", "in_progress", "completed", "cancelled"])
        self.assert_time(jobs[0])
        told = "".join(order.message_ids.mapped("body"))
        self.assertIn(jobs[1].name, told)
        self.assertIn(jobs[2].name, told)
        self.assertIn(order.name, "".join(jobs[1].message_ids.mapped("body")))

    def test_confirm_again(self):
        """An order that is taken up again has its jobs taken up, not doubled, at the time promised now."""
        order, jobs = self.sell((self.chip, 2), commitment_date=NINE)
        jobs[0].person_id = self.maria
        order.action_cancel()
        order.action_draft()
        order.commitment_date = NINE + 24 * HOUR
        order.order_line.product_uom_qty = 1
        order.action_confirm()
        self.assertEqual(self.get_jobs(order), jobs)
        self.assertEqual(sorted(jobs.mapped("state")), ["cancelled", "requested"])
        self.assertFalse(jobs.person_id)
        standing = jobs.filtered(lambda job: job.state == "requested")
        self.assertEqual(standing.scheduled_date_start, NINE + 24 * HOUR)

    # ------------------------------------------------------------------
    # The promise
    # ------------------------------------------------------------------

    def test_promise_moves_jobs(self):
        """A new date moves what is not begun, by as much; what is under way or done never moves."""
        order, jobs = self.sell((self.chip, 4), commitment_date=NINE)
        for job, hours in zip(jobs, (0, 1, 2, 3), strict=True):
            job.write({"person_id": self.maria.id, "scheduled_date_start": NINE + hours * HOUR})
        jobs[2].action_start()
        jobs[3].action_complete()
        order.commitment_date = NINE + HOUR
        starts = [NINE + hours * HOUR for hours in (1, 2, 2, 3)]
        # 9:00 and 10:00 would be 10:00 and 11:00, where the job that is under way has the time
        self.assertEqual(jobs.mapped("scheduled_date_start"), starts)
        self.assertEqual(jobs[0].person_id, self.maria)
        self.assertFalse(jobs[1].person_id)
        self.assertIn("Maria", "".join(jobs[1].message_ids.mapped("body")))

    def test_jobs_move_promise(self):
        """A job that a dispatcher moves takes the promise along while it is the earliest; other dates stay."""
        order, jobs = self.sell((self.chip, 2), commitment_date=NINE)
        jobs[1].with_user(self.dispatcher).scheduled_date_start = NINE + 5 * HOUR
        self.assertEqual(order.commitment_date, NINE)
        jobs[0].with_user(self.dispatcher).scheduled_date_start = NINE + 2 * HOUR
        self.assertEqual(order.commitment_date, NINE + 2 * HOUR)
        self.assertEqual(jobs[1].scheduled_date_start, NINE + 5 * HOUR)
        jobs.browse()._plan_many({jobs[0]: (self.maria, NINE + 6 * HOUR, 1.0)})
        self.assertEqual(order.commitment_date, NINE + 5 * HOUR)

    def test_first_plan_is_promise(self):
        """The first time that a dispatcher gives becomes the promise of an order that had none."""
        order, job = self.sell((self.glass, 1))
        job.write({"scheduled_date_start": NINE, "person_id": self.tom.id})
        self.assertEqual(order.commitment_date, NINE)

    # ------------------------------------------------------------------
    # Sites
    # ------------------------------------------------------------------

    def test_site(self):
        """The only site is taken; of several the delivery address counts, else staff are asked by name."""
        second = self.env["fsm.location"].create({"name": "Lot 4", "owner_id": self.customer.id})
        self.assertEqual(
            self.create_order((self.glass, 1), partner_shipping_id=second.partner_id.id).fsm_location_id, second
        )
        order = self.create_order((self.glass, 1), user=self.salesman)
        self.assertFalse(order.fsm_location_id)
        with self.assertRaisesRegex(UserError, "Lot 3, Lot 4"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")
        order.sudo().action_confirm()  # as Odoo does when the customer has accepted or paid
        self.assertEqual(self.get_jobs(order).location_id, self.site)
        self.assertIn("several sites", "".join(order.sudo().message_ids.mapped("body")))

    def test_new_customer(self):
        """Who has no site gets one at the delivery address, and stays the contact that he was; later it is found."""
        home = self.env["res.partner"].create({"name": "Nora", "street": "Quay 1", "city": "Oslo"})
        order, job = self.sell((self.glass, 1), user=self.salesman, partner_id=home.id)
        self.assertEqual((job.location_id.owner_id, job.location_id.street), (home, "Quay 1"))
        self.assertNotEqual(home.type, "fsm_location")
        self.assertEqual(self.create_order((self.glass, 1), partner_id=home.id).fsm_location_id, job.location_id)
        self.assertEqual(order.fsm_location_id, job.location_id)

    # ------------------------------------------------------------------
    # Delivered, invoiced
    # ------------------------------------------------------------------

    def test_delivered(self):
        """Each finished job delivers its unit, closing takes nothing back, and the invoice names the line's jobs."""
        order, jobs = self.sell((self.chip, 2), (self.glass, 1))
        jobs[0].person_id = self.maria
        chip, glass = order.order_line
        self.assertEqual(chip.qty_delivered_method, "field_service")
        jobs[0].action_complete()
        self.assertEqual((chip.qty_delivered, glass.qty_delivered), (1.0, 0.0))
        jobs[0].action_close()
        self.assertEqual(chip.qty_delivered, 1.0)
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_untaxed, 50.0)
        self.assertEqual(invoice.invoice_line_ids.fsm_order_ids, jobs[0])
        jobs[0].action_reopen()
        jobs[0].action_reopen()
        self.assertEqual(chip.qty_delivered, 0.0)

    def test_finished_once(self):
        """Finishing twice is finishing once: the end and the delivered quantity stay."""
        order, job = self.sell((self.glass, 1))
        job.action_complete()
        job.date_end = NINE
        job.action_complete()
        self.assertEqual((job.date_end, order.order_line.qty_delivered), (NINE, 1.0))

    def test_salesman_invoices(self):
        """A salesman without field groups invoices what was done."""
        order, job = self.sell((self.glass, 1), user=self.salesman)
        job.action_complete()
        order = order.with_user(self.salesman)
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertEqual(order._create_invoices().sudo().amount_untaxed, 200.0)

    def test_invoiced_at_once(self):
        """Where the company wants it the invoice follows the last job, also when a technician finishes it."""
        self.company.service_auto_invoice = True
        order, jobs = self.sell((self.chip, 2))
        jobs.person_id = self.maria
        jobs[0].with_user(self.user_maria).action_complete()
        self.assertFalse(order.invoice_ids)
        jobs[1].with_user(self.user_maria).action_complete()
        self.assertEqual((order.invoice_ids.state, order.invoice_ids.amount_untaxed), ("posted", 100.0))

    # ------------------------------------------------------------------
    # Many, elsewhere
    # ------------------------------------------------------------------

    def test_second_company(self):
        """An order of a second company makes jobs of that company, in its stages and with its team."""
        other = self.env["res.company"].create({"name": "Second Glass"})
        self.env.user.company_ids |= other
        self.salesman.write({"company_ids": [Command.link(other.id)], "company_id": other.id})
        order = self.create_order((self.glass, 1), user=self.salesman, company_id=other.id)
        order.action_confirm()
        job = self.get_jobs(order)
        self.assertEqual((job.company_id, job.state), (other, "requested"))
        self.assertIn(job.stage_id.company_id, (other, other.browse()))
        self.assertIn(job.team_id.company_id, (other, other.browse()))
        job.action_complete()
        self.assertEqual(order.order_line.sudo().qty_delivered, 1.0)

    def test_many_orders(self):
        """Confirming costs no more queries for each further order than its message and tracking do."""

        def count(number):
            orders = self.env["sale.order"].concat(*(self.create_order((self.glass, 1)) for _one in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.action_confirm()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        two, twelve = count(2), count(12)
        self.assertLess((twelve - two) / 10, 30, f"{two} for two, {twelve} for twelve")
