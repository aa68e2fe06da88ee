from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import freeze_time, tagged

from ..exceptions import NotBookable
from .common import NOW, ScheduleCase
from .zone_rules import changed_rule

YORK = "America/New_York"
# the tz database says EST5EDT,M3.2.0,M11.1.0
WINTER_FOR_EVER = "EST5"
SUMMER_FOR_EVER = "EDT4"
TWO_HOURS_WEST = "X7"
ENDS_IN_OCTOBER = "EST5EDT,M3.2.0,M10.3.0"
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestZoneRules(ScheduleCase):
    """The government of New York changes its mind; the wall clock that was promised stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maria = cls.create_person()
        cls.visit = cls.env["service.offer"].create(
            {
                "name": "Visit",
                "point_id": cls.point.id,
                "resource_ids": [(6, 0, cls.maria.ids)],
                "lead_minutes": 0,
                "horizon_days": 0,
                "buffer_after_minutes": 30,
            }
        )

    def take(self, choice, offer=None, **kwargs):
        """Book a visit."""
        return self.env["service.reservation"]._book(
            offer or self.visit, choice, partner=self.customer, now=NOW, **kwargs
        )

    def run_cron(self, now=NOW):
        """Let the night's job run, as after a restart with new zone data."""
        with freeze_time(now.replace(tzinfo=None)), self.enter_registry_test_mode():
            self.env.ref("service_schedule.ir_cron_keep_wall_clock").method_direct_trigger()

    def assert_promise(self, reservation, wall):
        """Check that the shop's clock shows ``wall`` (ISO 8601 without offset) when the reservation starts."""
        moment = reservation.start.replace(tzinfo=UTC).astimezone(ZoneInfo(reservation.tz))
        self.assertEqual(moment.replace(tzinfo=None).isoformat(), wall)
        self.assertEqual(reservation.wall_start, moment.isoformat())

    def assert_books_in_order(self):
        """Check that the check of the books finds nothing wrong with this shop's reservations."""
        with freeze_time(NOW.replace(tzinfo=None)):
            found = self.env["service.schedule.check"]._run()
        mine = self.env["service.reservation"].search([("offer_id", "in", self.visit.ids)]).ids
        self.assertEqual([(check.title, row) for check, rows in found for row in rows if row[0] in mine], [])

    def test_promise_stays(self):
        """Winter time is abolished: what was promised for winter is an hour earlier in UTC, at the same wall clock."""
        summer = self.take("time:2026-10-21T09:00:00-04:00")
        winter = self.take("time:2026-11-10T09:00:00-05:00")
        label = winter._get_label()
        with changed_rule(YORK, SUMMER_FOR_EVER):
            self.assertEqual(winter._get_label(), label, "also before the job has run")
            self.run_cron()
            self.assertEqual(winter._get_label(), label)
            self.assert_promise(winter, "2026-11-10T09:00:00")
            self.assert_promise(summer, "2026-10-21T09:00:00")
            self.assertEqual(winter.start, datetime(2026, 11, 10, 13))
            self.assertEqual(winter.stop, datetime(2026, 11, 10, 13, 30))
            self.assertEqual((winter.blocked_start, winter.blocked_stop), (winter.start, datetime(2026, 11, 10, 14)))
            self.assertEqual(winter.change_ids.mapped("kind"), ["zone", "booked"])
            self.assertEqual((winter.revision, summer.revision), (1, 0), "calendars learn of the new UTC")
            self.assertEqual(winter.change_ids[0].revision, 1)
            self.assertIn("wall clock", winter.change_ids[0].reason)
            self.assertEqual(summer.change_ids.mapped("kind"), ["booked"])
            self.run_cron()
            self.assertEqual(len(winter.change_ids), 2, "the second run finds nothing to do")
            self.assert_books_in_order()
            with self.assertRaises(NotBookable):
                self.take("time:2026-11-10T09:00:00-04:00")
            self.take("time:2026-11-10T10:00:00-04:00")

    def test_neighbours_make_room(self):
        """A full day moves as one, earlier or later: nobody is in the way of himself or of his neighbour."""
        day = [self.take(f"time:2026-11-10T{hour:02}:00:00-05:00") for hour in range(8, 20)]
        for rule in (SUMMER_FOR_EVER, TWO_HOURS_WEST, WINTER_FOR_EVER):
            with self.subTest(rule=rule), changed_rule(YORK, rule):
                self.run_cron()
                for reservation, hour in zip(day, range(8, 20), strict=True):
                    self.assert_promise(reservation, f"2026-11-10T{hour:02}:00:00")
                self.assertFalse(any(reservation.trouble for reservation in day))

    def test_window_keeps_both_ends(self):
        """Summer ends earlier, within a night's window: it starts when it did and ends at the promised hour."""
        self.point.calendar_id = self.create_calendar("Always", [(day, 0, 24) for day in range(7)])
        night = self.env["service.window"].create(
            {"name": "Night", "code": "NIGHT", "point_id": self.point.id, "hour_from": 0, "hour_to": 8}
        )
        late = self.env["service.window"].create(
            {"name": "Late", "code": "LATE", "point_id": self.point.id, "hour_from": 20, "hour_to": 24}
        )
        before = datetime(2026, 10, 5, 12, tzinfo=UTC)
        book = self.env["service.reservation"]._book
        first, second = (book(self.offer, f"window:{one.id}:2026-10-18", now=before) for one in (night, late))
        labels = first._get_label(), second._get_label()
        self.assertEqual(first.stop - first.start, 8 * HOUR)
        with changed_rule(YORK, ENDS_IN_OCTOBER):
            self.run_cron(before)
            self.assertEqual((first._get_label(), second._get_label()), labels)
            self.assertEqual((first.start, first.stop), (datetime(2026, 10, 18, 4), datetime(2026, 10, 18, 13)))
            self.assertEqual((second.start, second.stop), (datetime(2026, 10, 19, 1), datetime(2026, 10, 19, 5)))
            self.assertEqual(second.wall_stop, "2026-10-19T00:00:00-05:00")

    def test_hold_keeps_its_wall_clock(self):
        """A time that is only held moves as well, and a hold whose time is over gives way."""
        held = self.env["service.reservation"]._hold(self.visit, "time:2026-11-10T09:00:00-05:00", now=NOW)
        halifax, stale = self.make_halifax("time:2026-11-10T11:00:00-04:00", hold=True)
        booked = self.take("time:2026-11-10T11:00:00-05:00")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE service_reservation SET expires_at = %s WHERE id = %s",
            [NOW.replace(tzinfo=None) - HOUR, stale.id],
        )
        stale.invalidate_recordset()
        with changed_rule(YORK, SUMMER_FOR_EVER):
            self.run_cron()
            self.assert_promise(held, "2026-11-10T09:00:00")
            self.assert_promise(booked, "2026-11-10T11:00:00")
        self.assertEqual((held.state, stale.state, halifax.tz), ("held", "expired", "America/Halifax"))

    def make_halifax(self, choice, hold=False):
        """Return ``(point, reservation)`` of a shop in Halifax that Maria works for as well."""
        point = self.env["service.point"].create({"name": "Halifax", "tz": "America/Halifax"})
        offer = self.visit.copy({"name": "Visit in Halifax", "point_id": point.id, "resource_ids": self.maria.ids})
        reservations = self.env["service.reservation"]
        return point, (reservations._hold if hold else reservations._book)(offer, choice, now=NOW)

    def test_collision_is_told(self):
        """Maria has somebody from Halifax, whose clocks do not change, at the time that New York's would move to.

        The reservation keeps its UTC, the log and the staff's list say so, the customer still reads what was promised;
        the promise is kept as soon as there is room.
        """
        _point, other = self.make_halifax("time:2026-11-10T10:00:00-04:00")
        promised = self.take("time:2026-11-10T10:00:00-05:00")
        label, start = promised._get_label(), promised.start
        with changed_rule(YORK, SUMMER_FOR_EVER):
            with self.assertLogs("odoo.addons.service_schedule", "WARNING") as log:
                self.run_cron()
            self.assertIn(promised.public_id, log.output[0])
            self.assertEqual((promised.start, promised.trouble, other.trouble), (start, "place", False))
            self.assertIn("time zone", promised.change_ids[0].reason)
            self.assertEqual(promised._get_label(), label)
            self.assert_books_in_order()
            with self.assertLogs("odoo.addons.service_schedule", "WARNING"):
                self.run_cron()
            promised._review()
            self.assertEqual(promised.change_ids.mapped("kind"), ["trouble", "booked"], "told once")
            other._cancel(by_staff=True, now=NOW)
            self.run_cron()
            self.assert_promise(promised, "2026-11-10T10:00:00")
            self.assertFalse(promised.trouble)

    def test_collision_is_settled_by_staff(self):
        """Staff and customer settle on the time that the row still has in UTC: a new promise, and no trouble."""
        self.make_halifax("time:2026-11-10T10:00:00-04:00")
        promised = self.take("time:2026-11-10T10:00:00-05:00")
        with changed_rule(YORK, SUMMER_FOR_EVER):
            with self.assertLogs("odoo.addons.service_schedule", "WARNING"):
                self.run_cron()
            promised._reschedule("time:2026-11-10T11:00:00-04:00", by_staff=True, now=NOW)
            self.assertFalse(promised.trouble)
            self.assert_promise(promised, "2026-11-10T11:00:00")
            self.run_cron()
            self.assert_promise(promised, "2026-11-10T11:00:00")

    def test_time_that_no_longer_exists(self):
        """A new gap swallows the promised time: it is the hour after the gap, and the label says so."""
        self.point.calendar_id = self.create_calendar("Always", [(day, 0, 24) for day in range(7)])
        promised = self.take("time:2026-11-08T02:00:00-05:00")
        with changed_rule(YORK, "EST5EDT,M11.2.0,M12.1.0"):
            self.run_cron()
            self.assert_promise(promised, "2026-11-08T03:00:00")
            self.assertEqual(promised.start, datetime(2026, 11, 8, 7))
            self.assertIn("3:00", promised._get_label())
