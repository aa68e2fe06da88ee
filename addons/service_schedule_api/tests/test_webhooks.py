from datetime import UTC, datetime

from odoo.fields import Command
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

    def test_rotation(self):
        """A new secret is told once; for a while there are two, unless the old one is known to others."""
        body = {"name": "Till", "url": "https://127.0.0.1/hook"}
        added = self.expect(self.call("POST", "/webhooks", self.admin, body), 201)
        self.assertIsNone(added["old_secret_until"])
        path = f"/webhooks/{added['id']}"
        once = {"Idempotency-Key": "rotate-1"}
        rotated = self.expect(self.call("POST", f"{path}/rotate-secret", self.admin, headers=once), 200)
        again = self.expect(self.call("POST", f"{path}/rotate-secret", self.admin, headers=once), 200)
        self.assertEqual(rotated, again)
        endpoint = self.env["service.webhook.endpoint"].browse(added["id"])
        live = [secret.value for secret in endpoint._get_secrets()[endpoint.id]]
        self.assertEqual(live, [rotated["secret"], added["secret"]])
        read = self.fetch(path, self.admin)
        self.assertEqual(read, {name: value for name, value in rotated.items() if name != "secret"})
        until = datetime.fromisoformat(read["old_secret_until"]) - datetime.now(UTC)
        self.assertAlmostEqual(until.total_seconds(), 72 * 3600, delta=600)
        body = {"overlap_hours": 0}
        last = self.expect(self.call("POST", f"{path}/rotate-secret", self.admin, body), 200)
        self.assertEqual([secret.value for secret in endpoint._get_secrets()[endpoint.id]], [last["secret"]])
        self.assertIsNone(self.fetch(path, self.admin)["old_secret_until"])
        for hours in (-1, 169):
            body = {"overlap_hours": hours}
            self.expect(self.call("POST", f"{path}/rotate-secret", self.admin, body), 400)

    def test_of_my_shops(self):
        """A manager has the endpoints of his shops alone: none of a company, of a shop of others, or of both."""
        self.point.user_ids = self.manager
        theirs = self.env["service.point"].create({"name": "Theirs", "user_ids": [Command.link(self.technician.id)]})
        free = self.env["service.point"].create({"name": "Of all"})
        values = {"name": "Hook", "url": "https://127.0.0.1/hook"}
        hooks = self.env["service.webhook.endpoint"].create(
            [
                {**values, "point_ids": points.ids}
                for points in (self.point, free, theirs, self.point | theirs, self.env["service.point"])
            ]
        )
        mine, hidden = hooks[:2], hooks[2:]
        seen = [hook["id"] for hook in self.fetch("/webhooks", self.manager)["items"]]
        self.assertEqual([hook for hook in hooks.ids if hook in seen], mine.ids)
        for hook in hidden:
            path = f"/webhooks/{hook.id}"
            for method, rest in (
                ("GET", ""),
                ("PATCH", ""),
                ("DELETE", ""),
                ("POST", "/rotate-secret"),
                ("POST", "/test"),
                ("GET", "/deliveries"),
            ):
                body = {"name": "Mine"} if method == "PATCH" else None
                self.expect(self.call(method, path + rest, self.manager, body), 404)
            delivery = hook._insert_deliveries("test", {"message": "x"})
            self.expect(self.call("POST", f"/webhooks/deliveries/{delivery.id}/replay", self.manager), 404)
        path = f"/webhooks/{mine[0].id}"
        for shop_ids, status in (([theirs.id], 403), ([self.point.id, theirs.id], 403), ([], 422), ([free.id], 200)):
            self.expect(self.call("PATCH", path, self.manager, {"shop_ids": shop_ids}), status)
            body = {**values, "shop_ids": shop_ids}
            self.expect(self.call("POST", "/webhooks", self.manager, body), 201 if status == 200 else status)
        self.expect(self.call("POST", "/webhooks", self.manager, values), 422)
        self.expect(self.call("POST", f"{path}/rotate-secret", self.manager), 200)

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
