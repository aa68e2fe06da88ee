"""Races for money between real transactions: what is sold at once is sold, planned and finished once."""

from suite_race import race, transaction

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

CLIENTS = 4


@tagged("post_install", "-at_install", "standard")
class TestRaceSold(BaseCase):
    """What is made is committed, and deleted at the end by its ids."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._clean)
        with transaction() as env:
            customer = env["res.partner"].create({"name": "Race fleet"})
            site = env["fsm.location"].create({"name": "Race fleet's lot", "owner_id": customer.id})
            product = env["product.product"].create(
                {"name": "Race chip", "type": "service", "list_price": 50.0, "field_service_tracking": "unit"}
            )
            cls.customer_id, cls.site_id, cls.product_id = customer.id, site.id, product.id

    @classmethod
    def _clean(cls):
        with transaction() as env:
            jobs = env["fsm.order"].search([("partner_id", "=", cls.customer_id)])
            orders = env["sale.order"].search([("partner_id", "=", cls.customer_id)])
            site, product = env["fsm.location"].browse(cls.site_id), env["product.product"].browse(cls.product_id)
            ids = {
                "jobs": jobs.ids,
                "orders": orders.ids,
                "sites": site.ids,
                "products": product.ids,
                "templates": product.product_tmpl_id.ids,
                "partners": [cls.customer_id, site.partner_id.id],
            }
            env.cr.execute(
                """DELETE FROM mail_message WHERE model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM mail_followers WHERE res_model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM mail_message WHERE model = 'sale.order' AND res_id = ANY(%(orders)s);
                   DELETE FROM mail_followers WHERE res_model = 'sale.order' AND res_id = ANY(%(orders)s);
                   UPDATE sale_order_line SET fsm_order_id = NULL WHERE order_id = ANY(%(orders)s);
                   DELETE FROM fsm_order WHERE id = ANY(%(jobs)s);
                   DELETE FROM sale_order WHERE id = ANY(%(orders)s);
                   DELETE FROM product_product WHERE id = ANY(%(products)s);
                   DELETE FROM product_template WHERE id = ANY(%(templates)s);
                   DELETE FROM fsm_location WHERE id = ANY(%(sites)s);
                   DELETE FROM res_partner WHERE id = ANY(%(partners)s)""",
                ids,
            )
            env.registry.clear_all_caches()

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.sql_db"))  # who loses and tries again leaves a "bad query" in the log

    def make_order(self, quantity):
        """Return the id of a committed quotation."""
        with transaction() as env:
            line = {"product_id": self.product_id, "product_uom_qty": quantity}
            return env["sale.order"].create({"partner_id": self.customer_id, "order_line": [(0, 0, line)]}).id

    def count_jobs(self, order_id):
        """Return how many jobs an order has."""
        with transaction() as env:
            return env["fsm.order"].search_count([("sale_id", "=", order_id)])

    def test_sold_once(self):
        """Findings that several people put on an order at once are on one order, a line each."""
        with transaction() as env:
            values = {"location_id": self.site_id, "product_id": self.product_id}
            ids = env["fsm.order"].create([values] * 3).ids
        race([lambda env: env["fsm.order"].browse(ids)._sell_together()] * CLIENTS)
        with transaction() as env:
            orders = env["sale.order"].search([("order_line.fsm_order_id", "in", ids)])
            self.assertEqual(len(orders), 1)
            self.assertEqual((len(orders.order_line), orders.amount_untaxed), (3, 150.0))
            self.assertEqual(env["fsm.order"].browse(ids).sale_line_id, orders.order_line)

    def test_confirmed_once(self):
        """An order that several people confirm at once has its jobs once."""
        order_id = self.make_order(2)
        race([lambda env: env["sale.order"].browse(order_id).action_confirm()] * CLIENTS)
        self.assertEqual(self.count_jobs(order_id), 2)

    def test_raised_once(self):
        """More units that several people enter at once are just the jobs that were missing."""
        order_id = self.make_order(2)
        with transaction() as env:
            env["sale.order"].browse(order_id).action_confirm()

        def raise_quantity(env):
            env["sale.order"].browse(order_id).order_line.product_uom_qty = 4

        race([raise_quantity] * CLIENTS)
        self.assertEqual(self.count_jobs(order_id), 4)

    def test_finished_once(self):
        """A job that is finished by two people at once is delivered once and said to be complete once."""
        order_id = self.make_order(1)
        with transaction() as env:
            env["sale.order"].browse(order_id).action_confirm()
            job_id = env["fsm.order"].search([("sale_id", "=", order_id)]).id
        race([lambda env: env["fsm.order"].browse(job_id).action_complete()] * CLIENTS)
        with transaction() as env:
            job, line = env["fsm.order"].browse(job_id), env["sale.order"].browse(order_id).order_line
            self.assertEqual((job.state, line.qty_delivered), ("completed", 1.0))
            said = job.message_ids.tracking_value_ids.filtered(lambda value: value.new_value_char == "Completed")
            self.assertLessEqual(len(said.mail_message_id), 1)
