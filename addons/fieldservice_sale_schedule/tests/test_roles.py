from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.fieldservice_schedule.tests.common import NINE

from .common import SoldCase


@tagged("post_install", "-at_install")
class TestRoles(SoldCase):
    """Who works on jobs, who sells them and who invoices them: each sees what is his."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.create_order((cls.glass, 1, cls.van), user=cls.salesman)
        cls.order.action_confirm()
        cls.order = cls.order.sudo()
        cls.job = cls.order.fsm_order_ids
        cls.job.write({"person_id": cls.maria.id, "scheduled_date_start": NINE})

    def test_journal_items(self):
        """Nobody of field service reads or writes journal items."""
        for user in (self.user_maria, self.dispatcher, self.boss):
            for operation in ("read", "create", "write", "unlink"):
                with self.subTest(user=user.login, operation=operation), self.assertRaises(AccessError):
                    self.env["account.move.line"].with_user(user).check_access(operation)
                with self.assertRaises(AccessError):
                    self.job.with_user(user).read(["invoice_lines"])

    def test_orders(self):
        """Nobody of field service reads sale orders because of it."""
        for user in (self.user_maria, self.dispatcher, self.boss):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.order.with_user(user).read(["name"])

    def test_technician(self):
        """A technician opens, starts and finishes a sold job, sees its price and not its order or invoices."""
        job = self.job.with_user(self.user_maria)
        with Form(job) as form:
            self.assertEqual(form.cost, 200.0)
        job.action_start()
        job.action_complete()
        self.assertEqual((self.order.order_line.qty_delivered, self.order.invoice_status), (1.0, "to invoice"))

    def test_dispatcher(self):
        """A dispatcher opens and moves a sold job."""
        with Form(self.job.with_user(self.dispatcher)) as form:
            form.person_id = self.tom
        self.assertEqual(self.job.person_id, self.tom)

    def test_salesman(self):
        """A salesman opens the order with its site and number of jobs, and the job to look at it."""
        with Form(self.order.with_user(self.salesman)) as form:
            self.assertEqual((form.fsm_location_id, form.fsm_order_count), (self.site, 1))
        views = self.job.with_user(self.salesman).get_views([(False, "form"), (False, "list"), (False, "kanban")])
        names = set(views["models"]["fsm.order"]["fields"])
        self.assertTrue(self.job.with_user(self.salesman).read(sorted(names)))

    def test_accountant(self):
        """An accountant without field rights opens the invoice of a job, and pays no heed to jobs."""
        self.job.action_complete()
        invoice = self.order._create_invoices()
        self.assertEqual(invoice.fsm_order_ids, self.job)
        with Form(invoice.with_user(self.accountant)) as form:
            self.assertEqual(form.partner_id, self.customer)
        invoice.with_user(self.accountant).action_post()
        self.assertEqual(self.job.invoice_count, 1)


@tagged("post_install", "-at_install")
class TestCost(SoldCase):
    """What a job costs: its part of the order, else the customer's price, in the company's currency."""

    def test_of_the_line(self):
        """Each job has its part of its line, without taxes, also when discounted, repriced or of several units."""
        tax = self.env["account.tax"].create({"name": "Sold 25", "amount": 25, "type_tax_use": "sale"})
        self.chip.taxes_id = tax
        order, jobs = self.sell((self.chip, 3), (self.glass, 2))
        self.assertEqual(jobs.mapped("cost"), [50.0, 50.0, 50.0, 400.0])
        order.order_line[0].write({"price_unit": 40.0, "discount": 50.0})
        self.assertEqual(jobs.mapped("cost"), [20.0, 20.0, 20.0, 400.0])
        order.order_line[0].product_uom_qty = 4
        self.assertEqual(self.get_jobs(order).mapped("cost"), [20.0, 20.0, 20.0, 400.0, 20.0])

    def test_shared(self):
        """The one job of an order costs what its lines cost together."""
        first, second = (self.create_product(name, 30.0, "sale") for name in ("Cleaning", "Polish"))
        _order, job = self.sell((first, 1), (second, 2))
        self.assertEqual(job.cost, 90.0)

    def test_currency(self):
        """An order in another currency is counted in the company's, at the rate of its day."""
        currency = self.env["res.currency"].create(
            {"name": "ZZD", "symbol": "Z", "rate_ids": [Command.create({"name": "2020-01-01", "rate": 4.0})]}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": currency.id})
        order, job = self.sell((self.glass, 1), pricelist_id=pricelist.id)
        self.assertEqual((order.amount_untaxed, job.cost), (800.0, 200.0))
        self.assertEqual(job.currency_id, self.company.currency_id)

    def test_unsold(self):
        """What is not sold yet costs what the product costs this customer; without a product, what somebody wrote."""
        job = self.create_finding(self.glass)
        self.assertEqual(job.cost, 200.0)
        tax = self.env["account.tax"].create(
            {"name": "Within", "amount": 25, "type_tax_use": "sale", "price_include_override": "tax_included"}
        )
        self.chip.taxes_id = tax
        job.product_id = self.chip
        self.assertEqual(job.cost, 40.0)
        bare = self.create_job(cost=15.0)
        self.assertEqual(bare.cost, 15.0)
        bare.description = "Still"
        self.assertEqual(bare.cost, 15.0)

    def test_filter(self):
        """Jobs are found by a range of cost."""
        cheap, dear = self.create_finding(self.chip), self.create_finding(self.glass)
        found = self.env["fsm.order"].search(
            [("cost", ">=", 60), ("cost", "<=", 200), ("id", "in", (cheap | dear).ids)]
        )
        self.assertEqual(found, dear)

    def test_many(self):
        """Pricing many findings of one customer costs no query for each."""

        def count(number, **values):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            jobs = self.env["fsm.order"].create([self.job_values(**values)] * number)
            self.env.flush_all()
            self.assertEqual(set(jobs.mapped("cost")), {50.0 if values else 0.0})
            return self.env.cr.sql_log_count - before

        sold = {"product_id": self.chip.id}
        count(1, **sold)
        more = [count(12, **values) - count(2, **values) for values in ({}, sold)]
        self.assertEqual(more[1], more[0])
