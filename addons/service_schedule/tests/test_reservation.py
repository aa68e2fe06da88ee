from datetime import UTC, datetime, timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..exceptions import NotBookable, TimeTaken
from ..schedlib import Reason
from .common import NEXT_DAY, NOW, TODAY, ScheduleCase


@tagged("post_install", "-at_install")
class TestReservation(ScheduleCase):
    def test_book_window(self):
        """A booked window keeps the promise in the shop's zone, in UTC, and as a sentence."""
        reservation = self.book(self.window_on(self.afternoon, NEXT_DAY))
        self.assertEqual(reservation._get_label(), "Tuesday, October 20, 2026 at Afternoon (12:00-17:00)")
        self.assertEqual(reservation.start, datetime(2026, 10, 20, 16))
        self.assertEqual(reservation.wall_start, "2026-10-20T12:00:00-04:00")
        self.assertEqual(reservation.promised, reservation.stop)
        self.assertEqual(reservation.cutoff_minutes, self.offer.cutoff_minutes)
        self.assertEqual(reservation.change_ids.mapped("kind"), ["booked"])

    def test_book_time(self):
        """A chosen time is promised at its start, and its buffers are blocked."""
        self.offer.write({"buffer_before_minutes": 10, "buffer_after_minutes": 5})
        reservation = self.book("time:2026-10-20T15:00:00-04:00")
        self.assertEqual(reservation._get_label(), "Tuesday, October 20, 2026 at 3:00 PM")
        self.assertEqual(reservation.promised, reservation.start)
        self.assertEqual(reservation.blocked_start, datetime(2026, 10, 20, 18, 50))
        self.assertEqual(reservation.blocked_stop, datetime(2026, 10, 20, 19, 35))

    def test_no_overlap_constraint_is_there(self):
        """The database itself keeps the rule: Odoo installs a module even when its constraint could not be added."""
        self.env.cr.execute(
            "SELECT contype, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = 'service_reservation_no_overlap'"
        )
        [(kind, definition)] = self.env.cr.fetchall()
        self.assertEqual(kind, "x")
        for part in (
            "gist",
            "resource_id",
            "lane + lanes",
            "tsrange(blocked_start, blocked_stop)",
            "confirmed",
            "held",
        ):
            self.assertIn(part, definition)

    def test_database_refuses_overlap(self):
        """Whatever the code believes, two rows on one place at one time are refused."""
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation):
            reservation.copy({"lane": reservation.lane})

    def test_back_to_back(self):
        """One reservation may start at the moment when another stops."""
        self.offer.resource_ids = self.create_person()
        self.book("time:2026-10-20T09:00:00-04:00")
        self.book("time:2026-10-20T09:30:00-04:00")
        with self.assertRaises(NotBookable):
            self.book("time:2026-10-20T09:15:00-04:00")

    def test_lost_race_reads_well(self):
        """When every place turns out to be taken, the answer says so and names other times."""
        self.offer.resource_ids = self.create_person()
        choice = "time:2026-10-20T09:00:00-04:00"
        first = self.book(choice)
        names = ("start", "stop", "blocked_start", "blocked_stop", "tz", "wall_start", "wall_stop", "lanes")
        values = {name: first[name] for name in names}
        place = [(first.resource_id.id, 0)]
        with mute_logger("odoo.sql_db"), freeze_time(NOW.replace(tzinfo=None)), self.assertRaises(TimeTaken) as caught:
            reservations = self.env["service.reservation"]
            with reservations._taking_time(first.resource_id, [self.offer.parse_choice(choice)[0]], self.offer):
                reservations._claim(values, place, first.copy)
        self.assertIn("just been taken", str(caught.exception))
        self.assertIn("Still free:", str(caught.exception))

    def test_reschedule(self):
        """Moving keeps the row and its public reference, raises the revision, frees the old time and keeps history."""
        self.offer.resource_ids = self.create_person()
        reservation = self.book("time:2026-10-20T09:00:00-04:00")
        public_id = reservation.public_id
        reservation._reschedule("time:2026-10-22T10:00:00-04:00", reason="Rain", now=NOW)
        self.assertEqual((reservation.public_id, reservation.revision), (public_id, 1))
        self.assertEqual(reservation.start, datetime(2026, 10, 22, 14))
        change = reservation.change_ids.sorted("id")[-1]
        self.assertEqual(
            (change.kind, change.from_start, change.to_start, change.reason, change.user_id),
            ("rescheduled", datetime(2026, 10, 20, 13), datetime(2026, 10, 22, 14), "Rain", self.env.user),
        )
        self.book("time:2026-10-20T09:00:00-04:00")

    def test_reschedule_three_times(self):
        """Three moves are counted and read as one chain that begins with the original day."""
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        for days in (2, 4, 9):
            reservation._reschedule(self.window_on(self.morning, TODAY + timedelta(days=days)), now=NOW)
        self.assertEqual(reservation.reschedule_count, 3)
        self.assertEqual(reservation._get_chain(), "Oct 20 → Oct 21 → Oct 23 → Oct 28")
        self.assertEqual(reservation.original_start, datetime(2026, 10, 20, 12))

    def test_chain_on_one_day_shows_times(self):
        """Moves within a day would all read alike, so the times are shown."""
        reservation = self.book("time:2026-10-20T09:00:00-04:00")
        reservation._reschedule("time:2026-10-20T11:00:00-04:00", now=NOW)
        self.assertEqual(reservation._get_chain(), "Oct 20 9:00 AM → Oct 20 11:00 AM")

    def test_reschedule_onto_itself(self):
        """The same time again is no change; half an hour later overlaps the own old time and is allowed."""
        self.offer.resource_ids = self.create_person()
        self.offer.duration_minutes = 60
        reservation = self.book("time:2026-10-20T09:00:00-04:00")
        reservation._reschedule("time:2026-10-20T09:00:00-04:00", now=NOW)
        self.assertEqual((reservation.revision, len(reservation.change_ids)), (0, 1))
        reservation._reschedule("time:2026-10-20T09:30:00-04:00", now=NOW)
        self.assertEqual(reservation.revision, 1)

    def test_refused_reschedule_changes_nothing(self):
        """A full window refuses the move; the old time stays with all its values."""
        person = self.create_person()
        self.offer.resource_ids = person
        self.book("time:2026-10-20T09:00:00-04:00")
        reservation = self.book("time:2026-10-20T10:00:00-04:00")
        with self.assertRaisesRegex(NotBookable, "Full"):
            reservation._reschedule("time:2026-10-20T09:00:00-04:00", now=NOW)
        self.assertEqual(reservation.start, datetime(2026, 10, 20, 14))
        self.assertEqual(reservation.revision, 0)

    def test_cut_off(self):
        """The customer may change until exactly two hours before, staff after that too."""
        reservation = self.book("time:2026-10-20T15:00:00-04:00")
        limit = datetime(2026, 10, 20, 17, tzinfo=UTC)
        late = limit + timedelta(seconds=1)
        self.assertEqual(reservation._get_change_reasons(now=limit), [])
        self.assertEqual(reservation._get_change_reasons(now=late), [Reason.TOO_LATE_TO_CHANGE])
        for call in (
            lambda: reservation._cancel(now=late),
            lambda: reservation._reschedule("time:2026-10-22T10:00:00-04:00", now=late),
        ):
            with self.assertRaisesRegex(NotBookable, "Too late to change"):
                call()
        reservation._reschedule("time:2026-10-22T10:00:00-04:00", by_staff=True, now=late)
        self.assertEqual(reservation.start, datetime(2026, 10, 22, 14))

    def test_policy_in_force_when_booked(self):
        """A cut-off that the shop changes later does not bind what was booked before."""
        reservation = self.book("time:2026-10-20T15:00:00-04:00")
        self.offer.cutoff_minutes = 24 * 60
        self.assertEqual(reservation._get_change_reasons(now=datetime(2026, 10, 20, 16, tzinfo=UTC)), [])

    def test_cancel_frees_the_time(self):
        """A cancelled time is free for others; cancelling twice is one cancellation; it cannot be moved any more."""
        self.offer.resource_ids = self.create_person()
        choice = "time:2026-10-20T09:00:00-04:00"
        reservation = self.book(choice)
        reservation._cancel(now=NOW, reason="Ill")
        reservation._cancel(now=NOW)
        self.assertEqual(reservation.change_ids.sorted("id").mapped("kind"), ["booked", "cancelled"])
        self.book(choice)
        with self.assertRaisesRegex(NotBookable, "already done or cancelled"):
            reservation._reschedule("time:2026-10-22T10:00:00-04:00", now=NOW)

    def test_done_frees_what_is_left(self):
        """Served early, the rest of the window is free again; done is not cancelled any more."""
        reservation = self.book(self.window_on(self.morning, NEXT_DAY), lanes=10)
        reservation._complete()
        self.book(self.window_on(self.morning, NEXT_DAY), lanes=10)
        with self.assertRaises(NotBookable):
            reservation._cancel(by_staff=True)

    def test_history_is_append_only(self):
        """Nobody changes or deletes history, not even the superuser; reservations are never deleted."""
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        change = reservation.change_ids
        for call in (lambda: change.write({"reason": "x"}), change.unlink, reservation.unlink):
            with self.assertRaises(UserError):
                call()

    def test_zone_rules_that_change(self):
        """When a zone's rules change, the wall clock that was promised stays and the UTC time moves."""
        reservation = self.book("time:2026-10-20T09:00:00-04:00")
        self.env.flush_all()
        # as if it had been booked under rules in which New York was five hours behind on that day
        self.env.cr.execute(
            """UPDATE service_reservation SET wall_start = '2026-10-20T09:00:00-05:00',
                wall_stop = '2026-10-20T09:30:00-05:00',
                start = start + interval '1 hour', stop = stop + interval '1 hour',
                blocked_start = blocked_start + interval '1 hour', blocked_stop = blocked_stop + interval '1 hour'
                WHERE id = %s""",
            [reservation.id],
        )
        reservation.invalidate_recordset()
        self.assertTrue(reservation._keep_wall_clock())
        self.assertEqual(reservation.start, datetime(2026, 10, 20, 13))
        self.assertEqual(reservation.wall_start, "2026-10-20T09:00:00-04:00")
        self.assertFalse(reservation._keep_wall_clock())
        self.assertEqual(reservation.reschedule_count, 0)

    def test_bounds_of_setting_up(self):
        """A person with two places, a window that ends before it starts and a negative notice are refused."""
        with self.assertRaises(ValidationError):
            self.create_person(lane_count=2)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.morning.hour_to = 7
            self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.offer.duration_minutes = 0
            self.env.flush_all()

    def test_announced_on_the_bus(self):
        """Booking tells the service point's channel, in the same transaction."""
        self.env.cr.precommit.run()
        self.env["bus.bus"].search([]).unlink()
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].search([]).mapped("message")
        self.assertTrue(any(reservation.public_id in message for message in messages), messages)
