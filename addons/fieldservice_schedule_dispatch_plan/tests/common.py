from odoo.addons.fieldservice_schedule_dispatch.tests.common import EIGHT, HOUR, TODAY, DispatchCase

__all__ = ["EIGHT", "HOUR", "TODAY", "PlanCase"]


class PlanCase(DispatchCase):
    """Lots in the west and in the east, between the homes of Maria and Tom, and jobs that nobody has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the demo's jobs are others' business
        cls.env["fsm.order"].search([("state", "in", ("requested", "assigned"))]).action_cancel()
        cls.west, cls.east = cls.create_lot("West lot", -81.48), cls.create_lot("East lot", -81.12)

    @classmethod
    def create_plan(cls, user=None, **values):
        """Return a plan of today that is bound by tries, since the tests' clocks stand still."""
        values = {"date_from": TODAY, "date_to": TODAY, "iterations": 200, **values}
        plan = cls.env["fsm.plan"].create(values)
        return plan.with_user(user or cls.dispatcher)

    def compute(self, plan):
        """Start a plan, and do what the queue would do."""
        plan.action_start()
        plan._run()
        self.assertEqual(plan.state, "ready", plan.problem_text)
        return plan

    def lines(self, plan):
        """Return ``{job: line}`` without what only stands."""
        return {line.job_id: line for line in plan.line_ids if line.kind != "fixed"}
