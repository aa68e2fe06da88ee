from datetime import date, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_service_schedule_report.models import service_point
from odoo.addons.service_schedule.tests.common import NOW, TODAY

from .common import ALWAYS, DAY, LAST_DAY, ReportCase, november, october


@tagged("post_install", "-at_install")
class TestServiceCapacity(ReportCase):
    """Available minutes, day by day, computed by hand."""

    def test_opening_hours_times_places(self):
        """Ten places, twelve hours a day from Monday to Saturday, nothing on Sunday; 60 days ahead and no further."""
        self.refresh()
        self.assertEqual(self.read_minutes(self.counter, TODAY, october(24), october(25)), [7200, 7200, 0])
        days = self.capacity.search([("point_id", "=", self.point.id)]).mapped("date")
        self.assertEqual((min(days), max(days), len(days)), (TODAY, LAST_DAY, 61))

    def test_days_of_23_and_25_hours(self):
        """Who never closes has 25 hours when the clocks go back, and 23 when they go forward."""
        self.point.calendar_id = self.create_calendar("Always", ALWAYS)
        person = self.create_person()
        self.create_visit(person)
        self.refresh(first_day=october(31), last_day=november(2))
        self.assertEqual(
            self.read_minutes(person, october(31), november(1), november(2)), [24 * 60.0, 25 * 60.0, 24 * 60.0]
        )
        self.refresh(first_day=date(2027, 3, 13), last_day=date(2027, 3, 15))
        self.assertEqual(
            self.read_minutes(person, date(2027, 3, 13), date(2027, 3, 14), date(2027, 3, 15)),
            [24 * 60.0, 23 * 60.0, 24 * 60.0],
        )

    def test_hours_of_another_zone_in_the_week_between(self):
        """Somebody works 9-17 in London, where clocks go back a week earlier: that week he overlaps an hour more."""
        calendar = self.create_calendar("London", [(day, 9, 17) for day in range(5)], tz="Europe/London")
        person = self.create_person(calendar=calendar, tz="Europe/London")
        self.create_visit(person)
        self.refresh()
        # 9-17 in London is 4-12, then 5-13, then 4-12 again in New York, where the shop opens at 8
        self.assertEqual(
            self.read_minutes(person, october(23), october(26), october(30), november(2)), [240, 300, 300, 240]
        )

    def test_two_week_calendar(self):
        """Hours that alternate from week to week count in their own week."""
        calendar = self.create_calendar("Alternating", [])
        calendar.two_weeks_calendar = True
        calendar.attendance_ids = [
            Command.clear(),
            *(
                Command.create({"name": "W", "dayofweek": "0", "hour_from": 8, "hour_to": stop, "week_type": str(week)})
                for week, stop in ((0, 12), (1, 16))
            ),
        ]
        person = self.create_person(calendar=calendar)
        self.create_visit(person)
        self.refresh()
        lines = self.env["resource.calendar.attendance"]
        expected = [240 if lines.get_week_type(day) == 0 else 480 for day in (october(19), october(26), november(2))]
        self.assertEqual(self.read_minutes(person, october(19), october(26), november(2)), expected)
        self.assertEqual(set(expected), {240, 480})

    def test_leaves_and_public_holidays(self):
        """Two hours of leave are two hours less for that person; a public holiday closes for all."""
        person, other = self.create_person(), self.create_person("Tom")
        self.create_visit(person, other)
        leave = {"time_type": "leave", "name": "Away"}
        self.env["resource.calendar.leaves"].create(
            [
                # 10-12 in New York
                {
                    **leave,
                    "resource_id": person.id,
                    "date_from": "2026-10-20 14:00:00",
                    "date_to": "2026-10-20 16:00:00",
                },
                {
                    **leave,
                    "calendar_id": self.point.calendar_id.id,
                    "date_from": "2026-10-21 04:00:00",
                    "date_to": "2026-10-22 04:00:00",
                },
            ]
        )
        self.refresh()
        self.assertEqual(self.read_minutes(person, october(19), october(20), october(21)), [720, 600, 0])
        self.assertEqual(self.read_minutes(other, october(19), october(20), october(21)), [720, 720, 0])

    def test_shared_resource_counts_once(self):
        """Of a person whom two points offer, hours that both are open are halved: together they are his day."""
        person = self.create_person()
        self.create_visit(person)
        evening = self.env["service.point"].create(
            {
                "name": "Evening shop",
                "tz": "America/New_York",
                "calendar_id": self.create_calendar("Evening", [(0, 14, 22)]).id,
            }
        )
        self.create_visit(person, point=evening)
        self.refresh()
        self.refresh(evening)
        # 8-14 alone and half of 14-20; half of 14-20 and 20-22 alone; on Tuesday the other one is closed
        self.assertEqual(self.read_minutes(person, october(19), october(20)), [360 + 180, 720])
        self.assertEqual(self.read_minutes(person, october(19), october(20), point=evening), [180 + 120, 0])

    def test_same_again_writes_nothing(self):
        """Computing what has not changed touches no row; a changed calendar only those days that it changes."""
        self.refresh()
        before = self._read_versions()
        self.refresh()
        self.assertEqual(self._read_versions(), before)
        self.point.calendar_id.attendance_ids.filtered(lambda line: line.dayofweek == "2").hour_to = 18
        self.refresh()
        after = self._read_versions()
        changed = [day for day in before if before[day] != after[day]]
        self.assertEqual({day.weekday() for day in changed}, {2})
        self.assertEqual(self.read_minutes(self.counter, october(21)), [6000])

    def _read_versions(self):
        """Return ``{day: place of the row in the table}``, which moves with every update."""
        self.env.cr.execute("SELECT date, ctid::text FROM service_capacity WHERE point_id = %s", [self.point.id])
        return dict(self.env.cr.fetchall())

    def test_past_days_are_frozen(self):
        """Hours that change on Wednesday change neither Monday nor Tuesday, but Wednesday and all that comes."""
        self.refresh()
        self.point.calendar_id.attendance_ids.hour_to = 10
        self.refresh(now=NOW + 2 * DAY)
        self.assertEqual(
            self.read_minutes(self.counter, october(19), october(20), october(21), october(22)),
            [7200, 7200, 1200, 1200],
        )

    def test_gap_is_filled(self):
        """Days that passed without being computed are computed later, whatever lies around them."""
        self.refresh()
        self.env.cr.execute("DELETE FROM service_capacity WHERE date = %s", [october(20)])
        self.point.calendar_id.attendance_ids.hour_to = 10
        self.refresh(now=NOW + 3 * DAY)
        self.assertEqual(self.read_minutes(self.counter, october(19), october(20), october(21)), [7200, 1200, 7200])

    def test_history_begins_with_the_first_reservation(self):
        """At first the days since the first reservation are computed, a year at most."""
        self.book(self.window_on(self.morning, october(20)))
        self.refresh(now=NOW + 10 * DAY)
        self.assertEqual(self.read_minutes(self.counter, october(19), october(20)), [None, 7200])
        other = self.env["service.point"].create({"name": "Old shop", "tz": "America/New_York"})
        offer = self.create_visit(other.counter_id, point=other)
        self.book_visit(offer, "2026-10-20T10:00:00-04:00")
        self.refresh(other, now=NOW + timedelta(days=500))
        first = self.capacity.search([("point_id", "=", other.id)], order="date", limit=1)
        self.assertEqual(first.date, TODAY + timedelta(days=500 - 365))

    def test_who_left_counts_when_booked(self):
        """Whoever is on no offer any more counts in the past on the days when he was booked, and not in the future."""
        person, other = self.create_person(), self.create_person("Tom")
        visit = self.create_visit(person, other)
        self.book_visit(visit, "2026-10-20T10:00:00-04:00", resources=person)
        visit.resource_ids = other
        self.refresh(now=NOW + 3 * DAY)
        self.assertEqual(self.read_minutes(person, october(20), october(21), october(22)), [720, None, None])
        self.assertEqual(self.read_minutes(other, october(20), october(21), october(22)), [720, 720, 720])

    def test_what_leaves_the_offers_loses_its_future(self):
        """Coming hours of a person who is taken off all offers vanish, past ones stay; the same when a point closes."""
        person, other = self.create_person(), self.create_person("Tom")
        visit = self.create_visit(person, other)
        self.refresh()
        visit.resource_ids = other
        self.refresh(now=NOW + DAY)
        self.assertEqual(self.read_minutes(person, october(19), october(20), october(21)), [720, None, None])
        self.point.active = False
        self.refresh(now=NOW + 2 * DAY)
        self.assertEqual(self.read_minutes(other, october(20), october(21)), [720, None])

    def test_new_leave_of_a_flexible_resource(self):
        """Who works whenever the shop is open is away all the same."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Repair",
                "resource_id": self.counter.id,
                "date_from": "2026-10-20 12:00:00",
                "date_to": "2026-10-20 18:00:00",
            }
        )
        self.refresh()
        self.assertEqual(self.read_minutes(self.counter, october(20)), [10 * 6 * 60])

    # ------------------------------------------------------------------
    # Keeping it fresh
    # ------------------------------------------------------------------

    def test_opening_computes_what_is_old(self):
        """A technician who opens the report has hours computed that are older than an hour, and only those."""
        points = self.env["service.point"].with_user(self.technician)
        points._refresh_stale_capacity()
        refreshed = self.point.capacity_refreshed_at
        self.assertTrue(refreshed)
        self.assertFalse(points._search_stale())
        with patch.object(type(self.capacity), "_refresh") as compute:
            points._refresh_stale_capacity()
        compute.assert_not_called()
        self.point.capacity_refreshed_at -= timedelta(minutes=61)
        self.assertEqual(points._search_stale(), self.point)

    def test_impatience_leaves_the_rest_to_the_cron(self):
        """Who waits too long gets his report; the cron is asked to do the rest."""
        cron = self.env.ref("sale_service_schedule_report.ir_cron_refresh_capacity")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with patch.object(service_point, "PATIENCE_SECONDS", -1):
            self.env["service.point"].with_user(self.technician)._refresh_stale_capacity()
        self.assertFalse(self.point.capacity_refreshed_at)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before + 1)

    def test_nobody_waits_for_it(self):
        """While one transaction computes a service point, bookings may refer to it, and a second leaves it alone."""
        with self.registry.cursor() as computing, self.registry.cursor() as booking:
            point = api.Environment(computing, SUPERUSER_ID, {})["service.point"].search([], limit=1)
            if not point:
                self.skipTest("by design: a database without any service point")
            point._refresh_capacity()
            booking.execute("SELECT id FROM service_point WHERE id = %s FOR KEY SHARE NOWAIT", [point.id])
            self.assertTrue(booking.fetchall())
            second = point.with_env(api.Environment(booking, SUPERUSER_ID, {}))
            with patch.object(type(self.capacity), "_refresh") as compute:
                second._refresh_capacity()
            compute.assert_not_called()
            computing.rollback()
            booking.rollback()

    def test_cron_goes_on_where_it_stopped(self):
        """A cron that runs out of time keeps what it did; the next call does the others, and a third one nothing."""
        self.env["service.point"].create([{"name": f"Shop {number}", "tz": "UTC"} for number in range(2)])
        points = self.env["service.point"]._search_stale()
        self.assertGreaterEqual(len(points), 3)
        done = []
        compute = type(self.capacity)._refresh

        def record(capacity, point, *args):
            done.append(point.id)
            return compute(capacity, point, *args)

        with (
            patch.object(type(self.capacity), "_refresh", record),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_values: 0),
        ):
            for _point in points:
                self.env["service.point"]._cron_refresh_capacity()
            self.assertEqual(done, points.ids)
            self.env["service.point"]._cron_refresh_capacity()
        self.assertEqual(done, points.ids)

    def test_cron_runs(self):
        """The cron job itself computes every service point and reports no failure."""
        with self.enter_registry_test_mode():
            self.env.ref("sale_service_schedule_report.ir_cron_refresh_capacity").method_direct_trigger()
        self.assertFalse(self.env["service.point"]._search_stale())
        self.assertTrue(self.capacity.search_count([("point_id", "=", self.point.id)]))
