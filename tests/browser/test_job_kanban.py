"""The states of jobs on a phone, as a technician meets them."""

from chromium import PHONE, find
from page_case import PageCase

from odoo.tests import tagged

COLUMNS = "[...document.querySelectorAll('.o_kanban_group')]"
EMPTY = f"{COLUMNS}.filter((column) => !column.querySelector('.o_kanban_record'))"


@tagged("post_install", "-at_install", "standard")
class TestJobKanban(PageCase):
    """A column fills a phone's screen, so none is shown that has nothing."""

    screens = (PHONE,)

    def test_my_jobs(self):
        """My Jobs opens on what is to be done, the first first."""
        page = self.open_page("/odoo/my-jobs", ".o_kanban_record", "glazier")
        self.assertEqual(page.evaluate(f"{EMPTY}.length"), 0)
        self.assertIn("Assigned", page.evaluate(f"{COLUMNS}[0].querySelector('.o_column_title').textContent"))
        page.click(".o_kanban_record")
        page.wait(find(".o_form_view .o_field_widget[name=name]"), "the job")

    def test_wide(self):
        """On a wide screen all states are there: a job is dragged to the next."""
        page = self.open_page("/odoo/jobs-by-state", ".o_kanban_record", "dispatcher")
        narrow = page.evaluate(f"{COLUMNS}.length")
        page.set_screen({**PHONE, "width": 1280, "mobile": False})
        page.go("/odoo/jobs-by-state", ".o_kanban_record")
        page.wait(find(".o_kanban_group", "Cancelled"), "the last state")
        self.assertGreaterEqual(page.evaluate(f"{COLUMNS}.length"), max(narrow, 6))
