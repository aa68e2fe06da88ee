from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ScheduleCase


@tagged("post_install", "-at_install")
class TestTroubleTour(ScheduleCase, HttpCase):
    """What the manager sees who enters a leave over bookings."""

    def test_leave_to_reassigned(self):
        """He is told at once, sees what is broken, gives it to somebody else, and the list is empty again."""
        # whatever else is in the database is nobody's trouble here
        self.env["service.reservation"].search([("trouble", "!=", False)]).write({"trouble": False})
        people = self.create_person("Maria of the tour") + self.create_person("Ann of the tour")
        offer = self.offer.copy({"name": "Tour", "resource_ids": [Command.set(people.ids)], "allow_windows": False})
        first_day = fields.Date.today() + timedelta(days=3)
        slot = offer.get_availability(first_day, first_day + timedelta(days=3))[0]
        self.env["service.reservation"]._book(
            offer, offer._make_choice(slot), partner=self.customer, resources=people[0]
        )
        new_test_user(self.env, "trouble_boss", groups="service_schedule.group_manager", password="trouble_boss")
        self.env.cr.flush()
        self.start_tour("/odoo/new-times", "service_schedule_trouble", login="trouble_boss")
