from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.service_schedule.schedlib import from_wall_text

from .common import CalendarCase


@tagged("post_install", "-at_install")
class TestCalendarTour(CalendarCase, HttpCase):
    """What one of the staff sees who drags his appointments in Odoo's calendar."""

    def test_drag(self):
        """To a day when it can be: rescheduled, at the same hour. To a holiday: he reads why, and it is put back."""
        month = fields.Date.today() + relativedelta(months=1)
        first, second, closed = (month.replace(day=number) for number in (10, 12, 14))
        self.point.calendar_id = self.create_calendar("Every day", [(weekday, 8, 20) for weekday in range(7)])
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Public holiday",
                "calendar_id": self.point.calendar_id.id,
                "date_from": f"{closed} 00:00:00",
                "date_to": f"{closed + timedelta(days=1)} 12:00:00",
            }
        )
        self.hour.horizon_days = 0
        start = from_wall_text(f"{first}T14:00:00", self.point._get_zone())
        slots = self.hour.get_availability(first, first, resources=self.maria)
        choice = self.hour._make_choice(next(slot for slot in slots if slot.start == start))
        booked = self.env["service.reservation"]._book(self.hour, choice, partner=self.customer, resources=self.maria)
        booked._sync_event()
        self.env.flush_all()
        self.user.password = "maria@shop"
        self.start_tour("/odoo/calendar", "service_schedule_calendar", login="maria@shop")
        self.assertEqual(booked.wall_start[:16], f"{second}T14:00")
        self.assertEqual(booked.reschedule_count, 1)
        self.assertEqual(self.get_event(booked).start, booked.start)
