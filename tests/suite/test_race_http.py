"""Races through the door that customers use: a real server with two processes and eight browsers at once."""

import threading
import uuid
from datetime import timedelta

from suite_portal import Client, create_users
from suite_server import PATIENCE, ServedCase, transaction

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.service_schedule import timing

CLIENTS = 8
POOL = 3
ZONE = "America/New_York"


def send_at_once(clients):
    """Let all clients send their forms at the same moment."""
    start = threading.Barrier(len(clients))
    threads = [threading.Thread(target=client.order, args=(start,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if not all(client.answer is not None for client in clients):
        raise AssertionError("a client got no answer")


@tagged("post_install", "-at_install", "standard")
class TestRaceHttp(ServedCase):
    """Eight customers order the same time at once; one server, one database of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            cls._create_shop(env)
            logins = [f"race{number}@example.com" for number in range(CLIENTS)]
            create_users(env, [{"login": login} for login in logins])
        cls.url = f"http://127.0.0.1:{cls.start_server().port}"
        cls.clients = [Client(cls.url, login) for login in logins]

    @classmethod
    def _create_shop(cls, env):
        """Make a shop that is open every day, with a counter of three places and one person."""
        point = env["service.point"].create({"name": "Race shop", "tz": ZONE})
        point.calendar_id.attendance_ids = [
            Command.create(
                {"name": "Sunday", "dayofweek": "6", "hour_from": 8, "hour_to": 20, "day_period": "full_day"}
            )
        ]
        point.counter_id.lane_count = POOL
        person = env["resource.resource"].create(
            {"name": "Race person", "resource_type": "user", "calendar_id": False, "tz": ZONE}
        )
        cls.fill = env["service.offer"].create({"name": "Race fill", "point_id": point.id}).id
        hour = {"name": "Race hour", "point_id": point.id, "resource_ids": person.ids, "duration_minutes": 60}
        cls.hour = env["service.offer"].create({**hour, "allow_windows": False}).id
        cls.fill_product, cls.hour_product = (
            env["product.product"].create({"name": f"Race {name}", "type": "service", "service_offer_ids": [offer]}).id
            for name, offer in (("fill", cls.fill), ("hour", cls.hour))
        )
        cls.day = point._get_today() + timedelta(days=9)
        cls.point, cls.windows = point.id, point.window_ids.ids

    def choice_of_window(self, index=0, days=0):
        """Return the choice of a window."""
        return f"window:{self.windows[index]}:{self.day + timedelta(days=days)}"

    def choice_of_hour(self, hour):
        """Return the choice of a free hour of the person, by its wall clock."""
        with transaction(self.database) as env:
            slots = env["service.offer"].browse(self.hour).get_picker_days(self.day, self.day)[str(self.day)]
        return next(slot["choice"] for slot in slots if f"T{hour:02d}:00:00" in slot["choice"])

    def count(self, offer_id, choice):
        """Return `(orders, claims)` on a time."""
        with transaction(self.database) as env:
            start, _window = env["service.offer"].browse(offer_id).parse_choice(choice)
            claims = env["service.reservation"].search(
                [
                    ("offer_id", "=", offer_id),
                    ("start", "=", timing.to_field(start)),
                    ("state", "in", ("held", "confirmed")),
                ]
            )
            return len(claims.order_ids), len(claims)

    def count_orders(self):
        """Return how many orders there are, with a time or without."""
        with transaction(self.database) as env:
            return env["sale.order"].search_count([])

    def assert_one_won(self, clients, lost):
        """Check that one was sent to his order, and that the others read what happened and see other times."""
        statuses = sorted(client.answer.status_code for client in clients)
        losers = [client for client in clients if client.answer.status_code != 303]
        self.assertEqual(len(losers), len(clients) - 1, (statuses, losers[0].text if losers else ""))
        for client in losers:
            self.assertIn(client.answer.status_code, (409, 422))
            said = "has just been taken" in client.text if client.answer.status_code == 409 else "Full" in client.text
            self.assertTrue(said, client.text)
            self.assertTrue(client.choices, client.text)
            self.assertNotIn(lost, client.choices)

    def test_last_place_of_a_window(self):
        """Eight on the last place of a window: one order, and seven pages with other times."""
        choice = self.choice_of_window()
        with transaction(self.database) as env:
            for _place in range(POOL - 1):
                env["service.reservation"]._book(env["service.offer"].browse(self.fill), choice)
        before = self.count_orders()
        clients = [client.fill_in(self.point, self.fill_product, choice) for client in self.clients]
        send_at_once(clients)
        self.assert_one_won(clients, choice)
        self.assertEqual(self.count(self.fill, choice), (1, POOL))
        self.assertEqual(self.count_orders(), before + 1)

    def test_one_hour_of_a_person(self):
        """Eight on one hour of a person: one order, and seven pages with other times."""
        choice = self.choice_of_hour(10)
        before = self.count_orders()
        clients = [client.fill_in(self.point, self.hour_product, choice) for client in self.clients]
        send_at_once(clients)
        self.assert_one_won(clients, choice)
        self.assertEqual(self.count(self.hour, choice), (1, 1))
        self.assertEqual(self.count_orders(), before + 1)

    def test_three_places_for_eight(self):
        """Eight on a window with three places: three orders, none lost."""
        choice = self.choice_of_window(1)
        clients = [client.fill_in(self.point, self.fill_product, choice) for client in self.clients]
        send_at_once(clients)
        statuses = [client.answer.status_code for client in clients]
        self.assertEqual(statuses.count(303), POOL, statuses)
        self.assertEqual(self.count(self.fill, choice), (POOL, POOL))

    def test_same_form_sent_twice_at_once(self):
        """One form, sent by two windows of one customer at the same moment: one order, and both are led to it."""
        choice = self.choice_of_window(2)
        key = str(uuid.uuid4())
        twins = [self.clients[0], Client(self.url, "race0@example.com")]
        for client in twins:
            client.fill_in(self.point, self.fill_product, choice, submission_key=key)
        before = self.count_orders()
        send_at_once(twins)
        self.assertEqual([client.answer.status_code for client in twins], [303, 303])
        places = {client.answer.headers["Location"].partition("?")[0] for client in twins}
        self.assertEqual(len(places), 1)
        self.assertEqual(self.count(self.fill, choice), (1, 1))
        self.assertEqual(self.count_orders(), before + 1)
