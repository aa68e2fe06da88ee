from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import DayCase


@tagged("post_install", "-at_install")
class TestTours(DayCase, HttpCase):
    """What a technician sees and presses, on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        begin = max(datetime.combine(today, datetime.min.time()), fields.Datetime.now() - timedelta(minutes=10))
        cls.job.write({"scheduled_date_start": begin, "scheduled_duration": 0.1})
        cls.second.write({"scheduled_date_start": begin + timedelta(minutes=7), "scheduled_duration": 0.1})

    def test_day(self):
        """A day: the way there, the checklist, start, finish with what was done, next, and what cannot be done."""
        self.start_tour("/field", "field_day", login="maria@field")
        self.assertEqual(self.job.state, "completed")
        self.assertIn("Filled the chip", self.job.resolution)
        self.assertIn("The gate code has changed", "".join(self.job.message_ids.mapped("body")))
        self.assertIn("o_checked", self.job.todo.split("Photograph")[0])
        self.assertEqual((self.second.state, self.second.return_reason), ("requested", "part"))
        self.assertFalse(self.second.person_id)
