"""*Who should do this?* on a phone."""

from datetime import timedelta

from chromium import PHONE, find
from page_case import PageCase
from suite_server import transaction

from odoo import fields
from odoo.tests import tagged

DEMO = "service_schedule_demo"
CARDS = ".modal .o_field_widget[name=line_ids] .o_kanban_record:not(.o_kanban_ghost)"
WIDE = """[document.documentElement, ...document.querySelectorAll('.modal-content, .modal-content *')]
    .filter((box) => box.scrollWidth > innerWidth || box.getBoundingClientRect().right > innerWidth + 1)
    .map((box) => box.outerHTML.slice(0, 120))"""


@tagged("post_install", "-at_install", "standard")
class TestSuggestPhone(PageCase):
    """A dispatcher who is out finds somebody for a job."""

    screens = (PHONE,)

    @classmethod
    def prepare(cls, env):
        """Make a job that nobody has, wanted on days that all begin after today."""
        early = fields.Datetime.now() + timedelta(days=1)
        values = {"scheduled_duration": 0.25, "request_early": early, "request_late": early + timedelta(days=7)}
        cls.job = env["fsm.order"].create({**values, "location_id": env.ref(f"{DEMO}.location_taxi").id}).id

    def test_cards(self):
        """Technicians are cards, nothing is wider than the screen, and one tap gives the job away."""
        page = self.open_page(f"/odoo/jobs/{self.job}", ".o_form_view .o_form_sheet", "dispatcher")
        page.settle()
        page.click(".o_statusbar_buttons button[title=More]")
        page.click("button[name=action_suggest]")
        page.wait(find(CARDS), "the cards")
        page.settle()
        self.assertEqual(page.evaluate("document.querySelectorAll('.modal [name=line_ids] table').length"), 0)
        self.assertEqual(page.evaluate(WIDE), [])
        page.click(f"{CARDS} button", "Assign")
        page.wait(f"!({find(CARDS)})", "the job")
        with transaction(self.database) as env:
            self.assertTrue(env["fsm.order"].browse(self.job).person_id)
