"""The technician on the road: jobs at a customer's lot, on the next working day."""

from datetime import datetime, time, timedelta

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day, stamp

JOBS = ((9, "12", "Chip in the windshield, driver's side", 60.0), (10, "17", "Crack, 30 cm, replace", 340.0))
"""Hour, unit, what is to be done, and what it costs."""


class Windshield:
    """Plans the jobs of Maria Soto, on her own clock, around ``now`` (aware UTC; None is this moment)."""

    def __init__(self, env, now=None):
        self.env = env
        self.now = now or timing.utc_now()

    def open(self):
        """Make everything."""
        person, site = self._ref("person_glazier"), self._ref("location_fleet")
        zone = timing.zone(person.tz)
        day = local_day(stamp(self.now), zone) + timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
        self.env["fsm.order"].create(
            [
                {
                    "location_id": site.id,
                    "equipment_ids": self._ref(f"equipment_van_{unit}").ids,
                    "description": text,
                    "cost": cost,
                    "person_id": person.id,
                    "scheduled_date_start": timing.to_field(stamp(datetime.combine(day, time(hour), zone))),
                    "scheduled_duration": 1.0,
                }
                for hour, unit, text, cost in JOBS
            ]
        )

    def _ref(self, name):
        """Return a record of the demo."""
        return self.env.ref(f"service_schedule_demo.{name}")
