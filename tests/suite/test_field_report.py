"""The report of utilisation on work at the customers' places."""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.fieldservice_schedule.tests.common import FieldCase


@tagged("post_install", "-at_install", "standard")
class TestFieldReport(FieldCase):
    """Available hours of technicians, who are on no offer of a shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.work = cls.env["service.point"]._get_field_work_offer(cls.company).point_id
        cls.maria.calendar_id = cls.env["resource.calendar"].create({"name": "Eight hours", "tz": "UTC"})
        monday = cls.work._get_today()
        cls.monday = monday + timedelta(days=7 - monday.weekday())

    def read_hours(self, points):
        """Return Maria's available hours on the coming Monday: one number a service point."""
        points._refresh_capacity()
        capacity = self.env["service.capacity"].sudo()
        found = capacity.search([("resource_id", "=", self.maria.resource_id.id), ("date", "=", self.monday)])
        return {row.point_id: row.available_hours for row in found}

    def test_technician(self):
        """A technician has her hours ahead, though the service point of field work is hidden."""
        self.assertEqual(self.read_hours(self.work), {self.work: 8})

    def test_no_technician(self):
        """Who is a technician no more has no hours ahead."""
        self.maria.active = False
        self.assertEqual(self.read_hours(self.work), {})

    def test_shared(self):
        """A technician who can be booked in a shop as well has each hour once."""
        calendar = self.maria.calendar_id.copy()
        shop = self.env["service.point"].create({"name": "Shop", "tz": "UTC", "calendar_id": calendar.id})
        self.env["service.offer"].create(
            {"name": "Advice", "point_id": shop.id, "resource_ids": [(6, 0, self.maria.resource_id.ids)]}
        )
        hours = self.read_hours(self.work | shop)
        self.assertEqual(set(hours), {self.work, shop})
        self.assertEqual(sum(hours.values()), 8)
