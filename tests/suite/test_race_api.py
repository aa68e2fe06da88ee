"""The API on a real server with two processes: the same at once, limits of both together, the example client."""

import itertools
import subprocess
import sys
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from suite_portal import create_users
from suite_server import PATIENCE, ServedCase, transaction
from urllib3.util import Retry

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.service_schedule_api.models.res_users_apikeys import SCOPE

CLIENTS = 8
SAME = 32
LIMIT = 20
TRIES = 3
# a server with two processes lets 16 calls wait at its door; more may be turned away and then come again, as clients do
AGAIN = Retry(8, allowed_methods=None, respect_retry_after_header=False, backoff_factor=0.2)
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "api_client.py"


def at_once(calls):
    """Make all calls (functions without arguments) at the same moment; return their answers."""
    start, answers = threading.Barrier(len(calls)), []

    def act(call):
        start.wait(PATIENCE)
        answers.append(call())

    threads = [threading.Thread(target=act, args=(call,), daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if len(answers) != len(calls):
        raise AssertionError("a client got no answer")
    return answers


@tagged("post_install", "-at_install", "standard")
class TestRaceApi(ServedCase):
    """A shop whose counter has one place, customers with keys, and staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            env["service.point"].search([]).active = False
            point = env["service.point"].create({"name": "API shop", "tz": "America/New_York"})
            point.calendar_id.attendance_ids = [
                Command.create({"name": "Sunday", "dayofweek": "6", "hour_from": 8, "hour_to": 20})
            ]
            point.counter_id.lane_count = 1
            cls.offer = env["service.offer"].create({"name": "API fill", "point_id": point.id}).id
            product = {"name": "API fill", "type": "service", "service_offer_ids": [cls.offer]}
            cls.product, cls.point = env["product.product"].create(product).id, point.id
            cls.day = (point._get_today() + timedelta(days=9)).isoformat()
            users = create_users(env, [{"login": f"api{number}@example.com"} for number in range(CLIENTS)])
            staff = create_users(env, [{"login": "api-staff"}], "service_schedule.group_technician")
            keys = env["res.users.apikeys"]
            cls.keys = [keys.with_user(user).sudo()._generate(SCOPE, "race", None) for user in users]
            cls.staff = keys.with_user(staff).sudo()._generate(SCOPE, "race", None)
            # of customers whose keys have no limit of their own
            env["ir.config_parameter"].set_param("service_schedule_api.customer_limit", str(LIMIT))
            keys.search([("name", "=", "race")]).api_limit = 10 * SAME
        cls.url = f"http://127.0.0.1:{cls.start_server().port}"

    def call(self, method, path, key, body=None, **headers):
        """Call the API."""
        headers = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): text for name, text in headers.items()}}
        with requests.Session() as session:
            session.mount(self.url, HTTPAdapter(max_retries=AGAIN))
            return session.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=PATIENCE)

    def get_order(self, **values):
        """Return the body of an order."""
        items = [{"product_id": self.product, "quantity": 1}]
        return {"shop_id": self.point, "order_type": "pre_order", "items": items, "date": self.day, **values}

    def count(self, model, domain):
        """Return how many records there are."""
        with transaction(self.database) as env:
            return env[model].search_count(domain)

    def test_same_key_at_once(self):
        """The same POST 32 times at once under one Idempotency-Key: one order, and 32 equal answers."""
        before = self.count("sale.order", [])
        body, once = self.get_order(time_slot="MORNING"), str(uuid.uuid4())
        post = lambda: self.call("POST", "/orders", self.keys[0], body, Idempotency_Key=once)  # noqa: E731
        answers = at_once([post] * SAME)
        self.assertEqual({answer.status_code for answer in answers}, {201}, [answer.text for answer in answers])
        self.assertEqual(len({answer.text for answer in answers}), 1)
        self.assertEqual(self.count("sale.order", []), before + 1)

    def test_last_place(self):
        """Eight customers hold the last place at once: one has it, the others read of other times."""
        body = {"offer_id": self.offer, "date": self.day, "time_slot": "AFTERNOON"}
        answers = at_once([lambda key=key: self.call("POST", "/reservations", key, body) for key in self.keys])
        statuses = sorted(answer.status_code for answer in answers)
        self.assertEqual(statuses, [201] + [409] * (CLIENTS - 1), [answer.text for answer in answers])
        for answer in answers:
            if answer.status_code == 409:
                self.assertTrue(answer.json()["alternatives"], answer.text)

    def test_if_match(self):
        """Four changes of the same revision at once: one is done, the others are told that it has changed."""
        order = self.call("POST", "/orders", self.keys[1], self.get_order(time_slot="EVENING")).json()
        path, tag = f"/orders/{order['id']}", f'"{order["revision"]}"'
        answers = at_once(
            [
                lambda minutes=minutes: self.call(
                    "PATCH", path, self.staff, {"estimated_preparation_minutes": minutes}, If_Match=tag
                )
                for minutes in (41, 42, 43, 44)
            ]
        )
        statuses = sorted(answer.status_code for answer in answers)
        self.assertEqual(statuses, [200, 412, 412, 412], [answer.text for answer in answers])

    def test_limit_of_all_processes(self):
        """Twice as many calls as a key may make in a minute, by eight clients at once: no more get through."""
        with transaction(self.database) as env:
            env["res.users.apikeys"].search([("user_id.login", "=", "api7@example.com")]).api_limit = LIMIT
        self.check_limit([self.keys[7]])

    def test_limit_of_all_keys(self):
        """The same of a customer who uses three keys at once: together they get no further than one."""
        with transaction(self.database) as env:
            keys = env["res.users.apikeys"].with_user(create_users(env, [{"login": "api-many@example.com"}])).sudo()
            made = [keys._generate(SCOPE, f"race {number}", None) for number in range(3)]
        self.check_limit(made)

    def check_limit(self, keys):
        """Call twice as often as the limit allows, from eight clients at once, with one key after the other.

        No more than the limit get through. The last ones may keep each other out: whoever is refused has counted
        the limit's calls beside his own, and at most one of each other client was still on its way.
        """
        turns = itertools.cycle(keys)
        statuses = self.get_statuses_of_a_minute(lambda: next(turns), 2 * LIMIT // CLIENTS)
        self.assertEqual(statuses.count(200) + statuses.count(429), 2 * LIMIT)
        self.assertLessEqual(statuses.count(200), LIMIT)
        self.assertGreater(statuses.count(200), LIMIT - CLIENTS)

    def get_statuses_of_a_minute(self, get_key, times):
        """Return the statuses of calls of eight clients at once, all of them made within a minute of the limits'.

        :param get_key: function that returns the key of the next call
        :param int times: calls of each client, one after the other
        """
        some = lambda: [self.call("GET", "/shops", get_key()).status_code for _call in range(times)]  # noqa: E731
        for _try in range(TRIES):
            seconds = time.time() % 60
            time.sleep(60 - seconds if seconds > 30 else 0)
            minute = time.time() // 60
            statuses = [status for each in at_once([some] * CLIENTS) for status in each]
            if time.time() // 60 == minute:
                return statuses
        raise AssertionError("this machine is too slow: its calls take more than a minute")

    def test_strangers_at_once(self):
        """Forty calls without a key at once: all are refused, and counted in one row of the trail a minute.

        Those that were in each other's way again and again are refused uncounted; of each eight at once one is counted.
        """
        statuses = self.get_statuses_of_a_minute(lambda: "none", 5)
        self.assertLessEqual(set(statuses), {401, 429})
        with transaction(self.database) as env:
            rows = env["service.api.call"].search([("key_ref", "=", 0), ("budget", "=", "127.0.0.1")])
            self.assertEqual(len(set(rows.mapped("began_at"))), len(rows))
            self.assertGreater(rows[0].calls, 1)

    def test_example_client(self):
        """The example in docs/ places an order, moves it, and follows it until the staff say that it is ready."""
        command = [sys.executable, str(EXAMPLE), self.url, self.keys[2]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
            said = [client.stdout.readline() for _line in range(3)]
            self.assertIn("scheduled for", said[1], said)
            orders = self.call("GET", f"/orders/shop/{self.point}?status=pending", self.staff).json()["items"]
            path = f"/orders/{next(order['id'] for order in orders if order['reschedule_count'])}"
            for status in ("confirmed", "preparing", "ready"):
                self.assertEqual(self.call("PATCH", path, self.staff, {"status": status}).status_code, 200)
            rest, wrong = client.communicate(timeout=PATIENCE)
        self.assertEqual(client.returncode, 0, wrong)
        self.assertTrue(rest.rstrip().endswith("ready"), rest)
