from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestReadonly(ApiCase):
    """What a replica can serve: tests give GET routes a transaction in which PostgreSQL refuses to write."""

    def test_every_get(self):
        """No GET writes, or is tried again because it did; that it was called is written down elsewhere."""
        self.env["ir.config_parameter"].set_param("service_notification_webhook.allowed_hosts", "127.0.0.1")
        placed = self.place_by_api()
        day = self.day.isoformat()
        body = {"offer_id": self.offer.id, "date": day, "time_slot": "EVENING"}
        held = self.expect(self.call("POST", "/reservations", self.ann, body), 201)
        values = {"name": "Hook", "url": "https://127.0.0.1/hook", "point_ids": self.point.ids}
        webhook = self.env["service.webhook.endpoint"].create(values)
        webhook._insert_deliveries("test", {"message": "x"})
        given = {
            "{order_id}": placed["id"],
            "{shop_id}": self.point.id,
            "{public_id}": held["id"],
            "{webhook_id}": webhook.id,
        }
        queries = {
            "/calendar": f"?start={day}&end={day}",
            "/availability": f"?offer_id={self.offer.id}&start={day}&end={day}",
        }
        paths = [
            path for path, calls in self.url_open("/api/v1/openapi.json").json()["paths"].items() if "get" in calls
        ]
        self.assertGreater(len(paths), 12)
        for path in paths:
            path = path.removeprefix("/api/v1")
            for name, value in given.items():
                path = path.replace(name, str(value))
            path += next((query for start, query in queries.items() if path.startswith(start)), "")
            for user in (self.manager, self.ann):
                with self.subTest(f"{path} as {user.login}"), self.assertNoLogs("odoo.http", "WARNING"):
                    answer = self.call("GET", path, user)
                    refused = user == self.ann and path.startswith(("/webhooks", "/orders/shop"))
                    self.assertEqual(answer.status_code, 403 if refused else 200, answer.text)
        last = self.env["service.api.call"].search([], limit=1)
        self.assertEqual((last.user_id, last.method), (self.ann, "GET"))

    def test_a_write_is_seen(self):
        """The test above can fail: a GET that writes is noticed."""
        find = self.env.registry["sale.order"]._search_for_api

        def search(model, domain, order=None, limit=None):
            model.env.user.sudo().partner_id.comment = "seen"
            model.env.flush_all()
            return find(model, domain, order, limit)

        self.patch(self.env.registry["sale.order"], "_search_for_api", search)
        with self.assertLogs("odoo.http", "WARNING") as logged, mute_logger("odoo.sql_db"):
            self.fetch("/orders/scheduled", self.technician)
        self.assertIn("read/write cursor", logged.output[0])
