import contextlib
from datetime import UTC, date, datetime

from odoo.tests import HttpCase, TransactionCase

NOW = datetime(2026, 3, 2, 14)
"""Naive UTC; Monday, 9:00 in New York."""
TODAY = date(2026, 3, 2)
YORK, SYDNEY = "America/New_York", "Australia/Sydney"


def run_cron(test):
    """Let the scheduled action of the plans run, with the commits that it makes."""
    test.env.flush_all()
    with contextlib.nullcontext() if isinstance(test, HttpCase) else test.enter_registry_test_mode():
        test.env.ref("fieldservice_recurring.recurring_orders_cron").method_direct_trigger()
    test.env.invalidate_all()


class PlanCase(TransactionCase):
    """A windshield firm, a customer with a fleet, and his lots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.partner_id.tz = YORK
        cls.company.resource_calendar_id = cls.create_week(cls.company, YORK)
        cls.fleet = cls.env["res.partner"].create({"name": "Green Vans", "is_company": True, "tz": YORK})
        cls.lot = cls.create_site("North Lot")
        cls.weekly = cls.create_rules({"interval_type": "weekly", "use_byweekday": True, "mo": True})

    @classmethod
    def create_week(cls, company, tz):
        """Return working hours from Monday to Friday, 8 to 17."""
        lines = [(0, 0, {"name": "Work", "dayofweek": str(day), "hour_from": 8, "hour_to": 17}) for day in range(5)]
        return cls.env["resource.calendar"].create(
            {"name": "Week", "company_id": company.id, "tz": tz, "attendance_ids": [(5, 0, 0), *lines]}
        )

    @classmethod
    def create_site(cls, name, tz=YORK, owner=None):
        """Return a site of the fleet."""
        return cls.env["fsm.location"].create({"name": name, "owner_id": (owner or cls.fleet).id, "tz": tz})

    @classmethod
    def create_rules(cls, *rules, days=28):
        """Return a set of rules that looks so many days ahead."""
        made = cls.env["fsm.frequency"].create([{"name": "Rule", "interval": 1, **rule} for rule in rules])
        return cls.env["fsm.frequency.set"].create(
            {"name": "Rules", "schedule_days": days, "fsm_frequency_ids": made.ids}
        )

    @classmethod
    def create_plan(cls, begin, rules=None, site=None, **values):
        """Return a plan that is a draft.

        :param begin: an aware datetime, when its first visit should begin
        """
        return cls.env["fsm.recurring"].create(
            {
                "location_id": (site or cls.lot).id,
                "fsm_frequency_set_id": (rules or cls.weekly).id,
                "start_date": begin.astimezone(UTC).replace(tzinfo=None),
                "scheduled_duration": 1,
                **values,
            }
        )

    @classmethod
    def close(cls, first, last=None, company=None):
        """Make public holidays of the days, both included, by the clock of New York."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": (company or cls.company).id,
                "calendar_id": (company or cls.company).resource_calendar_id.id,
                "date_from": datetime(first.year, first.month, first.day, 5),
                "date_to": datetime((last or first).year, (last or first).month, (last or first).day, 23),
            }
        )

    @staticmethod
    def get_starts(visits, zone):
        """Return when visits begin, as text by the clock of a zone, ascending."""
        moments = [visit.scheduled_date_start.replace(tzinfo=UTC).astimezone(zone) for visit in visits]
        return [f"{moment:%a %Y-%m-%d %H:%M}" for moment in sorted(moments)]
