"""The board and a plan of days on visits: a drag is a person's choice, what a plan moves or drops is not."""

from odoo.tests import tagged

from odoo.addons.fieldservice_schedule_board.tests.common import text
from odoo.addons.fieldservice_schedule_dispatch_plan.tests.common import EIGHT, HOUR, TODAY, PlanCase


@tagged("post_install", "-at_install", "standard")
class TestMovedByHand(PlanCase):
    """Visits of a plan, today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rules = cls.env["fsm.frequency.set"].create({"name": "None"})
        cls.recurring = cls.env["fsm.recurring"].create({"location_id": cls.west.id, "fsm_frequency_set_id": rules.id})

    def create_visit(self, start, person, site, **values):
        """Return a visit of a plan, which dispatch has placed."""
        number = len(self.recurring.fsm_order_ids)
        return self.create_job(
            start,
            person,
            location_id=site.id,
            fsm_recurring_id=self.recurring.id,
            occurrence_date=TODAY.replace(day=TODAY.day + number),
            due_start=start,
            is_dispatched=True,
            **values,
        )

    def test_board(self):
        """A dispatcher drags a visit to another hour."""
        visit = self.create_visit(EIGHT + HOUR, self.maria, self.west)
        self.assertFalse(visit.is_moved)
        seen = {
            "person_id": self.maria.id,
            "start": text(visit.scheduled_date_start),
            "stop": text(visit.scheduled_date_end),
        }
        change = {"start": text(EIGHT + 3 * HOUR), "stop": text(EIGHT + 4 * HOUR)}
        answer = self.env["fsm.board"].with_user(self.dispatcher).move_job(visit.id, change, seen)
        self.assertTrue(answer["ok"], answer)
        self.assertTrue(visit.is_moved)

    def test_plan_moves_and_drops(self):
        """A technician is ill: the plan that a dispatcher applies moves one visit and drops the other."""
        visits = self.create_visit(EIGHT + 0.5 * HOUR, self.maria, self.east, hours=3)
        visits |= self.create_visit(EIGHT + 4 * HOUR, self.maria, self.east, hours=3)
        self.create_job(EIGHT + 4 * HOUR, self.tom, hours=4.5, is_locked=True, location_id=self.east.id)
        self.create_leave(EIGHT - 4 * HOUR, EIGHT + 12 * HOUR, "Ill", person=self.maria)
        plan = self.compute(self.create_plan(kind="replan", with_assigned=True, time_rule="free"))
        plan.action_apply()
        self.assertEqual(plan.state, "applied", plan.problem_text)
        self.assertEqual(sorted(visits.mapped("state")), ["assigned", "requested"])
        self.assertEqual((visits.person_id, visits.mapped("is_moved")), (self.tom, [False, False]))
        self.assertEqual(sorted(visits.mapped("is_dispatched")), [False, True])
