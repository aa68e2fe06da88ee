from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.addons.fieldservice_schedule.tests.common import FieldCase

NOW = datetime(2031, 10, 20, 5)
"""Naive UTC; Monday morning, before anybody works."""
TODAY = date(2031, 10, 20)
HOUR = timedelta(hours=1)
EIGHT = datetime(2031, 10, 20, 8)
"""When work begins, naive UTC."""


class DispatchCase(FieldCase):
    """Maria lives in the west, Tom in the east; both work from 8 to 17 UTC, from Monday to Friday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.company.partner_id.tz = "UTC"
        lines = [(0, 0, {"name": "Work", "dayofweek": str(day), "hour_from": 8, "hour_to": 17}) for day in range(5)]
        cls.week = cls.env["resource.calendar"].create(
            {"name": "Week", "company_id": cls.company.id, "tz": "UTC", "attendance_ids": [(5, 0, 0), *lines]}
        )
        cls.everybody = cls.maria | cls.tom
        cls.env["fsm.person"].search([("id", "not in", cls.everybody.ids)]).active = False
        cls.everybody.resource_id.write({"calendar_id": cls.week.id, "tz": "UTC"})
        cls.locate(cls.maria, 28.50, -81.50)
        cls.locate(cls.tom, 28.50, -81.10)
        cls.locate(cls.site, 28.50, -81.45)

    @classmethod
    def locate(cls, record, latitude, longitude):
        """Put a site or a technician's home on the map."""
        record.partner_id.write({"partner_latitude": latitude, "partner_longitude": longitude})

    @classmethod
    def create_lot(cls, name, longitude):
        """Return another lot of the customer, on the line between the technicians' homes."""
        lot = cls.env["fsm.location"].create({"name": name, "owner_id": cls.customer.id, "tz": "UTC"})
        cls.locate(lot, 28.50, longitude)
        return lot

    @classmethod
    def create_open_job(cls, **values):
        """Return a job that nobody has and that may begin at any time."""
        return cls.create_job(**{"request_early": False, "request_late": False, **values})
