from datetime import timedelta

from odoo.fields import Command

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW, ScheduleCase
from odoo.addons.service_schedule_waitlist.models.service_waitlist_message import ServiceWaitlistEntry

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FROZEN = NOW.replace(tzinfo=None)
"""Monday, 8:00 in New York."""


class WaitCase(ScheduleCase):
    """A mechanic alone in a shop that opens from 9 to 11: two hours a day, and three who want them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.point.calendar_id = cls.create_calendar("Short", [(day, 9, 11) for day in range(7)])
        cls.maria = cls.create_person("Maria")
        cls.hour = cls.env["service.offer"].create(
            {
                "name": "Brakes",
                "point_id": cls.point.id,
                "duration_minutes": 60,
                "step_minutes": 60,
                "allow_windows": False,
                "choose_resource": True,
                "lead_minutes": 60,
                "resource_ids": [Command.set(cls.maria.ids)],
            }
        )
        cls.anna, cls.bert, cls.carl = cls.env["res.partner"].create(
            [{"name": name, "email": f"{name.lower()}@example.com"} for name in ("Anna", "Bert", "Carl")]
        )
        cls.entries = cls.env["service.waitlist.entry"]
        cls.reservations = cls.env["service.reservation"]
        cls.env.cr.flush()

    @classmethod
    def patch_mails(cls):
        """Let customers get the mails that this addon sends by itself, also where one above it uses an outbox."""
        cls.classPatch(
            cls.registry["service.waitlist.entry"], "_send_customer_mail", ServiceWaitlistEntry._send_customer_mail
        )

    @classmethod
    def take(cls, hour, day=NEXT_DAY, offer=None, **kwargs):
        """Book an hour as the stranger John."""
        choice = f"time:{day.isoformat()}T{hour:02}:00:00-04:00"
        return cls.reservations._book(offer or cls.hour, choice, partner=cls.customer, **kwargs)

    @classmethod
    def fill(cls, day=NEXT_DAY):
        """Take both hours of a day; return the reservations."""
        return cls.take(9, day), cls.take(10, day)

    @classmethod
    def join(cls, partner, day=NEXT_DAY, offer=None, **kwargs):
        """Join the waitlist of a day."""
        return cls.entries._join(offer or cls.hour, day, partner, **kwargs)

    def run_cron(self):
        """Let the cron go through the line."""
        self.env.flush_all()
        cron = self.env.ref("service_schedule_waitlist.ir_cron_offer_waiting")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(cron.failure_count, 0)
