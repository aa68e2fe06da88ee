"""Races for the same time between real transactions: who comes second reads it in words, and nothing is double."""

import contextlib

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import ExclusionViolation
from suite_race import Booker, RaceCase, finish, is_waiting, race, transaction, wait_until

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.service_schedule.exceptions import NotBookable, TimeTaken

TAKEN = "That time has just been taken."
CLIENTS = 8
POOL = 3


@tagged("post_install", "-at_install", "standard")
class TestRaceTransactions(RaceCase):
    """The database judges; these tests give it the cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction() as env:
            pool = cls.make_resource(env, "Race pool", lane_count=POOL)
            wide_pool = cls.make_resource(env, "Race wide pool", lane_count=10)
            cls.person = cls.make_resource(env, "Race person", resource_type="user")
            bays = [cls.make_resource(env, f"Race bay {number}") for number in (1, 2)]
            cls.fill = cls.make_offer(env, "Race fill", [pool])
            cls.wide_fill = cls.make_offer(env, "Race wide fill", [wide_pool])
            cls.hour = cls.make_offer(env, "Race hour", [cls.person], duration_minutes=60, allow_windows=False)
            long = {"duration_minutes": 3 * 1440, "step_minutes": 60, "allow_windows": False}
            cls.long = cls.make_offer(env, "Race long", bays, **long)
            cls.long_reversed = cls.make_offer(
                env, "Race long reversed", bays[::-1], buffer_before_minutes=1440, **long
            )

    def setUp(self):
        super().setUp()
        # who loses at the constraint leaves a "bad query" in the log
        self.enterContext(mute_logger("odoo.sql_db"))

    def take_all_but(self, places):
        """Book the pool's window until `places` are left."""
        for _place in range(POOL - places):
            self.book(self.fill, self.window_choice())

    def assert_told(self, booker, lost):
        """Check that the loser reads that the time is gone and at least two others, not the `lost` one."""
        self.assertIsInstance(booker.error, TimeTaken)
        heading, still_free, *others = str(booker.error).splitlines()
        self.assertEqual(heading, TAKEN)
        self.assertEqual(still_free, "Still free:")
        self.assertGreaterEqual(len(others), 2)
        for other in others:
            self.assertNotIn(lost, other)

    # -- Two, step by step ----------------------------------------------------------------------

    def test_second_waits_and_is_told(self):
        """Two on the last place of a window: the second waits while the first is open, then is told no."""
        self.take_all_but(1)
        with transaction() as env:
            self.booking(self.fill, self.window_choice())(env)
            second = Booker(self.booking(self.fill, self.window_choice()))
            wait_until(lambda: second.pid and is_waiting(second.pid), "the second to wait for the first")
            self.assertTrue(second.is_alive())
        finish([second])
        self.assert_race([second], 0)
        with transaction() as env:
            label = env["service.reservation"]._format_label(
                env["service.point"].browse(self.point_id)._get_zone(),
                env["service.offer"].browse(self.fill).parse_choice(self.window_choice())[0],
                env["service.window"].browse(self.window_ids[0]),
            )
        self.assert_told(second, label)
        self.assertEqual(len(self.read_claims()), POOL)

    def test_second_on_a_person_is_offered_no_part_of_the_lost_hour(self):
        """The times that the loser reads do not overlap the hour that was just taken: they can be booked."""
        with transaction() as env:
            self.booking(self.hour, self.time_choice("10:00"))(env)
            second = Booker(self.booking(self.hour, self.time_choice("10:00")))
            wait_until(lambda: second.pid and is_waiting(second.pid), "the second to wait for the first")
        finish([second])
        self.assert_told(second, "10:00")
        told = str(second.error)
        for clock in ("9:15", "9:30", "9:45", "10:15", "10:30", "10:45"):
            self.assertNotIn(f" {clock}", told)
        self.assertIn(" 9:00", told)
        self.assertIn("11:00", told)

    def test_second_wins_when_the_first_gives_up(self):
        """Who waited has the time when the first rolls back."""
        self.take_all_but(1)
        with contextlib.suppress(ZeroDivisionError), transaction() as env:
            self.booking(self.fill, self.window_choice())(env)
            second = Booker(self.booking(self.fill, self.window_choice()))
            wait_until(lambda: second.pid and is_waiting(second.pid), "the second to wait for the first")
            raise ZeroDivisionError
        self.assert_race(finish([second]), 1)

    def test_late_comer_reads_that_it_is_full(self):
        """Who begins to read when the time is gone is told by the rules, without a race."""
        self.take_all_but(0)
        with transaction() as env, self.assertRaises(NotBookable) as caught:
            self.booking(self.fill, self.window_choice())(env)
        self.assertNotIsInstance(caught.exception, TimeTaken)
        self.assertIn("Full: no place is left", str(caught.exception))

    # -- Eight at once --------------------------------------------------------------------------

    def test_eight_on_the_last_place_of_a_window(self):
        """One of eight wins; seven are told."""
        self.take_all_but(1)
        bookers = race([self.booking(self.fill, self.window_choice())] * CLIENTS)
        self.assert_race(bookers, 1)
        for booker in bookers:
            if not booker.won:
                self.assert_told(booker, "nothing")
        self.assertEqual(len(self.read_claims()), POOL)

    def test_eight_on_one_hour_of_a_person(self):
        """One of eight wins; also when the others ask for hours that only overlap it."""
        clocks = ["10:00"] * 4 + ["9:15", "9:30", "10:15", "10:45"]
        bookers = race([self.booking(self.hour, self.time_choice(clock.zfill(5))) for clock in ["10:00"] * CLIENTS])
        self.assert_race(bookers, 1)
        self.assertEqual({type(booker.error) for booker in bookers if not booker.won}, {TimeTaken})
        self._forget_reservations()
        bookers = race([self.booking(self.hour, self.time_choice(clock.zfill(5))) for clock in clocks])
        self.assertIn(sum(booker.won for booker in bookers), (1, 2))
        self.assert_none_double()

    def test_no_place_is_lost(self):
        """Three places and eight bookers: three win, though all read that all places are free."""
        bookers = race([self.booking(self.fill, self.window_choice())] * CLIENTS)
        self.assert_race(bookers, POOL)
        self.assertEqual(sorted(claim[2] for claim in self.read_claims()), list(range(POOL)))

    def test_no_place_is_lost_to_wide_orders(self):
        """Ten places and eight orders of two: five win and fill all ten."""
        bookers = race([self.booking(self.wide_fill, self.window_choice(), lanes=2)] * CLIENTS)
        self.assert_race(bookers, 5)
        self.assertEqual(sum(claim[3] for claim in self.read_claims()), 10)

    def test_eight_days_do_not_wait_for_each_other(self):
        """Bookers of different days all win."""
        acts = [self.booking(self.hour, self.time_choice("10:00", days=3 * day)) for day in range(CLIENTS)]
        self.assert_race(race(acts), CLIENTS)

    # -- Crosswise ------------------------------------------------------------------------------

    def test_crosswise_reschedules(self):
        """A moves to where B is while B moves to where A is: none is lost, none waits forever."""
        morning = self.book(self.hour, self.time_choice("10:00"))
        evening = self.book(self.hour, self.time_choice("17:00"))
        bookers = race(
            [
                self.moving(morning, self.time_choice("17:00")),
                self.moving(evening, self.time_choice("10:00")),
            ]
            * 4
        )
        self.assert_race(bookers, 0)
        self.assertEqual([claim[0] for claim in self.read_claims()], [morning, evening])

    def test_crosswise_reschedules_into_free_times(self):
        """Two move to the same free time while a third takes what the first leaves: one has each time."""
        first = self.book(self.hour, self.time_choice("10:00"))
        second = self.book(self.hour, self.time_choice("10:00", days=1))
        bookers = race(
            [
                self.moving(first, self.time_choice("15:00", days=1)),
                self.moving(second, self.time_choice("15:00", days=1)),
                self.booking(self.hour, self.time_choice("15:00", days=1)),
            ]
        )
        self.assert_race(bookers, 1)
        self.assertIn(len(self.read_claims()), (2, 3))

    def test_long_bookings_in_opposite_order(self):
        """Bookings of several days on two bays, starting at either end: no deadlock, no double."""
        acts = [self.booking(self.long, self.time_choice("08:00", days=day)) for day in (0, 1, 2, 3)]
        acts += [self.booking(self.long_reversed, self.time_choice("08:00", days=day)) for day in (3, 2, 1, 0)]
        bookers = race(acts)
        for booker in bookers:
            self.assertIsInstance(booker.error, NotBookable | None)
        self.assertTrue(any(booker.won for booker in bookers))
        self.assert_none_double()

    # -- One reservation, two hands -------------------------------------------------------------

    def test_reschedule_and_cancel_at_once(self):
        """Both are carried out one after the other, or the move is refused: cancelled it is in the end."""
        reservation_id = self.book(self.hour, self.time_choice("10:00"))
        moved, cancelled = race(
            [self.moving(reservation_id, self.time_choice("15:00")), self.cancelling(reservation_id)]
        )
        self.assertIsNone(cancelled.error)
        self.assertIsInstance(moved.error, NotBookable | None)
        self.assertEqual(self.read_claims(), [])
        with transaction() as env:
            reservation = env["service.reservation"].browse(reservation_id)
            self.assertEqual(reservation.state, "cancelled")
            kinds = reservation.change_ids.sorted("id").mapped("kind")
            expected = ["booked", "rescheduled", "cancelled"] if moved.won else ["booked", "cancelled"]
            self.assertEqual(kinds, expected)
            self.assertEqual(reservation.revision, len(kinds) - 1)

    def test_two_reschedules_at_once(self):
        """Both moves of one reservation stand in the history; it has one time, the last."""
        reservation_id = self.book(self.hour, self.time_choice("10:00"))
        bookers = race([self.moving(reservation_id, self.time_choice(clock)) for clock in ("13:00", "15:00")])
        self.assert_race(bookers, 2)
        with transaction() as env:
            reservation = env["service.reservation"].browse(reservation_id)
            self.assertEqual((reservation.reschedule_count, reservation.revision), (2, 2))
            self.assertEqual(reservation.change_ids.sorted("id")[-1].to_start, reservation.start)
        self.assertEqual(len(self.read_claims()), 1)

    # -- A server that dies ---------------------------------------------------------------------

    def test_killed_session_leaves_nothing_taken(self):
        """A session that is killed after its insert and before its commit has taken nothing; who waits wins."""
        with contextlib.suppress(InterfaceError, OperationalError), transaction(commit=False) as env:
            self.booking(self.hour, self.time_choice("10:00"))(env)
            env.flush_all()
            waiting = Booker(self.booking(self.hour, self.time_choice("10:00")))
            wait_until(lambda: waiting.pid and is_waiting(waiting.pid), "the second to wait for the first")
            self.kill(env.cr.connection.info.backend_pid)
            env.cr.execute("SELECT 1")
            self.fail("the session lives")
        self.assert_race(finish([waiting]), 1)
        self.assertEqual(len(self.read_claims()), 1)

    def test_killed_while_it_waits_leaves_nothing_taken(self):
        """A session that is killed inside `_book`, while it waits for its turn, has taken nothing."""
        with contextlib.suppress(ZeroDivisionError), transaction() as env:
            self.booking(self.hour, self.time_choice("10:00"))(env)
            victim = Booker(self.booking(self.hour, self.time_choice("10:00")))
            wait_until(lambda: victim.pid and is_waiting(victim.pid), "the second to wait for the first")
            self.kill(victim.pid)
            finish([victim])
            raise ZeroDivisionError
        self.assertIsInstance(victim.error, OperationalError | InterfaceError)
        self.assertEqual(self.read_claims(), [])
        self.book(self.hour, self.time_choice("10:00"))

    def kill(self, pid):
        """End the database session `pid` as a crash does."""
        with transaction() as env:
            env.cr.execute("SELECT pg_terminate_backend(%s)", [pid])

    # -- The constraint -------------------------------------------------------------------------

    def test_constraint_is_in_the_database(self):
        """Odoo installs an addon whose constraint was refused, so the database is asked itself."""
        with transaction() as env:
            env.cr.execute(
                """SELECT contype, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
                    WHERE conname = 'service_reservation_no_overlap' AND conrelid = 'service_reservation'::regclass"""
            )
            [(kind, is_valid, definition)] = env.cr.fetchall()
        self.assertEqual((kind, is_valid), ("x", True))
        self.assertEqual(
            definition,
            "EXCLUDE USING gist (int4range(resource_id, resource_id, '[]'::text) WITH =, "
            "int4range(lane, (lane + lanes)) WITH &&, tsrange(blocked_start, blocked_stop) WITH &&) "
            "WHERE (((state)::text = ANY "
            "((ARRAY['held'::character varying, 'confirmed'::character varying])::text[])))",
        )

    def test_overlapping_row_is_refused(self):
        """A row written past all our code is refused too; one that only touches, or is cancelled, is not."""
        reservation_id = self.book(self.hour, self.time_choice("10:00"))
        for minutes, state in ((0, "confirmed"), (59, "confirmed"), (-59, "held"), (15, "held")):
            with self.subTest(minutes=minutes, state=state), transaction() as env:
                with self.assertRaises(ExclusionViolation):
                    self.copy_row(env, reservation_id, minutes, state)
        for minutes, state in ((60, "confirmed"), (-60, "held"), (0, "cancelled"), (0, "done")):
            with self.subTest(minutes=minutes, state=state), transaction(commit=False) as env:
                self.copy_row(env, reservation_id, minutes, state)

    def copy_row(self, env, reservation_id, minutes, state):
        """Insert a copy of a reservation `minutes` later by SQL."""
        shifted = ["start", "stop", "blocked_start", "blocked_stop"]
        reservation = env["service.reservation"]
        kept = [
            name
            for name, field in reservation._fields.items()
            if field.store and field.column_type and name not in (*shifted, "id", "public_id", "state", "expires_at")
        ]
        env.cr.execute(
            f"""INSERT INTO service_reservation ({", ".join([*kept, *shifted])}, public_id, state, expires_at)
                SELECT {", ".join(kept)}, {", ".join(f"{name} + %(by)s * interval '1 minute'" for name in shifted)},
                       'copy', %(state)s, CASE WHEN %(state)s = 'held' THEN start END
                  FROM service_reservation WHERE id = %(id)s""",
            {"by": minutes, "state": state, "id": reservation_id},
        )
