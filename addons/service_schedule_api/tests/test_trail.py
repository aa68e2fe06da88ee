from datetime import timedelta
from types import SimpleNamespace

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestTrail(ApiCase):
    def get_calls(self, path):
        """Return the rows of calls of a path, the first one first."""
        return self.env["service.api.call"].search([("path", "=", f"/api/v1{path}")], order="id")

    def test_written_down(self):
        """Every call is written down once: who, with which key, from where, what became of it and what it changed."""
        placed = self.place_by_api()
        path = f"/orders/{placed['id']}"
        self.call("PATCH", path, self.technician, {"status": "confirmed"})
        self.call("PATCH", path, self.bob, {"status": "cancelled"})
        self.call("GET", path)
        changed, refused, nobody = self.get_calls(path)
        self.assertEqual((changed.user_id, changed.key_name, changed.status), (self.technician, "api-tech's", 200))
        self.assertEqual((changed.res_model, changed.res_id), ("sale.order", placed["id"]))
        self.assertIn("pending → confirmed", changed.change)
        self.assertEqual(changed.address, "127.0.0.1")
        self.assertEqual((refused.user_id, refused.status, refused.res_id), (self.bob, 404, 0))
        self.assertEqual((nobody.user_id, nobody.key_ref, nobody.status), (self.env["res.users"], 0, 401))

    def test_strangers(self):
        """Without a valid key a row is an address's minute: however often it calls, and then too often."""
        self.stop_clock()
        self.env["ir.config_parameter"].set_param("service_schedule_api.nobody_limit", "3")
        statuses = [self.call("GET", path).status_code for path in ("/shops", "/offers", "/x", "/shops", "/shops")]
        self.assertEqual(statuses, [401, 401, 401, 429, 429])
        [row] = self.env["service.api.call"].search([("key_ref", "=", 0), ("budget", "!=", False)])
        self.assertEqual((row.calls, row.status, row.address, row.path), (5, 429, "127.0.0.1", "/api/v1/shops"))
        self.fetch("/shops", self.ann)

    def test_strangers_from_everywhere(self):
        """A thousand addresses without a key leave thirty rows and one for the others, which count every call."""
        calls = self.env["service.api.call"].sudo()
        with freeze_time("2026-05-05 10:00:30"):
            addresses = [f"192.0.{number // 250}.{number % 250}" for number in range(1000)]
            addresses += [f"2001:db8::{number:x}" for number in range(1, 20)]
            for address in [*addresses, "192.0.0.7"]:
                request = SimpleNamespace(remote_addr=address, method="GET", path="/api/v1/shops")
                calls._begin(None, request)
        rows = calls.search([("began_at", "=", "2026-05-05 10:00:00")], order="id")
        self.assertEqual(len(rows), 31)
        self.assertEqual(sum(rows.mapped("calls")), 1020)
        self.assertEqual(rows[-1].address, "*")
        self.assertEqual(rows[7].calls, 2)

    def test_fault(self):
        """A fault of ours is told as a problem without a traceback, and written down."""
        placed = self.place_by_api()
        self.patch(self.env.registry["sale.order"], "_find_for_api", lambda model, order_id: 1 / 0)
        with mute_logger("odoo.http"):
            answer = self.call("GET", f"/orders/{placed['id']}", self.ann)
        self.assertEqual(self.expect(answer, 500)["title"], "Something went wrong on our side")
        self.assertNotIn("Traceback", answer.text)
        self.assertEqual(self.get_calls(f"/orders/{placed['id']}").status, 500)

    def test_kept_for_a_while(self):
        """Old rows go; the last one of a key stays, for it says when the key was used."""
        self.fetch("/shops", self.ann)
        self.fetch("/shops", self.ann)
        calls = self.get_calls("/shops")
        self.env.cr.execute(
            "UPDATE service_api_call SET began_at = %s WHERE id = ANY(%s)",
            [fields.Datetime.now() - timedelta(days=100), calls.ids],
        )
        calls.invalidate_recordset()
        calls._gc_old()
        self.assertEqual(calls.exists(), calls[-1])
