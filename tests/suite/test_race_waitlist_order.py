"""Races around the order of the line: the first is never passed over because of what may be taken back."""

import contextlib

from suite_race import Booker, finish, is_waiting, race, transaction, wait_until
from suite_waitlist import WaitRaceCase

from odoo.tests import tagged

from odoo.addons.service_schedule.exceptions import NotBookable


class _TakenBack(Exception):
    """A transaction that fails at its end."""


@tagged("post_install", "-at_install", "standard")
class TestRaceWaitlistOrder(WaitRaceCase):
    """Two wait for an hour that two people have, and several transactions deal with it at once."""

    def _fill_one_hour(self):
        """Open one hour, both people are taken, two wait; return ``(reservation ids, entry ids)``."""
        hour = self.time_choice("10:00")
        booked = [self.book(self.hour, hour, resources=None) for _person in self.person_ids]
        with transaction() as env:
            calendar = self._make_short_hours(env)
            calendar.attendance_ids.hour_to = 11
            env["service.offer"].browse(self.hour).point_id.calendar_id = calendar
        self.addCleanup(self._open_always)
        return booked, self.join(2, self.hour)

    def _cancel_both(self, booked, is_lost):
        """Cancel two hours of two people; the first transaction ends last, and in vain if ``is_lost``."""
        with contextlib.suppress(_TakenBack), transaction() as env:
            self.cancelling(booked[0])(env)
            env.flush_all()  # the first in line is offered this hour, as long as this transaction lives
            [other] = finish([Booker(self.cancelling(booked[1]))])
            self.assert_no_error([other])
            if is_lost:
                raise _TakenBack

    def test_offer_to_the_first_is_taken_back(self):
        """While one transaction offers the first in line a time another frees a second one; the former fails.

        The second in line was offered nothing before the first, and no stranger gets the hour meanwhile.
        """
        booked, entries = self._fill_one_hour()
        self._cancel_both(booked, is_lost=True)
        self.assertEqual(self.read_states(entries), ["waiting", "waiting"])
        [stranger] = race([self.booking(self.hour, self.time_choice("10:00"), resources=None)])
        self.assertIsInstance(stranger.error, NotBookable)
        self._ask_again()
        self.assert_line(entries, 1)

    def test_offer_to_the_first_is_kept(self):
        """The same, and the former succeeds: the first has its time, and the second in line the other, by the cron."""
        booked, entries = self._fill_one_hour()
        self._cancel_both(booked, is_lost=False)
        self.assertEqual(self.read_states(entries), ["offered", "waiting"])
        self._ask_again()
        self.assert_line(entries, 2)

    def test_nobody_else_waits(self):
        """What was kept for the one in line is free for all as soon as he has another time."""
        booked, entries = self._fill_one_hour()
        with transaction() as env:
            env["service.waitlist.entry"].browse(entries[1])._leave()
        self._cancel_both(booked, is_lost=False)
        self.assert_line(entries[:1], 1)
        [stranger] = race([self.booking(self.hour, self.time_choice("10:00"), resources=None)])
        self.assert_no_error([stranger])
        self.assert_none_double()

    def test_cron_while_the_first_is_dealt_with(self):
        """The cron offers nothing to those behind one whom another transaction holds, and asks him in the next run."""
        _booked, entries = self._fill_one_hour()
        with transaction() as env:
            env["service.offer"].browse(self.hour).resource_ids = [
                (4, self.make_resource(env, "Race waiting third person"))
            ]
        self.addCleanup(self._dismiss_third)
        with transaction(commit=False) as env:
            env["service.waitlist.entry"].browse(entries[0]).lock_for_update()
            self._offer_free(entries)
            self.assertEqual(self.read_states(entries), ["waiting", "waiting"])
        self._offer_free(entries)
        self.assert_line(entries, 1)

    def _offer_free(self, entries):
        """Walk the line once as the cron does."""
        with transaction() as env:
            found, busy = {}, set()
            for entry in env["service.waitlist.entry"].browse(entries):
                entry._offer_next(found, busy)

    def _dismiss_third(self):
        with transaction() as env:
            env["service.offer"].browse(self.hour).resource_ids = [(6, 0, self.person_ids)]

    def test_expiring_while_the_first_is_dealt_with(self):
        """An offer that ends does not go past one whom another transaction holds; his turn is the next run's."""
        booked, entries = self._fill_one_hour()
        with transaction() as env:
            self.cancelling(booked[0])(env)
        self.end_offer(entries[0])
        with transaction() as env:
            partner = env["res.partner"].browse(self.partner_ids[2])
            entries.append(
                env["service.waitlist.entry"]._join(env["service.offer"].browse(self.hour), self.day, partner).id
            )
        with transaction(commit=False) as env:
            env["service.waitlist.entry"].browse(entries[1]).lock_for_update()
            self._ask_again()
            self.assertEqual(self.read_states(entries), ["offered", "waiting", "waiting"])
        self._ask_again()
        self.assertEqual(self.read_states(entries), ["missed", "offered", "waiting"])

    def test_first_to_press_is_first_in_line(self):
        """Who joins while another's joining is not yet through waits for it, and stands behind him."""
        self.fill_window()

        def joining(index):
            def act(env):
                offer, window = env["service.offer"].browse(self.fill), env["service.window"].browse(self.window_ids[0])
                partner = env["res.partner"].browse(self.partner_ids[index])
                return env["service.waitlist.entry"]._join(offer, self.day, partner, window=window).id

            return act

        with transaction() as env:
            first = joining(0)(env)
            env.flush_all()
            second = Booker(joining(1))
            wait_until(lambda: (second.pid and is_waiting(second.pid)) or not second.is_alive(), "the second")
            self.assertTrue(second.is_alive(), "the second was in line before the first")
        finish([second])
        self.assertLess(first, second.value)
