from datetime import datetime, timedelta

from odoo.addons.fieldservice_schedule_dispatch.tests.common import TODAY, DispatchCase

HOUR = timedelta(hours=1)
EIGHT = datetime(2031, 10, 20, 8)


class PlanCase(DispatchCase):
    """Lots in the west and in the east, between the homes of Maria and Tom, and jobs that nobody has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the demo's jobs are others' business
        cls.env["fsm.order"].search([("state", "in", ("requested", "assigned"))]).action_cancel()
        cls.west, cls.east = (
            cls.env["fsm.location"].create({"name": name, "owner_id": cls.customer.id, "tz": "UTC"})
            for name in ("West lot", "East lot")
        )
        cls.locate(cls.west, 28.50, -81.48)
        cls.locate(cls.east, 28.50, -81.12)

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
