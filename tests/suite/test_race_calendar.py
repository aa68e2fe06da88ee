"""Meetings and bookings at the same time: the constraint knows reservations only, so the review has to find it."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.service_schedule.exceptions import NotBookable

from .suite_race import RaceCase, transaction

CRON = "service_schedule.ir_cron_review_trouble"


@tagged("post_install", "-at_install", "standard")
class TestMeetingAgainstBooking(RaceCase):
    """A person with a calendar, an hour of his, and transactions that do not see each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction() as env:
            cls.user_id = env.ref("base.user_admin").id
            person = cls.make_resource(env, "Race: mechanic", resource_type="user", user_id=cls.user_id)
            cls.hour = cls.make_offer(
                env, "Race: hour", [person], duration_minutes=60, step_minutes=60, allow_windows=False
            )
        cls.addClassCleanup(cls._forget_meetings)

    @classmethod
    def _forget_meetings(cls):
        with transaction() as env:
            env["calendar.event"].search([("name", "=", "Race: meeting")]).unlink()

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget_meetings)

    def meet(self, env, clock="10:00"):
        """Enter a meeting of an hour."""
        start, _window = env["service.offer"].browse(self.hour).parse_choice(self.time_choice(clock))
        moment = fields.Datetime.to_datetime("1970-01-01 00:00:00") + timedelta(seconds=start)
        user = env["res.users"].browse(self.user_id)
        env["calendar.event"].create(
            {
                "name": "Race: meeting",
                "start": moment,
                "stop": moment + timedelta(hours=1),
                "user_id": user.id,
                "partner_ids": [(6, 0, user.partner_id.ids)],
            }
        )

    def assert_found(self, reservation_id):
        """Assert that the review is due within minutes, and finds what neither transaction could see."""
        with transaction() as env:
            reservation = env["service.reservation"].browse(reservation_id)
            self.assertFalse(reservation.trouble)
            soon = fields.Datetime.now() + timedelta(minutes=6)
            due = env["ir.cron.trigger"].search([("cron_id", "=", env.ref(CRON).id), ("call_at", "<=", soon)])
            self.assertTrue(due)
        with transaction() as env:
            reservation = env["service.reservation"].browse(reservation_id)
            reservation._review()
            self.assertEqual(reservation.trouble, "busy")

    def test_meeting_first(self):
        """The meeting is committed after the customer's transaction began: he has the time, and it is found."""
        with transaction() as customer:
            customer["service.reservation"].search_count([])  # takes the snapshot
            with transaction() as env:
                self.meet(env)
            reservation_id = self.booking(self.hour, self.time_choice("10:00"))(customer)
        self.assert_found(reservation_id)

    def test_booking_first(self):
        """The booking is committed after the meeting's transaction began: it stands, and it is found."""
        with transaction() as env:
            env["service.reservation"].search_count([])
            reservation_id = self.book(self.hour, self.time_choice("10:00"))
            self.meet(env)
        self.assert_found(reservation_id)

    def test_one_after_the_other(self):
        """Whoever begins after the meeting was committed is refused; a booking that was there is found at once."""
        reservation_id = self.book(self.hour, self.time_choice("12:00"))
        with transaction() as env:
            self.meet(env)
            self.meet(env, "12:00")
        with transaction() as env:
            self.assertEqual(env["service.reservation"].browse(reservation_id).trouble, "busy")
            with self.assertRaisesRegex(NotBookable, "Full: no place is left"):
                self.booking(self.hour, self.time_choice("10:00"))(env)
