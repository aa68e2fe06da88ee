import json

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderNotificationCase


@tagged("post_install", "-at_install")
class TestPushes(OrderNotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endpoint = cls.env["service.webhook.endpoint"].create(
            {"name": "Bookkeeping", "url": "https://93.184.216.34/hooks", "is_all_events": True, "state": "on"}
        )

    def published(self, order):
        """Return the bodies of the deliveries about an order, in their order."""
        domain = [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        return [
            json.loads(body) for body in self.env["service.webhook.delivery"].search(domain, order="id").mapped("body")
        ]

    def test_life_of_an_order(self):
        """Endpoints are told of each step with the payloads of the API; the revision rises."""
        order = self.order_at(10)
        order.action_confirm()
        order._update_fulfilment("preparing")
        order._update_fulfilment("ready")
        told = self.published(order)
        self.assertEqual([body["type"] for body in told], ["order_update"] * 3 + ["pickup_ready"])
        self.assertEqual([body["data"]["status"] for body in told], ["pending", "confirmed", "preparing", "ready"])
        revisions = [body["revision"] for body in told]
        self.assertEqual(revisions, sorted(set(revisions)))
        self.assertEqual(told[0]["data"]["total_amount"], f"{order.amount_total:.2f}")
        self.assertTrue(told[0]["data"]["updated_at"].endswith("-04:00"))

    def test_new_order(self):
        """The shop is told of a new order with what its screen shows."""
        order = self.order_at(10)
        order._announce("new_order")
        payload = self.published(order)[-1]["data"]
        self.assertEqual(payload["scheduled_pickup_time"], "2026-10-20T10:00:00-04:00")
        self.assertEqual((payload["item_count"], payload["has_chitty"]), (1, False))
        self.env["ir.attachment"].create(
            {
                "name": "list.pdf",
                "raw": b"%PDF-1.4",
                "res_model": "sale.order",
                "res_id": order.id,
                "mimetype": "application/pdf",
            }
        )
        self.assertTrue(order._prepare_new_order_payload()["has_chitty"])

    def test_places(self):
        """An endpoint of a shop hears only of its shop; what has no place it does not hear at all."""
        other = self.point.copy({"name": "Other shop"})
        hooks = self.endpoint.copy({"name": "Other shop's", "point_ids": [Command.set(other.ids)]})
        both = self.endpoint.copy({"name": "Both", "point_ids": [Command.set((other | self.point).ids)]})
        order = self.order_at(10)
        told = self.env["service.webhook.delivery"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertLessEqual(self.endpoint | both, told.endpoint_id)
        self.assertNotIn(hooks, told.endpoint_id)
        self.assertTrue(hooks._accepts(self.env["sale.order"].new({"service_point_id": other.id})))
        self.assertFalse(hooks._accepts(self.env.user.partner_id))
        self.assertFalse(hooks._accepts(None))
        self.assertTrue(self.endpoint._accepts(None))

    def test_places_of_the_company(self):
        """An endpoint of one company is not told of another's shop, whoever asks for it."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        point = self.env["service.point"].create({"name": "Elsewhere", "tz": "UTC", "company_id": company.id})
        with self.assertRaises(UserError):
            self.endpoint.point_ids = point

    def test_bus(self):
        """The customer's own channel gets what is his, the staff's what is theirs."""
        order = self.order_at(10)
        sent = []
        for model in ("res.partner", "service.point"):
            self.patch(
                self.env.registry[model],
                "_bus_send",
                lambda records, kind, message, **_options: sent.append((records, kind, message["type"])),
            )
        order._announce("new_order")
        order._announce("order_ready")
        pushes = [(who, kind) for who, name, kind in sent if name == "sale_service_schedule_notification/push"]
        self.assertEqual(pushes, [(self.point, "new_order"), (self.customer, "pickup_ready")])
