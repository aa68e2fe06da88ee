"""Planned days under axe-core, at a desk and on a phone."""

from datetime import timedelta

from chromium import DESKTOP, PHONE, find
from page_case import ODOO_PARTS, PageCase

from odoo import fields
from odoo.tests import tagged


@tagged("post_install", "-at_install", "standard")
class TestPlanPages(PageCase):
    """What a dispatcher sees of planned days, at a desk and on a phone."""

    judged = ".o_action_manager"
    screens = (DESKTOP, PHONE)
    excluded = {
        **ODOO_PARTS,
        ".o_progress": "Odoo's progress bar has values and no role",
        ".o_form_label": "Odoo's labels are pale on a phone and in a dialog",
    }

    @classmethod
    def prepare(cls, env):
        """Plan the day after tomorrow: a plan that is ready, and one that waits for its turn."""
        day = fields.Date.today() + timedelta(days=2)
        ready, waiting = env["fsm.plan"].create([{"date_from": day, "date_to": day, "iterations": 50}] * 2)
        ready.action_start()
        ready._run()
        waiting.action_start()
        cls.plans = {plan.state: plan.id for plan in (ready, waiting)}

    def test_plans(self):
        """The list, a plan with its preview, one that is still computed, and what is asked before."""
        self.assertIn("ready", self.plans)
        self.assertEqual(len(self.plans), 2)
        base = "/odoo/plans-of-days"
        cases = [("plans", base, ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")]
        cases += [
            (f"plan, {state}", f"{base}/{plan}", ".o_form_view .o_statusbar_status")
            for state, plan in self.plans.items()
        ]
        self.check_all(cases, "dispatcher")
        page = self.open_page(base, ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)", "dispatcher")
        page.click(".o_main_navbar button", "Operations")
        page.click(".dropdown-item", "Plan Days")
        page.wait(find(".modal .o_form_view"), "the question")
        self.judged, former = ".modal-body", self.judged  # the frame is Odoo's: it has no name
        self.check(page, "plan days")
        self.judged = former
