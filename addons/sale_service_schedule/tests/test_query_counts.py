from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW, TODAY

from .common import SaleScheduleCase

FEW, MANY = 5, 100
# at most, with all addons of the suite; a company or user that the caches hold already saves one
PAGES = {"board": 18, "calendar": 12, "kanban": 13, "list": 7}


@tagged("post_install", "-at_install")
class TestQueryCounts(SaleScheduleCase):
    """How often the database is asked for pages of orders: as often for five orders as for a hundred.

    Of the orders some are walk-ins, the others scheduled in the three windows, and some were rescheduled; each is of
    another customer and has three lines of three products.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW.replace(tzinfo=None)))
        cls.point.counter_id.lane_count = 200
        cls.products = cls.product | cls.product.copy({"name": "Trimix fill"}) | cls.product.copy({"name": "Air fill"})
        cls.products.service_offer_ids = cls.offer
        cls.create_orders(FEW)

    @classmethod
    def create_orders(cls, count):
        """Make ``count`` orders of as many customers."""
        customers = cls.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(count)])
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [(0, 0, {"product_id": product.id}) for product in cls.products],
                }
                for customer in customers
            ]
        )
        windows = cls.point.window_ids
        for number, order in enumerate(orders):
            if number % 5 < 4:
                order._schedule(cls.window_on(windows[number % 3], TODAY), by_staff=True, now=NOW - timedelta(days=1))
            if number % 5 == 1:
                order._schedule(cls.window_on(windows[0], NEXT_DAY), by_staff=True, now=NOW)
                order._schedule(cls.window_on(windows[2], TODAY), by_staff=True, now=NOW)

    def count_queries(self, function):
        """Return how many queries ``function`` makes, with cold records and warm registry caches."""
        for _time in ("warm", "counted"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function()
        return self.env.cr.sql_log_count - before

    def test_few_orders_and_many(self):
        """Board and views cost the same for few orders and for many, within the pins."""
        few = {page: self.count_of_page(page) for page in PAGES}
        self.create_orders(MANY - FEW)
        for page, pin in PAGES.items():
            with self.subTest(page=page):
                self.assertEqual(self.count_of_page(page), few[page])
                self.assertLessEqual(few[page], pin)
        board = self.env["sale.order"].with_user(self.technician).get_due_board(self.point.id)["orders"]
        self.assertEqual(len(board), MANY)
        self.assertEqual(len([order for order in board if order["reschedule_chain"]]), MANY // 5)

    def count_of_page(self, page):
        """Return how many queries a page of all orders makes for a technician."""
        orders = self.env["sale.order"].with_user(self.technician)
        if page == "board":
            return self.count_queries(lambda: orders.get_due_board(self.point.id))
        specification = self.get_specification(orders, page)
        domain = [("service_point_id", "=", self.point.id)]
        return self.count_queries(lambda: orders.web_search_read(domain, specification, limit=MANY + 1))

    def get_specification(self, orders, page):
        """Return what the web client asks ``web_search_read`` for: the fields that the view names."""
        view = self.env.ref(f"sale_service_schedule.sale_order_view_{page}")
        arch = etree.fromstring(orders.get_view(view.id)["arch"])
        names = {node.get("name") for node in arch.iter("field")}
        names |= {arch.get(name) for name in ("date_start", "date_stop", "color") if arch.get(name)}
        return {name: {"fields": {"display_name": {}}} if orders._fields[name].relational else {} for name in names}
