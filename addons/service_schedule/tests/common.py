from datetime import UTC, date, datetime

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

# A Monday morning in New York, 8 days before the clocks go back there.
NOW = datetime(2026, 10, 19, 12, 0, tzinfo=UTC)
TODAY = date(2026, 10, 19)
NEXT_DAY = date(2026, 10, 20)


class ScheduleCase(TransactionCase):
    """A dive shop in New York, open Monday to Saturday 8-20, with a counter of ten places and a tank fill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.point = cls.env["service.point"].create({"name": "Dive shop", "tz": "America/New_York"})
        cls.morning, cls.afternoon, cls.evening = cls.point.window_ids
        cls.offer = cls.env["service.offer"].create(
            {"name": "Tank fill", "point_id": cls.point.id, "lead_minutes": 60, "horizon_days": 30}
        )
        cls.customer = cls.env["res.partner"].create({"name": "John Doe"})
        cls.technician = new_test_user(cls.env, "tech@shop", groups="service_schedule.group_technician")
        cls.manager = new_test_user(cls.env, "boss@shop", groups="service_schedule.group_manager")

    @classmethod
    def book(cls, choice, **kwargs):
        """Book the tank fill as a customer at NOW."""
        kwargs.setdefault("now", NOW)
        return cls.env["service.reservation"]._book(cls.offer, choice, partner=cls.customer, **kwargs)

    @staticmethod
    def window_on(window, day):
        """Return the choice of a window on a day."""
        return f"window:{window.id}:{day.isoformat()}"

    @classmethod
    def create_person(cls, name="Maria", calendar=None, **values):
        """Return a person who works by ``calendar``; None is whenever the service point is open."""
        return cls.env["resource.resource"].create(
            {
                "name": name,
                "resource_type": "user",
                "calendar_id": calendar.id if calendar else False,
                "tz": "America/New_York",
                **values,
            }
        )

    @classmethod
    def create_calendar(cls, name, hours, tz="America/New_York", **values):
        """Return a calendar; ``hours`` is ``[(weekday, from, to)]``."""
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "attendance_ids": [
                    Command.create({"name": name, "dayofweek": str(day), "hour_from": start, "hour_to": stop})
                    for day, start, stop in hours
                ],
                **values,
            }
        )
