from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestOrders(ApiCase):
    def test_place_and_read(self):
        """A customer places a pre-order for a window; it is the order that the portal has, and its answer is whole."""
        placed = self.place_by_api(order_notes="Will come at 5 PM sharp")
        order = self.env["sale.order"].browse(placed["id"])
        self.assertEqual((order.partner_id, order.window_id), (self.ann.partner_id, self.morning))
        self.assertEqual(order.fulfilment_state, "pending")
        self.assertEqual(
            {name: placed[name] for name in ("status", "order_type", "time_slot", "total_amount", "item_count")},
            {
                "status": "pending",
                "order_type": "pre_order",
                "time_slot": "MORNING",
                "total_amount": "25.00",
                "item_count": 2,
            },
        )
        self.assertIn(f"Order #{order.name} scheduled for", placed["confirmation"])
        self.assertRegex(placed["scheduled_date"], rf"{self.day}T08:00:00-0[45]:00")
        self.assertEqual(self.read(f"/orders/{order.id}", self.ann), placed)
