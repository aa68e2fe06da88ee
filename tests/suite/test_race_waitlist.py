"""Races around the waitlist between real transactions: the first in line gets what is freed, nobody gets it twice."""

from suite_race import Booker, finish, is_waiting, race, transaction, wait_until
from suite_waitlist import WAITERS, WaitRaceCase

from odoo.tests import tagged

from odoo.addons.service_schedule.exceptions import NotBookable


@tagged("post_install", "-at_install", "standard")
class TestRaceWaitlist(WaitRaceCase):
    """Places and hours change hands while customers wait for them."""

    def test_two_cancel_at_once(self):
        """Two give up their places at once and two wait: each of the two gets one."""
        reservations = self.fill_window()
        entries = self.join(3)
        self.assert_no_error(race([self.cancelling(reservation) for reservation in reservations[:2]]))
        self.assert_line(entries, 2)
        self.assertEqual(len(self.read_claims()), WAITERS)

    def test_all_cancel_at_once(self):
        """All places are given up at once: each in line gets one, in the order of the line; none is lost."""
        reservations = self.fill_window()
        entries = self.join(WAITERS - 1)
        self.assert_no_error(race([self.cancelling(reservation) for reservation in reservations]))
        self.assert_line(entries, WAITERS - 1)
        self.assertEqual(len(self.read_claims()), WAITERS - 1)
        self.book(self.fill, self.window_choice())

    def test_stranger_while_the_cancel_commits(self):
        """A stranger who wants the place while it is being given up waits, and is told that it is taken."""
        reservations = self.fill_window()
        entries = self.join(2)
        with transaction() as env:
            self.cancelling(reservations[0])(env)
            env.flush_all()
            # he waits at the lock of the day; whatever he reads then, the place is not his
            stranger = Booker(self.booking(self.fill, self.window_choice()))
            wait_until(lambda: (stranger.pid and is_waiting(stranger.pid)) or not stranger.is_alive(), "the stranger")
        finish([stranger])
        self.assertIsInstance(stranger.error, NotBookable)
        self.assert_line(entries, 1)

    def test_strangers_and_cancels(self):
        """Places are given up while strangers ask for them: the line gets them all, the strangers none."""
        reservations = self.fill_window()
        entries = self.join(WAITERS)
        acts = [self.cancelling(reservation) for reservation in reservations]
        bookers = race(acts + [self.booking(self.fill, self.window_choice())] * WAITERS)
        self.assert_no_error(bookers[:WAITERS])
        for booker in bookers[WAITERS:]:
            self.assertIsInstance(booker.error, NotBookable)
        self.assert_line(entries, WAITERS)

    def test_taken_while_it_expires(self):
        """Who takes his offer as it ends has it, or the next has: never both, never neither."""
        for attempt in range(5):
            with self.subTest(attempt=attempt):
                self._forget_line()
                self._forget_reservations()
                reservations = self.fill_window()
                first, second = self.join(2)
                with transaction() as env:
                    self.cancelling(reservations[0])(env)
                self.end_offer(first)
                taker, _cron = race([self.confirming(first), self.expiring(first)])
                self.assertIn(self.read_states([first, second]), (["taken", "waiting"], ["missed", "offered"]))
                self.assertEqual(taker.won, self.read_states([first]) == ["taken"])
                self.assertEqual(len(self.read_claims()), WAITERS)
                self.assert_none_double()

    def test_leaves_while_it_is_offered(self):
        """Who leaves while he is being offered a time passes it on: it is the next one's, or is offered to him."""
        for attempt in range(5):
            with self.subTest(attempt=attempt):
                self._forget_line()
                self._forget_reservations()
                reservations = self.fill_window()
                first, second = self.join(2)
                self.assert_no_error(race([self.leaving(first), self.cancelling(reservations[0])]))
                self._ask_again()  # when he was just leaving the place was kept
                self.assertEqual(self.read_states([first, second]), ["left", "offered"])
                self.assertEqual(len(self.read_claims()), WAITERS)

    def test_cron_and_cancel(self):
        """The cron goes through the line while a place is given up: the first in line gets one, not two."""
        reservations = self.fill_window()
        entries = self.join(2)
        bookers = race([self.cancelling(reservations[0]), *[self.offering(entry) for entry in entries]])
        self.assert_no_error(bookers)
        self.assert_line(entries, 1)
        self.assertEqual(len(self.read_claims()), WAITERS)

    def test_stale_hold_is_awaited(self):
        """Eight strangers want a hold that has just ended and for which somebody waits: none of them gets it."""
        reservations = self.fill_window()
        first, second = self.join(2)
        with transaction() as env:
            self.cancelling(reservations[0])(env)
        self.end_offer(first)
        bookers = race([self.booking(self.fill, self.window_choice())] * 8 + [self.expiring(first)])
        for booker in bookers[:8]:
            self.assertIsInstance(booker.error, NotBookable)
        self.assertEqual(self.read_states([first, second]), ["missed", "offered"])

    def test_many_days_crosswise(self):
        """Two give up the hours of two people in opposite order while six wait: nobody waits for the other for ever."""
        hours = [self.time_choice(f"{hour:02}:00") for hour in range(24)]
        booked = [[self.book(self.hour, hour, resources=None) for hour in hours[10:13]] for _person in self.person_ids]
        with transaction() as env:
            env["service.offer"].browse(self.hour).point_id.calendar_id = self._make_short_hours(env)
        self.addCleanup(self._open_always)
        entries = self.join(6, self.hour)
        acts = [
            lambda env: env["service.reservation"].browse(booked[0])._cancel(),
            lambda env: env["service.reservation"].browse(booked[1][::-1])._cancel(),
        ]
        self.assert_no_error(race(acts))
        self._ask_again()  # what one kept for the line while the other dealt with its first
        self.assert_line(entries, 6)

    def test_joining_twice_at_once(self):
        """One customer presses the button twice: he is in line once."""
        self.fill_window()
        partner_id, day, window_id = self.partner_ids[0], self.day, self.window_ids[0]

        def joining(env):
            offer, window = env["service.offer"].browse(self.fill), env["service.window"].browse(window_id)
            partner = env["res.partner"].browse(partner_id)
            return env["service.waitlist.entry"]._join(offer, day, partner, window=window).id

        for booker in race([joining] * 4):
            self.assertIsInstance(booker.error, NotBookable | None)
        with transaction() as env:
            self.assertEqual(env["service.waitlist.entry"].search_count([("partner_id", "=", partner_id)]), 1)
