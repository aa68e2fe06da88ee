from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo.tests import TransactionCase, freeze_time, tagged

from odoo.addons.service_schedule_demo.corner_shop import CornerShop

PACIFIC = ZoneInfo("America/Los_Angeles")


@tagged("post_install", "-at_install")
class TestCornerShop(TransactionCase):
    """The corner shop opened at a given moment, on top of what the installation left."""

    def open_at(self, *moment):
        """Stop the clock at a moment of the shop, open it, and return its new orders."""
        now = datetime(*moment, tzinfo=PACIFIC).astimezone(UTC)
        self.enterContext(freeze_time(now.replace(tzinfo=None)))
        last = self.env["sale.order"].search([], order="id desc", limit=1).id
        shop = CornerShop(self.env, now)
        shop.open()
        return self.env["sale.order"].search([("id", ">", last), ("service_point_id", "=", shop.point.id)])

    def test_afternoon(self):
        """On a Wednesday afternoon there is an order in each state that the document names, with its prep time."""
        orders = self.open_at(2027, 6, 16, 15, 10)
        states = {"pending", "confirmed", "preparing", "ready", "picked_up"}
        self.assertEqual(set(orders.mapped("fulfilment_state")), states)
        self.assertEqual(set(orders.mapped("order_type")), {"instant", "pre_order"})
        self.assertEqual(set(orders.filtered("is_scheduled").mapped("prep_minutes")), {15, 30})
        self.assertTrue(orders.filtered("is_overdue"))
        self.assertEqual(orders.service_point_id._get_configuration_issues(), [])

    def test_night(self):
        """At three in the night, when it is closed, there is a shop to show, too."""
        orders = self.open_at(2027, 6, 20, 3, 0)
        self.assertLessEqual({"pending", "confirmed", "picked_up"}, set(orders.mapped("fulfilment_state")))
