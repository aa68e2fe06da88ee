from datetime import date, timedelta

from odoo.addons.sale_service_schedule.tests.common import SaleScheduleCase
from odoo.addons.service_schedule.tests.common import NOW, TODAY

from ..models import service_point

ALWAYS = [(day, 0, 24) for day in range(7)]
DAY = timedelta(days=1)
LAST_DAY = TODAY + timedelta(days=60)


class ReportCase(SaleScheduleCase):
    """The dive shop in New York: Monday to Saturday 8-20, a counter with ten places; at NOW it is Monday, 8 o'clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(service_point, "PATIENCE_SECONDS", 3600)  # a busy machine leaves nothing to the cron
        cls.counter = cls.point.counter_id
        cls.report = cls.env["service.schedule.report"]
        cls.capacity = cls.env["service.capacity"]

    @classmethod
    def create_visit(cls, *people, point=None, **values):
        """Return an offer of an hour that ``people`` do."""
        return cls.env["service.offer"].create(
            {
                "name": "Visit",
                "point_id": (point or cls.point).id,
                "resource_ids": [(6, 0, [person.id for person in people])],
                "duration_minutes": 60,
                "lead_minutes": 0,
                "horizon_days": 0,
                **values,
            }
        )

    @classmethod
    def book_visit(cls, offer, choice, now=NOW, **kwargs):
        """Return a reservation at a wall clock time of New York: "2026-10-20T10:00:00-04:00"."""
        return cls.env["service.reservation"]._book(
            offer, f"time:{choice}", partner=cls.customer, now=now, by_staff=True, **kwargs
        )

    @classmethod
    def refresh(cls, point=None, now=NOW, **kwargs):
        """Compute the available hours of the shop at ``now``."""
        (point or cls.point)._refresh_capacity(now=now, **kwargs)

    def read_minutes(self, resource, *days, point=None):
        """Return the available minutes of a resource on days, None for a day without a row."""
        rows = self.capacity.search([("resource_id", "=", resource.id), ("point_id", "=", (point or self.point).id)])
        minutes = {row.date: row.available_minutes for row in rows}
        return [minutes.get(day) for day in days]

    def read_group(self, groupby, *measures, domain=()):
        """Return ``{group values: measures}`` of the shop's rows."""
        domain = [("point_id", "=", self.point.id), *domain]
        rows = self.report._read_group(domain, groupby, [f"{name}:sum" for name in measures])
        return {row[: len(groupby)]: row[len(groupby) :] for row in rows}


def october(day):
    """Return a day of October 2026."""
    return date(2026, 10, day)


def november(day):
    """Return a day of November 2026; clocks go back on the first."""
    return date(2026, 11, day)
