import random
from datetime import UTC, date, datetime, timedelta

import pytz

from odoo.fields import Command
from odoo.tests import tagged

from ..schedlib import intersect, normalise
from .common import ScheduleCase

FIRST, LAST = date(2026, 10, 5), date(2026, 11, 15)  # six weeks around the end of summer time


@tagged("post_install", "-at_install")
class TestHours(ScheduleCase):
    def read_core(self, calendar, resource):
        """Return core's own work intervals as spans; core closes a day at 23:59:59.999999."""
        start = datetime(2026, 10, 5, tzinfo=UTC)
        stop = datetime(2026, 11, 16, tzinfo=UTC)
        intervals = calendar._work_intervals_batch(start, stop, resources=resource)[resource.id]
        return normalise(
            (int(low.timestamp()), int((high + timedelta(microseconds=1)).timestamp()))
            for low, high, _meta in intervals
        )

    def test_same_as_core(self):
        """For random weekly hours, leaves and zones our batch gives the hours that core computes one by one."""
        chance = random.Random(19)
        resources = self.env["resource.resource"]
        for number in range(12):
            tz = chance.choice(["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "UTC"])
            hours = [
                (day, start, start + chance.choice([1.5, 3, 4.25]))
                for day in range(7)
                for start in sorted(chance.sample([3, 8, 13, 18], chance.randint(0, 3)))
            ]
            calendar = self.create_calendar(f"C{number}", hours or [(0, 8, 12)], tz=tz)
            resources |= self.create_person(f"P{number}", calendar, tz=tz)
            for _leave in range(chance.randint(0, 3)):
                start = datetime(2026, 10, 5) + timedelta(hours=chance.randint(0, 900))
                self.env["resource.calendar.leaves"].create(
                    {
                        "calendar_id": calendar.id,
                        "resource_id": chance.choice([resources[-1].id, False]),
                        "date_from": start,
                        "date_to": start + timedelta(hours=chance.randint(1, 60)),
                    }
                )
        _opening, _holidays, ours = self.point._read_hours(resources, FIRST, LAST)
        bounds = [(int(pytz.utc.localize(datetime(2026, 10, 5)).timestamp()), 1794787200)]
        for resource in resources:
            core = self.read_core(resource.calendar_id, resource)
            self.assertEqual(intersect(ours[resource.id], bounds), core, resource.name)
            self.assertTrue(core, "an empty calendar would prove nothing")

    def test_two_weeks_calendar(self):
        """A calendar that alternates gives the hours of the right week, as core does."""
        calendar = self.create_calendar("Alternating", [])
        calendar.two_weeks_calendar = True
        calendar.attendance_ids = [
            Command.clear(),
            Command.create({"name": "A", "dayofweek": "0", "hour_from": 8, "hour_to": 12, "week_type": "0"}),
            Command.create({"name": "B", "dayofweek": "2", "hour_from": 13, "hour_to": 18, "week_type": "1"}),
        ]
        maria = self.create_person("Maria", calendar)
        _opening, _holidays, ours = self.point._read_hours(maria, FIRST, LAST)
        core = self.read_core(calendar, maria)
        self.assertEqual([span for span in ours[maria.id] if span in core], core)
        self.assertEqual(len(core), 6)

    def test_lunch_is_closed(self):
        """A lunch line is no work."""
        calendar = self.create_calendar("Office", [(1, 8, 12), (1, 13, 17)])
        calendar.attendance_ids = [
            Command.create({"name": "Lunch", "dayofweek": "1", "hour_from": 12, "hour_to": 13, "day_period": "lunch"})
        ]
        maria = self.create_person("Maria", calendar)
        _opening, _holidays, ours = self.point._read_hours(maria, date(2026, 10, 20), date(2026, 10, 20))
        self.assertEqual([(stop - start) // 3600 for start, stop in ours[maria.id]], [4, 4])

    def test_flexible_calendar_never_closes(self):
        """Flexible hours name no times: only leaves close."""
        calendar = self.create_calendar("Flexible", [(1, 8, 12)])
        calendar.flexible_hours = True
        maria = self.create_person("Maria", calendar)
        _opening, _holidays, ours = self.point._read_hours(maria, date(2026, 10, 20), date(2026, 10, 20))
        self.assertEqual(len(ours[maria.id]), 1)

    def test_resource_without_calendar_follows_the_point(self):
        """No calendar is no limit of its own; a leave of the resource still counts."""
        counter = self.point.counter_id
        _opening, _holidays, ours = self.point._read_hours(counter, FIRST, LAST)
        self.assertIsNone(ours[counter.id])
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Compressor is broken",
                "resource_id": counter.id,
                "calendar_id": False,
                "date_from": datetime(2026, 10, 20, 12),
                "date_to": datetime(2026, 10, 20, 18),
            }
        )
        _opening, _holidays, ours = self.point._read_hours(counter, FIRST, LAST)
        self.assertEqual(len(ours[counter.id]), 2)
