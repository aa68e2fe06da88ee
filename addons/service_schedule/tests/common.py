from datetime import UTC, date, datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL, mute_logger

from odoo.addons.service_schedule.models.service_reservation_reassign import ServiceReservation

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
    def patch_mails(cls):
        """Let customers get the mails that this addon sends by itself, also where one above it uses an outbox."""
        cls.classPatch(
            cls.registry["service.reservation"], "_send_customer_mail", ServiceReservation._send_customer_mail
        )

    @classmethod
    def book(cls, choice, **kwargs):
        """Book the tank fill as a customer at NOW."""
        kwargs.setdefault("now", NOW)
        return cls.env["service.reservation"]._book(cls.offer, choice, partner=cls.customer, **kwargs)

    def spoil(self, record):
        """Let the database refuse every change of one row until ``heal``: a record that really fails, no double."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql
                   AS $$ BEGIN RAISE 'spoilt'; END $$;
                   CREATE TRIGGER spoilt BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.id = %s)
                   EXECUTE FUNCTION pg_temp.refuse()""",
                SQL.identifier(record._table),
                record.id,
            )
        )

    def heal(self, record):
        """Let the database accept changes of the row again."""
        self.env.cr.execute(SQL("DROP TRIGGER spoilt ON %s", SQL.identifier(record._table)))

    def run_cron(self, xmlid, now=NOW, failing=None):
        """Run a scheduled action at ``now``; of a ``failing`` record the log must say which it is.

        It is one of this addon, unless ``xmlid`` names another's.
        ``failing`` is ``(record, name of the logger)``.
        """
        cron = self.env.ref(xmlid if "." in xmlid else f"service_schedule.{xmlid}")
        with freeze_time(now), self.enter_registry_test_mode():
            if not failing:
                cron.method_direct_trigger()
                return
            record, logger = failing
            with mute_logger("odoo.sql_db"), self.assertLogs(logger, "ERROR") as log:
                cron.method_direct_trigger()
        self.assertIn(str(record), "".join(log.output))

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
