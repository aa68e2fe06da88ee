"""A small storm: customers hold and pay on a real server while workers die and holds run out.

The large one, with a crashing PostgreSQL, is `python3 -m dev bench tests/bench/race`.
"""

import threading
from functools import partial

from race import chaos, contest, world
from race.doors import LOST, WON, HoldDoor
from suite_server import ServedCase, transaction

from odoo.tests import tagged

CLIENTS = 8
TRIES = 5
MOST_TRIES = 500
KILLED = 3


class _Killer:
    """Kills a worker whenever another part of the tries is through: a slow machine is not killed more often."""

    def __init__(self, server, clients):
        self.server, self.clients = server, clients
        self.lock = threading.Lock()

    def tick(self):
        """Kill when it is time."""
        through = sum(len(client.outcomes) for client in self.clients)
        with self.lock:
            if self.server.killed < KILLED and through >= CLIENTS * TRIES * (self.server.killed + 1) // (KILLED + 2):
                self.server.kill_worker()


@tagged("post_install", "-at_install", "standard")
class TestRaceStorm(ServedCase):
    """Eight customers want 20 times with 44 places and pay for them; nothing is sold twice and nothing is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.environment = staticmethod(partial(transaction, cls.database))
        with cls.environment() as env:
            cls.provider = chaos.prepare_provider(env)
            cls.logins = world.create_customers(env, CLIENTS)
            cls.office = chaos.Office(env)
            cls.shop = world.create_shop(env, "Storm", 0.1, payment="full")
        cls.server = cls.start_server()
        cls.clients = contest.log_in(cls.server, cls.logins)
        cls.office.open(cls.server)

    def is_over(self, clock):
        """Return whether every client has tried often enough, and all kinds of accidents have happened meanwhile."""
        tries = min(len(client.outcomes) for client in self.clients)
        return tries >= TRIES and self.server.killed >= KILLED and clock.moved > 0

    def test_storm(self):
        """Workers are killed, holds run out while their money is on its way: the books stay right."""
        storm = chaos.Storm(self.environment, self.shop, self.provider, self.office, slowness=0.3)
        clock = chaos.Clock(self.environment, self.shop)
        accidents = [
            chaos.every(0.2, _Killer(self.server, self.clients).tick),
            chaos.every(0.5, clock.tick),
            chaos.every(1.5, self.office.run_crons),
        ]
        storm.rage(self.clients, HoldDoor(), accidents, lambda: self.is_over(clock), tries=MOST_TRIES)
        storm.settle()
        figures, faults = storm.judge()
        self.assertEqual(faults, [])
        self.assertGreaterEqual(figures["tries"], CLIENTS * TRIES)
        self.assertEqual(figures["refused"], 0, [client.refused for client in self.clients])
        self.assertEqual(figures["doubles"], 0)
        self.assertEqual(self.server.killed, KILLED)
        self.assertGreater(clock.moved, 0)
        self.assertGreater(figures["won"], 0)
        kinds = {outcome.kind for outcome in contest.outcomes_of(self.clients)}
        self.assertLessEqual(kinds, {WON, LOST})
