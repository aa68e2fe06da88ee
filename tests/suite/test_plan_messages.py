"""What two addons that know nothing of each other make together: visits of plans, and who is told of them."""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.fieldservice_schedule_dispatch.tests.common import DispatchCase
from odoo.addons.fieldservice_schedule_plan.tests.common import run_cron


@tagged("post_install", "-at_install", "standard")
class TestPlanMessages(DispatchCase):
    """A customer wishes for a lot walk each week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
        cls.customer.email = "fleet@example.com"
        cls.preference = cls.env["service.preference"].create({"partner_id": cls.customer.id})

    def wish(self, **days):
        """Let the customer choose days, and the scheduled action run; return his visits by their time."""
        self.preference.write({"service_mode": "scheduled", "has_lot_walks": True, "mo": False, **days})
        run_cron(self)
        return self.preference.site_ids.plan_ids.fsm_order_ids.sorted("scheduled_date_start")

    def get_told(self, visit):
        """Return the kinds of messages about a visit in the outbox, as a set."""
        messages = self.env["service.notification.message"].search(
            [("res_model", "=", "fsm.order"), ("res_id", "=", visit.id)]
        )
        return {message.event_id.code.removeprefix("job_") for message in messages}

    def test_visits_are_quiet(self):
        """Of visits that a plan makes people hear the day before; of one that is tomorrow at once."""
        first, second, *_others = self.wish(tu=True)
        self.assertTrue(first.person_id and second.person_id)
        self.assertEqual(self.get_told(second), {"walk_tomorrow"})
        self.assertLessEqual({"scheduled", "assigned"}, self.get_told(first))

    def test_a_person_moves_a_visit(self):
        """What a person changes about a visit is told, to the customer and to the technician."""
        second = self.wish(tu=True)[1]
        second.scheduled_date_start += timedelta(hours=1)
        self.assertEqual(self.get_told(second), {"walk_tomorrow", "rescheduled", "moved"})

    def test_the_plan_changes(self):
        """Visits that are put aside because the customer chose another day are told to nobody."""
        second = self.wish(tu=True)[1]
        self.wish(tu=False, th=True)
        self.assertEqual(second.state, "cancelled")
        self.assertEqual(self.get_told(second), {"walk_tomorrow"})
