from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.fieldservice_schedule.tests.common import NINE

from .common import SoldCase


@tagged("post_install", "-at_install")
class TestSellTogether(SoldCase):
    """What was found becomes one order."""

    def find_three(self):
        """Return three findings on three vans, of two products."""
        return self.env["fsm.order"].concat(
            self.create_finding(self.chip, self.vans[0]),
            self.create_finding(self.chip, self.vans[1]),
            self.create_finding(self.glass, self.vans[2]),
        )

    def test_said_price(self):
        """Who may say another price says it on the job, and that is what the customer pays; nobody else can."""
        job = self.create_finding(person=self.maria, start=NINE)
        as_maria = job.with_user(self.user_maria)
        for refused in ({"cost": 40.0}, {"cost": 0}):
            with self.subTest(refused), self.assertRaises(AccessError):
                as_maria.write(refused)
        with self.assertRaises(AccessError):
            self.env["fsm.order"].with_user(self.dispatcher).create(
                {**self.job_values(), "product_id": self.chip.id, "cost": 1.0}
            )
        as_maria.cost = job.cost  # the same is no other price
        self.maria.may_override_prices = True
        self.assertTrue(as_maria.may_price)
        as_maria.cost = 40.0
        usual = self.create_finding(unit=self.vans[1])
        order = (job | usual)._sell_together()
        self.assertEqual(order.order_line.mapped("price_unit"), [40.0, 50.0])
        self.assertEqual((job.cost, usual.cost, order.amount_untaxed), (40.0, 50.0, 90.0))
        with self.assertRaisesRegex(UserError, job.name):
            as_maria.cost = 30.0

    def test_said_price_with_tax(self):
        """A price with its tax in it, in another currency, follows by as much as the job's price was changed."""
        tax = self.env["account.tax"].create({"name": "In", "amount": 25, "price_include_override": "tax_included"})
        self.chip.taxes_id = tax
        job = self.create_finding()
        self.assertEqual(job.cost, 40.0)
        job.cost = 20.0
        order = job._sell_together()
        self.assertEqual((order.order_line.price_unit, order.amount_untaxed, job.cost), (25.0, 20.0, 20.0))

    def test_one_order(self):
        """Three findings are three lines of one quotation, each with its unit and price, and make no second jobs."""
        jobs = self.find_three()
        order = jobs._sell_together(self.customer)
        self.assertEqual((order.state, order.partner_id, order.amount_untaxed), ("draft", self.customer, 300.0))
        self.assertEqual(order.fsm_location_id, self.site)
        self.assertFalse(order.user_id)
        self.assertEqual(order.order_line.equipment_id, self.vans)
        self.assertEqual(jobs.sale_line_id, order.order_line)
        self.assertEqual(jobs.sale_id, order)
        order.action_confirm()
        self.assertEqual(self.get_jobs(order), jobs)

    def test_again(self):
        """Selling twice sells once; what is found later joins the same quotation, after its confirmation a new one."""
        jobs = self.find_three()
        order = jobs._sell_together(self.customer)
        self.assertEqual(jobs._sell_together(self.customer), order)
        self.assertEqual(len(order.order_line), 3)
        more = jobs | self.create_finding()
        self.assertEqual(more._sell_together(), order)
        self.assertEqual(len(order.order_line), 4)
        order.action_confirm()
        late = more | self.create_finding()
        second = late._sell_together()
        self.assertNotEqual(second, order)
        self.assertEqual(len(second.order_line), 1)

    def test_prices(self):
        """The customer's pricelist and fiscal position decide, not the product's own price and taxes."""
        tax, other = self.env["account.tax"].create(
            [{"name": f"Sold {amount}", "amount": amount, "type_tax_use": "sale"} for amount in (20, 5)]
        )
        position = self.env["account.fiscal.position"].create({"name": "Harbour"})
        other.write({"fiscal_position_ids": [Command.link(position.id)], "original_tax_ids": [Command.link(tax.id)]})
        self.chip.taxes_id = tax
        self.customer.property_account_position_id = position
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Fleets",
                "item_ids": [
                    Command.create(
                        {"compute_price": "fixed", "fixed_price": 40.0, "product_tmpl_id": self.chip.product_tmpl_id.id}
                    )
                ],
            }
        )
        self.customer.property_product_pricelist = pricelist
        job = self.create_finding()
        self.assertEqual(job.cost, 40.0)
        order = job._sell_together()
        self.assertEqual((order.amount_untaxed, order.amount_total), (40.0, 42.0))
        self.assertEqual(job.cost, 40.0)

    def test_technician(self):
        """A technician sells what he may change, without any right on orders; a colleague's jobs he may not."""
        job = self.create_finding(person=self.maria).with_user(self.user_maria)
        order = job._sell_together()
        self.assertEqual(job.sudo().sale_id, order)
        with self.assertRaises(AccessError):
            order.with_user(self.user_maria).read(["name"])
        with self.assertRaises(AccessError):
            self.create_finding(person=self.tom).with_user(self.user_maria)._sell_together()

    def test_refused(self):
        """Jobs of two customers, or without a product, are refused by name; cancelled ones are left out."""
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        with self.assertRaisesRegex(UserError, "one customer"):
            self.create_finding()._sell_together(stranger)
        bare = self.create_job()
        with self.assertRaisesRegex(UserError, bare.name):
            bare._sell_together()
        job, cancelled = self.create_finding(), self.create_finding()
        cancelled.action_cancel()
        self.assertEqual(len((job | cancelled)._sell_together().order_line), 1)

    def test_unit_of_another(self):
        """What the customer does not own is repaired at his expense; the line does not claim that it is his."""
        owner = self.env["res.partner"].create({"name": "Leasing", "is_company": True})
        leased = self.env["fsm.equipment"].create({"name": "Leased van", "owned_by_id": owner.id})
        order = self.create_finding(unit=leased)._sell_together()
        self.assertFalse(order.order_line.equipment_id)

    def test_many(self):
        """A hundred findings cost no more queries each than core's own two a line."""

        def count(number):
            jobs = self.env["fsm.order"].create(
                [self.job_values(product_id=self.chip.id, equipment_ids=[Command.set(self.van.ids)])] * number
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            jobs._sell_together()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(10), count(100)
        self.assertLess(many - few, 90 * 2 + 5, f"{few} for ten, {many} for a hundred")
