"""The commands of docs/api.md, word for word, on a real server: what a reader copies must work."""

import json
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from suite_portal import create_users
from suite_server import PATIENCE, ServedCase, transaction

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.service_schedule_api.models.res_users_apikeys import SCOPE

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
TILL = "https://127.0.0.1/hooks"


@tagged("post_install", "-at_install", "standard")
class TestQuickStart(ServedCase):
    """A shop that is open on Wednesdays, a customer, and a manager who is one of its staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            env["service.point"].search([]).active = False
            customer = create_users(env, [{"login": "quick@example.com"}])
            manager = create_users(env, [{"login": "quick-manager"}], "service_schedule.group_manager")
            point = env["service.point"].create({"name": "Quick shop", "tz": "America/New_York"})
            point.user_ids = manager
            offer = env["service.offer"].create({"name": "Quick fill", "point_id": point.id})
            env["product.product"].create(
                {"name": "Quick fill", "type": "service", "service_offer_ids": [Command.link(offer.id)]}
            )
            env["ir.config_parameter"].set_param("service_notification_webhook.allowed_hosts", "127.0.0.1")
            keys = env["res.users.apikeys"]
            cls.keys = [
                keys.with_user(user).sudo()._generate(SCOPE, "quick", None) for user in (customer, manager, manager)
            ]
        cls.url = f"http://127.0.0.1:{cls.start_server().port}/api/v1"

    def read_commands(self):
        """Return the commands of the page; the address, the keys and the webhook are this test's."""
        script = "".join(re.findall(r"^(?: {4}.*\n|\n(?= {4}))+", PAGE.read_text(), re.MULTILINE))
        given = iter([self.url, *self.keys, TILL])
        script, changed = re.subn(r"(?m)^    (URL|KEY|TILL)=.*$", lambda found: f"{found[1]}={next(given)}", script)
        self.assertEqual(changed, 5)
        return script

    def test_every_command(self):
        """Each command of the page is done; the order is placed, moved, confirmed and cancelled, the secret is new."""
        script = f"set -euo pipefail; cd {self.enterContext(TemporaryDirectory())}\n{self.read_commands()}"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=5 * PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(re.findall(r"(?m)^ *call (?!.* > )", script)))
        self.assertNotIn("urn:service-schedule:problem", done.stdout)
        orders = [answer for answer in answers if "order_number" in answer]
        steps = [(order["status"], order["reschedule_count"]) for order in orders]
        moved = [("pending", 1)] * 2
        self.assertEqual(steps, [("pending", 0), *moved, ("confirmed", 1), ("cancelled", 1)])
        lists = [[item["id"] for item in answer["items"]] for answer in answers if "next_cursor" in answer]
        self.assertIn([orders[0]["id"]], lists)
        first, second = (answer["secret"] for answer in answers if "secret" in answer)
        self.assertNotEqual(first, second)
