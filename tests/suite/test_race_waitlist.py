"""Races around the waitlist between real transactions: the first in line gets what is freed, nobody gets it twice."""

from datetime import timedelta

from suite_race import Booker, RaceCase, finish, is_waiting, race, transaction, wait_until

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.service_schedule.exceptions import NotBookable

WAITERS = 4


@tagged("post_install", "-at_install", "standard")
class TestRaceWaitlist(RaceCase):
    """A pool of four places a window and two people by the hour, all taken, with customers in line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction() as env:
            pool = cls.make_resource(env, "Race waiting pool", lane_count=WAITERS)
            people = [cls.make_resource(env, f"Race waiting person {number}") for number in (1, 2)]
            cls.fill = cls.make_offer(env, "Race waiting fill", [pool], allow_times=False)
            cls.hour = cls.make_offer(
                env, "Race waiting hour", people, duration_minutes=60, step_minutes=60, allow_windows=False
            )
            cls.person_ids = people
            cls.partner_ids = env["res.partner"].create([{"name": f"Waiter {n}"} for n in range(WAITERS * 2)]).ids
            cls.addClassCleanup(cls._forget_partners)

    @classmethod
    def _forget_partners(cls):
        with transaction() as env:
            env.cr.execute("DELETE FROM service_waitlist_entry WHERE partner_id = ANY(%s)", [cls.partner_ids])
            env.cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [cls.partner_ids])

    def setUp(self):
        super().setUp()
        # who loses at the constraint, or finds a row changed, leaves a "bad query" in the log
        self.enterContext(mute_logger("odoo.sql_db"))
        self.addCleanup(self._forget_line)

    def _forget_line(self):
        """Start the next test with nobody in line."""
        with transaction() as env:
            env.cr.execute("DELETE FROM service_waitlist_entry WHERE point_id = %s", [self.point_id])

    # -- Acts -----------------------------------------------------------------------------------

    def fill_window(self):
        """Take all places of the first window; return the reservations' ids."""
        return [self.book(self.fill, self.window_choice()) for _place in range(WAITERS)]

    def join(self, count, offer_id=None):
        """Let the first `count` customers wait for the day, in their order; return the entries' ids."""
        ids = []
        for partner_id in self.partner_ids[:count]:
            with transaction() as env:
                offer = env["service.offer"].browse(offer_id or self.fill)
                window = env["service.window"] if offer_id else env["service.window"].browse(self.window_ids[0])
                partner = env["res.partner"].browse(partner_id)
                ids.append(env["service.waitlist.entry"]._join(offer, self.day, partner, window=window).id)
        return ids

    def confirming(self, entry_id):
        """Return the act of taking what is offered."""
        return lambda env: env["service.waitlist.entry"].browse(entry_id).reservation_id._confirm()

    def leaving(self, entry_id):
        """Return the act of leaving the waitlist."""
        return lambda env: env["service.waitlist.entry"].browse(entry_id)._leave()

    def expiring(self, entry_id):
        """Return the act of the cron on an offered hold that is over."""
        return lambda env: env["service.waitlist.entry"].browse(entry_id).reservation_id._try_expire()

    def offering(self, entry_id):
        """Return the act of the cron on one who waits."""
        return lambda env: env["service.waitlist.entry"].browse(entry_id)._try_offer_any({})

    def end_offer(self, entry_id):
        """Let the hold that is offered be over."""
        with transaction() as env:
            hold = env["service.waitlist.entry"].browse(entry_id).reservation_id
            hold.expires_at = fields.Datetime.now() - timedelta(seconds=1)

    # -- What must hold -------------------------------------------------------------------------

    def read_states(self, entry_ids):
        """Return the states of entries."""
        with transaction() as env:
            return env["service.waitlist.entry"].browse(entry_ids).mapped("state")

    def assert_line(self, entry_ids, offered):
        """Check that just the first `offered` in line were offered something, each a time of its own, still held."""
        self.assertEqual(self.read_states(entry_ids), ["offered"] * offered + ["waiting"] * (len(entry_ids) - offered))
        with transaction() as env:
            holds = env["service.waitlist.entry"].browse(entry_ids[:offered]).reservation_id
            self.assertEqual((len(holds), set(holds.mapped("state"))), (offered, {"held"}))
        self.assert_none_double()

    def assert_no_error(self, bookers):
        """Check that all were carried out: no deadlock, no failure of serialization that would reach a client."""
        for booker in bookers:
            if booker.error:
                raise booker.error

    # -- The cases ------------------------------------------------------------------------------

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
        self.assert_line(entries, 6)

    def _make_short_hours(self, env):
        """Return a calendar that is open from 10 to 13."""
        calendar = env["resource.calendar"].create({"name": "Race: short", "tz": self.zone_name})
        calendar.attendance_ids = [(5, 0, 0)] + [
            (0, 0, {"name": "open", "dayofweek": str(day), "hour_from": 10, "hour_to": 13, "day_period": "full_day"})
            for day in range(7)
        ]
        self.made["calendars"].append(calendar.id)
        return calendar

    def _open_always(self):
        with transaction() as env:
            env["service.point"].browse(self.point_id).calendar_id = self.made["calendars"][0]

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
