"""The calendar of jobs, as a technician sees it."""

from chromium import find
from page_case import PageCase

from odoo.tests import tagged


@tagged("post_install", "-at_install", "standard")
class TestJobCalendar(PageCase):
    """Who is visited can be read in each of the calendar's scales."""

    def test_customers_names(self):
        """Requirement document 001: scheduled walks with customer names, by day, week and month; a click tells more."""
        page = self.open_page("/odoo/my-jobs", ".o_event", "glazier")
        for scale in ("month", "week", "day"):
            page.click(".o_calendar_container .scale_button_selection")
            page.click(f".o_scale_button_{scale}")
            page.wait(find(".o_event", "Harbour Parcel, "), scale)
        page.go("/odoo/my-jobs", ".o_event")
        page.click(".o_event", "Harbour Parcel, ")
        page.wait(find(".o_cw_popover", "Harbour Parcel"), "what is done there")
