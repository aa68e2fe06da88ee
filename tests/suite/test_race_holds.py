"""Races around holds that have ended: whoever takes their time ends them, and nobody waits for anybody crosswise."""

import threading
from datetime import timedelta
from unittest.mock import patch

from suite_race import PATIENCE, Booker, RaceCase, finish, is_waiting, race, transaction, wait_until

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.models.service_reservation import ServiceReservation

CLIENTS = 8


@tagged("post_install", "-at_install", "standard")
class TestRaceHolds(RaceCase):
    """A person's hours, held by customers who went away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction() as env:
            cls.person = cls.make_resource(env, "Race holder", resource_type="user")
            cls.hour = cls.make_offer(env, "Race held hour", [cls.person], duration_minutes=60, allow_windows=False)

    def setUp(self):
        super().setUp()
        # who loses against a change that came after his snapshot leaves a "bad query" in the log
        self.enterContext(mute_logger("odoo.sql_db"))

    def holding(self, choice, holder, **options):
        """Return the act of holding; its value is the reservation's id."""

        def act(env):
            offer = env["service.offer"].browse(self.hour)
            return env["service.reservation"]._hold(offer, choice, holder=f"partner:{holder}", **options).id

        return act

    def leave_hold(self, choice, holder):
        """Commit a hold that ended an hour ago; return its id."""
        past = timing.utc_now() - timedelta(hours=1)
        with transaction() as env:
            return self.holding(choice, holder, minutes=1, now=past)(env)

    def test_crosswise_through_a_hold_that_ended(self):
        """He whose hold ended takes another time, while another one takes his: neither is a deadlock's victim."""
        self.leave_hold(self.time_choice("10:00"), 1)
        at_the_lock, go_on = threading.Event(), threading.Event()
        lock_time = ServiceReservation._lock_time

        def lock(reservation, *args):
            if threading.current_thread() is mover and not at_the_lock.is_set():
                at_the_lock.set()
                go_on.wait(PATIENCE)
            return lock_time(reservation, *args)

        with patch.object(ServiceReservation, "_lock_time", lock):
            start = threading.Barrier(2)
            mover = Booker(self.holding(self.time_choice("10:00", days=1), 1), start)
            start.wait(PATIENCE)
            at_the_lock.wait(PATIENCE)
            other = Booker(self.holding(self.time_choice("10:00"), 2))
            wait_until(lambda: not other.is_alive() or (other.pid and is_waiting(other.pid)), "the other one")
            go_on.set()
            finish([mover, other])
        self.assert_race([mover, other], 2)

    def test_everybody_takes_the_next_ones_time(self):
        """Eight whose holds have ended each take the time that the next one held: all get it."""
        choices = [self.time_choice(f"{9 + number}:00".zfill(5), days=number % 2) for number in range(CLIENTS)]
        for round_ in range(3):
            with self.subTest(round=round_):
                for number, choice in enumerate(choices):
                    self.leave_hold(choice, number)
                acts = [self.holding(choices[(number + 1) % CLIENTS], number) for number in range(CLIENTS)]
                self.assert_race(race(acts), CLIENTS)
                self._forget_reservations()

    def test_one_hold_that_ended_for_eight(self):
        """Eight want the hour whose hold has ended: one gets it, and the hold has ended once."""
        held = self.leave_hold(self.time_choice("10:00"), 99)
        self.assert_race(race([self.holding(self.time_choice("10:00"), number) for number in range(CLIENTS)]), 1)
        with transaction() as env:
            changes = env["service.reservation"].browse(held).change_ids.sorted("id").mapped("kind")
        self.assertEqual(changes, ["held", "expired"])
