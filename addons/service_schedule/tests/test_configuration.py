from datetime import datetime

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NEXT_DAY, NOW, ScheduleCase


@tagged("post_install", "-at_install")
class TestConfiguration(ScheduleCase):
    def get_messages(self):
        return "\n".join(message for _level, message in self.point._get_configuration_issues())

    def test_new_point_is_ready(self):
        """A shop owner who types a name and saves has hours, windows and a counter, and no issue is named."""
        with Form(self.env["service.point"].with_user(self.manager)) as form:
            form.name = "Corner shop"
        point = form.record
        self.assertEqual(point.window_ids.mapped("code"), ["MORNING", "AFTERNOON", "EVENING"])
        self.assertEqual(len(point.calendar_id.attendance_ids), 6)
        self.assertEqual(point.counter_id.lane_count, 10)
        self.assertFalse(point._check_opening())

    def test_new_offer_is_ready(self):
        """A new offer of a point occupies its counter."""
        with Form(self.env["service.offer"].with_user(self.manager)) as form:
            form.name = "Pickup"
            form.point_id = self.point
        self.assertEqual(form.record.resource_ids, self.point.counter_id)

    def test_window_outside_opening_hours(self):
        """A window that is never open is an error, one that is closed on some opening days a warning naming them."""
        self.point.calendar_id = self.create_calendar("Short", [(0, 8, 20), (5, 8, 13)])
        self.assertIn("Window Afternoon (12:00-17:00) reaches outside the opening hours", self.get_messages())
        self.assertIn("Saturday", self.get_messages())
        self.evening.write({"hour_from": 20, "hour_to": 23})
        self.assertIn("Window Evening (20:00-23:00) lies outside the opening hours on every day", self.get_messages())

    def test_booked_window_is_not_deleted(self):
        """A window that somebody was promised is switched off, not deleted; an unused one goes."""
        self.env["service.reservation"]._book(self.offer, self.window_on(self.morning, NEXT_DAY), now=NOW)
        with self.assertRaisesRegex(UserError, "has been booked"):
            self.morning.with_user(self.manager).unlink()
        self.morning.active = False
        self.assertNotIn(self.morning, self.point.window_ids)
        self.evening.unlink()

    def test_figures_have_bounds(self):
        """A slip of the finger (a billion days) is refused when it is typed, not when a customer orders."""
        for name in ("horizon_days", "lead_minutes", "cutoff_minutes", "buffer_before_minutes", "duration_minutes"):
            with self.subTest(name=name), mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                with self.cr.savepoint():
                    self.offer[name] = 10**8
                    self.env.flush_all()
            self.env.invalidate_all(flush=False)

    def test_no_opening_hours(self):
        """A calendar without lines is named."""
        self.point.calendar_id = self.create_calendar("Empty", [])
        self.assertIn("There are no opening hours", self.get_messages())

    def test_resource_without_hours(self):
        """A resource whose calendar has no lines is never offered, and named."""
        self.offer.resource_ids = self.create_person("Maria", self.create_calendar("Nothing", []))
        self.assertIn("Maria has no working hours", self.get_messages())

    def test_offers_that_are_never_offered(self):
        """No resource, no kind of time, a horizon below the notice, and too long for any day are each named."""
        self.offer.resource_ids = False
        self.assertIn("nobody and nothing does it", self.get_messages())
        self.offer.write({"allow_times": False, "allow_windows": False})
        self.assertIn("neither windows nor specific times", self.get_messages())
        self.offer.write({"allow_times": True, "horizon_days": 1, "lead_minutes": 3 * 1440})
        self.assertIn("the horizon is shorter than the notice", self.get_messages())
        self.offer.duration_minutes = 13 * 60
        self.assertIn("lasts longer than the opening hours", self.get_messages())

    def test_more_places_than_there_are(self):
        """An order that needs more places than the resource has is named."""
        self.offer.lanes = 11
        self.assertIn("has 10 places but one order takes 11", self.get_messages())

    def test_overbooked_after_shrinking(self):
        """Taking places away under coming reservations is named as overbooked."""
        for _number in range(3):
            self.env["service.reservation"]._book(
                self.offer, self.window_on(self.morning, NEXT_DAY), now=datetime.fromisoformat("2026-10-19T12:00+00:00")
            )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE service_reservation SET stop = now() + interval '1 day', blocked_stop = now() + interval '1 day'"
            " WHERE offer_id = %s",
            [self.offer.id],
        )
        self.point.counter_id.lane_count = 1
        self.assertIn("2 coming reservations lie beyond the places", self.get_messages())
