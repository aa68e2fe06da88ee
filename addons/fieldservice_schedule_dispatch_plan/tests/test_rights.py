from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import EIGHT, PlanCase


@tagged("post_install", "-at_install")
class TestRights(PlanCase):
    """Only dispatchers and managers plan days, those of their companies, and only managers say how long it may take."""

    def test_technician(self):
        """A technician reads no plan, makes none and applies none."""
        self.create_open_job()
        plan = self.compute(self.create_plan())
        plans = self.env["fsm.plan"].with_user(self.user_maria)
        with self.assertRaises(AccessError):
            plans.create({})
        with self.assertRaises(AccessError):
            plan.with_user(self.user_maria).read(["name"])
        with self.assertRaises(AccessError):
            plan.with_user(self.user_maria).action_apply()
        with self.assertRaises(AccessError):
            plan.line_ids[0].with_user(self.user_maria).read(["why"])

    def test_lines_are_not_written_by_hand(self):
        """What a plan shows is what it found: nobody writes its lines."""
        self.create_open_job()
        line = self.compute(self.create_plan()).line_ids[0]
        for user in (self.dispatcher, self.boss):
            with self.assertRaises(AccessError):
                line.with_user(user).person_id = self.tom

    def test_budget(self):
        """How long a plan may think is for managers to say."""
        plan = self.create_plan()
        with self.assertRaises(AccessError):
            plan.with_user(self.dispatcher).seconds = 300
        plan.with_user(self.boss).seconds = 300
        made = self.env["fsm.plan"].with_user(self.dispatcher).create({"seconds": 500})
        self.assertEqual(made.seconds, self.company.dispatch_plan_seconds)

    def test_second_company(self):
        """A dispatcher of another company sees neither the plan nor its jobs, and technicians are the company's own."""
        self.create_open_job()
        plan = self.compute(self.create_plan())
        stranger = self.create_stranger()
        other = stranger.company_id
        plans = self.env["fsm.plan"].with_user(stranger)
        self.assertFalse(plans.search([]))
        with self.assertRaises(AccessError):
            plans.browse(plan.id).action_apply()
        own = plans.create({"date_from": EIGHT.date(), "date_to": EIGHT.date()})
        self.assertEqual((own.company_id, own.candidate_count), (other, 0))
        self.maria.company_id = self.company
        for person in self.everybody:  # Tom's contact has no company: he works where he may log in
            with self.assertRaisesRegex(ValidationError, person.name):
                self.env["fsm.plan"].create({"company_id": other.id, "person_ids": [(6, 0, person.ids)]})

    def test_second_company_stops_nothing(self):
        """A dispatcher of another company neither stops nor cancels what is being computed here, nor plans it again."""
        self.create_open_job()
        plan = self.create_plan()
        plan.action_start()
        foreign = plan.with_user(self.create_stranger())
        for act in (foreign.action_stop, foreign.action_cancel, foreign.action_again, foreign.action_start):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual((plan.state, plan.sudo().progress_ids.stop), ("waiting", False))
