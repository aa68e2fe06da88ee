from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW
from odoo.addons.service_schedule.tests.test_trouble import TroubleCase


class CalendarCase(TroubleCase):
    """Maria, who serves by the hour in New York (4 hours behind UTC), has a user and so a calendar; Ann has none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "maria@shop", groups="service_schedule.group_technician", tz="America/New_York"
        )
        cls.maria.user_id = cls.user
        cls.point.user_ids += cls.user
        cls.colleague = new_test_user(cls.env, "ann@shop", groups="service_schedule.group_technician")
        cls.clerk = new_test_user(cls.env, "clerk@shop", groups="base.group_user")
        cls.env.cr.flush()

    def meet(self, start=13, stop=14, day=NEXT_DAY, user=None, **values):
        """Enter a meeting of Maria's by the hours of UTC (13 is 9 o'clock in New York), with her user's rights."""
        user = user or self.user
        return (
            self.env["calendar.event"]
            .with_user(user)
            .create(
                {
                    "name": "Secret talk",
                    "start": f"{day} {start:02}:00:00",
                    "stop": f"{day} {stop:02}:00:00",
                    "partner_ids": [Command.set(user.partner_id.ids)],
                    **values,
                }
            )
        )

    def get_hours(self, day=NEXT_DAY, person=None, offer=None):
        """Return the hours, as the clock in New York shows them, that somebody can be booked on a day."""
        slots = (offer or self.hour).get_picker_days(day, day, resources=person or self.maria, now=NOW)
        return [int(slot["choice"][16:18]) for slot in slots.get(day.isoformat(), [])]

    def sync(self, **kwargs):
        """Do what happens at the end of a transaction and soon after it."""
        self.settle()
        self.run_sync(**kwargs)
        self.env.invalidate_all()

    def run_sync(self, failing=None):
        """Run the scheduled action that keeps calendars in step; ``failing``: see ``run_cron``."""
        self.run_cron("service_schedule_calendar.ir_cron_sync_events", failing=failing)

    def get_event(self, reservation):
        """Return the event of a reservation in Maria's calendar, with her user's rights."""
        event = self.env["calendar.event"].sudo().search([("service_reservation_id", "=", reservation.id)])
        return event.with_user(self.user)
