from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.service_schedule.tests.common import NOW

from .common import DAY, ReportCase, october


@tagged("post_install", "-at_install")
class TestServiceCapacityRefresh(ReportCase):
    @freeze_time(NOW + 3 * DAY)
    def test_history_is_rewritten_on_request(self):
        """A manager who asks for it gets past days by the hours of today; days that he does not name stay."""
        self.refresh()
        self.point.calendar_id.attendance_ids.hour_to = 10
        wizard = self.env["service.capacity.refresh"].with_user(self.manager)
        values = {"point_ids": self.point.ids, "first_day": october(20), "last_day": october(20)}
        wizard.create(values).action_refresh()
        self.assertEqual(self.read_minutes(self.counter, october(19), october(20), october(21)), [7200, 1200, 7200])
        with self.assertRaises(ValidationError):
            wizard.create({**values, "last_day": october(19)})

    def test_only_managers_rewrite_history(self):
        """A technician may not open the wizard."""
        with self.assertRaises(AccessError):
            self.env["service.capacity.refresh"].with_user(self.technician).create({"point_ids": self.point.ids})
