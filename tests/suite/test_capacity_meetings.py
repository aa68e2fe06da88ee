"""What two addons that know nothing of each other make together: meetings are no available hours."""

from datetime import datetime

from odoo.tests import tagged

from odoo.addons.sale_service_schedule_report.tests.common import ReportCase, october


@tagged("post_install", "-at_install", "standard")
class TestCapacityMeetings(ReportCase):
    """Reports and the staff's own calendars."""

    def test_meeting(self):
        """A meeting of two hours takes two of the twelve that its owner can be booked; others keep theirs."""
        user = self.technician
        busy, free = self.create_person(user_id=user.id), self.create_person("Tom")
        self.create_visit(busy, free)
        self.env["calendar.event"].create(
            {
                "name": "Supplier",
                "start": datetime(2026, 10, 20, 15, 0),
                "stop": datetime(2026, 10, 20, 17, 0),
                "user_id": user.id,
                "partner_ids": user.partner_id.ids,
            }
        )
        self.refresh()
        days = (october(20), october(21))
        self.assertEqual(self.read_minutes(busy, *days), [600, 720])
        self.assertEqual(self.read_minutes(free, *days), [720, 720])
