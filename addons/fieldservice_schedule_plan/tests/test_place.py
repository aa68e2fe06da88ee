from datetime import datetime, timedelta
from itertools import pairwise

from odoo.tests import tagged

from odoo.addons.fieldservice_schedule_dispatch.tests.common import NOW, DispatchCase

from .common import run_cron

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE = datetime(2031, 10, 21, 9)


@tagged("post_install", "-at_install")
class TestPlace(DispatchCase):
    """Visits get technicians and times that are really free."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
        cls.preference = cls.env["service.preference"].create({"partner_id": cls.customer.id})

    def wish(self, **values):
        """Let the customer wish for a lot walk each Tuesday, and the scheduled action run; return the visits."""
        walks = {"service_mode": "scheduled", "has_lot_walks": True, "mo": False, "tu": True}
        self.preference.write({**walks, **values})
        run_cron(self)
        return self.preference.site_ids.plan_ids.fsm_order_ids.sorted("occurrence_date")

    def test_who_is_nearer(self):
        """Each visit has a technician whose time is reserved, at the time that the customer wants."""
        visits = self.wish()
        self.assertEqual(len(visits), 4)
        self.assertEqual((visits.person_id, set(visits.mapped("state"))), (self.maria, {"assigned"}))
        for visit in visits:
            self.assertEqual(visit.scheduled_date_start, visit.due_start)
            self.assert_time(visit, self.maria, visit.scheduled_date_start, visit.scheduled_date_end)
        self.assertFalse(any(visits.mapped("is_moved")))

    def test_preferred(self):
        """Whom the customer prefers comes, if that is worth the way, and whom he prefers at one site there."""
        self.company.dispatch_preferred = 10 * 60
        self.assertEqual(self.wish(preferred_person_ids=[(6, 0, self.tom.ids)]).person_id, self.tom)
        other = self.env["fsm.location"].create({"name": "Lot 4", "owner_id": self.customer.id, "tz": "UTC"})
        self.locate(other, 28.5, -81.12)
        line = self.preference.site_ids.filtered(lambda site: site.location_id == other)
        line.write({"preferred_person_ids": [(6, 0, self.maria.ids)], "rhythm": "own", "mo": False, "th": True})
        run_cron(self)
        self.assertEqual(line.plan_ids.fsm_order_ids.person_id, self.maria)

    def test_the_plans_own_technician(self):
        """A plan that names its technician gets nobody else; when he is away the visit says so."""
        self.wish()
        plan = self.preference.site_ids.plan_ids
        plan.fsm_order_ids.with_context(is_planning=True).write({"person_id": False, "placed_on": False})
        plan.person_id = self.tom
        self.create_leave(NINE - 9 * HOUR, NINE + 15 * HOUR, person=self.tom)
        run_cron(self)
        first, *others = plan.fsm_order_ids.sorted("occurrence_date")
        self.assertEqual({visit.person_id for visit in others}, {self.tom})
        self.assertFalse(first.person_id)
        self.assertIn("Tom: is not there on that day", first.placement_problem)

    def test_later_the_same_day(self):
        """When nobody is free at the wanted time, somebody comes later the same day."""
        for person in self.everybody:
            self.create_job(NINE - HOUR, person, 3)
        first = self.wish()[0]
        self.assertTrue(first.person_id, first.placement_problem)
        self.assertTrue(NINE + HOUR < first.scheduled_date_start < NINE + 8 * HOUR)
        self.assertEqual(first.due_start, NINE)

    def test_could_not_be_placed(self):
        """Nobody has time on that day: the visit is listed with the reasons, and placed when somebody has."""
        jobs = self.env["fsm.order"]
        for person in self.everybody:
            jobs |= self.create_job(NINE - HOUR, person, 9)
        first = self.wish()[0]
        self.assertEqual((first.person_id.ids, first.state), ([], "requested"))
        self.assertTrue("Maria: " in first.placement_problem and "Tom: " in first.placement_problem)
        found = self.env["fsm.order"].search(
            [("placement_problem", "!=", False), ("person_id", "=", False), ("state", "=", "requested")]
        )
        self.assertIn(first, found)
        jobs[0].action_cancel()
        first.action_place()
        self.assertEqual((first.person_id, first.placement_problem), (self.maria, False))

    def test_nobody_knows_where(self):
        """A site without coordinates is named."""
        self.locate(self.site, 0, 0)
        self.assertIn("Lot 3 has no coordinates", self.wish()[0].placement_problem)

    def test_two_visits_at_once(self):
        """Two sites at the same hour are given to two technicians, or one after the other: never both at once."""
        for number in range(3):
            site = self.env["fsm.location"].create(
                {"name": f"Lot 1{number}", "owner_id": self.customer.id, "tz": "UTC"}
            )
            self.locate(site, 28.5, -81.4)
        self.wish()
        visits = self.preference.site_ids.plan_ids.fsm_order_ids.filtered(
            lambda one: one.occurrence_date == NINE.date()
        )
        self.assertEqual(len(visits.filtered("person_id")), 4)
        for person, own in visits.grouped("person_id").items():
            spans = sorted((visit.scheduled_date_start, visit.scheduled_date_end) for visit in own)
            self.assertTrue(all(before[1] <= after[0] for before, after in pairwise(spans)), person)

    def test_chosen_by_hand_stays(self):
        """Whom a dispatcher chose is not replaced, and what he took away from all is not given to another."""
        visits = self.wish()
        visits[0].person_id = self.tom
        visits[1].person_id = False
        self.preference.walk_time = 10
        run_cron(self)
        self.assertEqual((visits[0].person_id, visits[1].person_id.ids), (self.tom, []))
        self.assertEqual(visits[2].due_start, NINE + HOUR + 14 * DAY)
        self.assertLess(NOW, visits[2].scheduled_date_start)
