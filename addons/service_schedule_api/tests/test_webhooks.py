from odoo.tests import new_test_user, tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestWebhooks(ApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("service_notification_webhook.allowed_hosts", "127.0.0.1")
        cls.admin = new_test_user(cls.env, "api-admin", groups="base.group_system,service_schedule.group_manager")
        cls.keys[cls.admin] = cls.make_key(cls.admin)

    def test_life(self):
        """An endpoint is added, its secret shown once; it is tested, changed, switched off and on, and removed."""
        body = {"name": "Till", "url": "https://127.0.0.1/hook", "events": ["new_order"], "shop_ids": [self.point.id]}
        added = self.expect(self.call("POST", "/webhooks", self.admin, body), 201)
        self.assertTrue(added.pop("secret").startswith("whsec_"))
        path = f"/webhooks/{added['id']}"
        self.assertEqual(self.fetch(path, self.admin), added)
        self.assertEqual((added["events"], added["shop_ids"]), (["new_order"], [self.point.id]))
        self.assertIn(added, self.fetch("/webhooks", self.admin)["items"])
        sent = self.expect(self.call("POST", f"{path}/test", self.admin), 202)
        self.place_by_api()
        deliveries = self.fetch(f"{path}/deliveries?limit=1", self.admin)
        self.assertEqual(deliveries["items"][0]["event"], "new_order")
        rest = self.fetch(f"{path}/deliveries?cursor={deliveries['next_cursor']}", self.admin)
        self.assertEqual([one["id"] for one in rest["items"]], [sent["id"]])
        self.expect(self.call("POST", f"/webhooks/deliveries/{sent['id']}/replay", self.admin), 202)
        changed = self.expect(self.call("PATCH", path, self.admin, {"events": [], "is_on": False}), 200)
        self.assertEqual((changed["events"], changed["state"]), ([], "off"))
        self.expect(self.call("POST", f"{path}/test", self.admin), 409)
        self.assertEqual(self.expect(self.call("PATCH", path, self.admin, {"is_on": True}), 200)["state"], "on")
        self.assertEqual(self.call("DELETE", path, self.admin).status_code, 204)
        self.fetch(path, self.admin, 404)

    def test_refused(self):
        """Addresses inside, without https, and events that there are not, are refused with the reason."""
        for values in (
            {"url": "http://example.com/hook"},
            {"url": "https://10.0.0.1/hook"},
            {"events": ["nothing"]},
            {"shop_ids": [2**31 - 1]},
        ):
            body = {"name": "Till", "url": "https://127.0.0.1/hook", **values}
            self.expect(self.call("POST", "/webhooks", self.admin, body), 422)
