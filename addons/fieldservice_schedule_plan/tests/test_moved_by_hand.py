from datetime import datetime, timedelta

from odoo.tests import Form, new_test_user, tagged

from odoo.addons.fieldservice_schedule_dispatch.tests.common import DispatchCase

from .common import run_cron

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE = datetime(2031, 10, 21, 9)


@tagged("post_install", "-at_install")
class TestMovedByHand(DispatchCase):
    """What a person chose for a visit is marked and stays; what plans and dispatch decide themselves is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
        cls.preference = cls.env["service.preference"].create(
            {
                "partner_id": cls.customer.id,
                "service_mode": "scheduled",
                "has_lot_walks": True,
                "mo": False,
                "tu": True,
            }
        )
        cls.boss = new_test_user(cls.env, "boss@moved", groups="fieldservice.group_fsm_manager", tz="UTC")

    def setUp(self):
        super().setUp()
        run_cron(self)
        self.visit = self.get_visits()[0]

    def get_visits(self):
        """Return the visits of the customer's plan, by their days."""
        return self.preference.site_ids.plan_ids.fsm_order_ids.sorted("occurrence_date")

    def change_plan(self, hour):
        """Let the customer wish for another hour, and the scheduled action run."""
        self.preference.walk_time = hour
        run_cron(self)

    def assert_chosen(self, start):
        """The visit is marked, alone, and stays where it is when its plan changes; the others follow the plan."""
        self.assertEqual(self.get_visits().filtered("is_moved"), self.visit)
        self.change_plan(14)
        self.assertEqual(self.visit.scheduled_date_start, start)
        self.assertEqual(self.get_visits()[1].scheduled_date_start, NINE + 7 * DAY + 5 * HOUR)

    def test_form(self):
        """A dispatcher changes the time in the form."""
        with Form(self.visit.with_user(self.dispatcher)) as form:
            form.scheduled_date_start = NINE + 2 * HOUR
        self.assert_chosen(NINE + 2 * HOUR)

    def test_written(self):
        """A program calls ``write`` for its user, as a drag in the calendar and an import do."""
        self.visit.with_user(self.dispatcher).write(
            {"scheduled_date_start": "2031-10-21 11:00:00", "scheduled_date_end": "2031-10-21 12:00:00"}
        )
        self.assert_chosen(NINE + 2 * HOUR)

    def test_nothing_chosen(self):
        """Saving the same place, or something else, is no choice: the visit follows its plan."""
        self.visit.with_user(self.dispatcher).write(
            {
                "scheduled_date_start": self.visit.scheduled_date_start,
                "person_id": self.visit.person_id.id,
                "description": "Ring twice",
            }
        )
        self.assertFalse(self.visit.is_moved)
        self.change_plan(14)
        self.assertEqual(self.visit.scheduled_date_start, NINE + 5 * HOUR)

    def test_suggestion(self):
        """Whom a dispatcher takes from the answers to "Who should do this?" is his choice."""
        person = self.everybody - self.visit.person_id
        self.visit.with_user(self.dispatcher).write({"person_id": person[0].id, "is_dispatched": True})
        self.assert_chosen(NINE)

    def test_overbooked(self):
        """A manager overbooks."""
        self.create_job(NINE + 2 * HOUR, self.tom)
        self.visit.with_user(self.boss)._overbook(self.tom, NINE + 2 * HOUR, 1, "He is there anyway")
        self.assertTrue(self.visit.is_overbooked)
        self.assert_chosen(NINE + 2 * HOUR)

    def test_customer(self):
        """The reservation is moved: by the customer's page, the API, or a calendar."""
        reservation = self.visit.sudo().reservation_id
        reservation._reschedule("time:2031-10-21T11:00:00+00:00", by_staff=True)
        self.assert_chosen(NINE + 2 * HOUR)

    def test_engines(self):
        """Dispatch gives it to somebody else, or takes it away: nobody chose, and it is placed and follows again."""
        person = (self.everybody - self.visit.person_id)[0]
        self.visit._plan_many({self.visit: (person, NINE + HOUR, 1.0)})
        self.assertFalse(self.visit.is_moved)
        self.visit._plan_many({self.visit: (person.browse(), NINE + HOUR, 1.0)})
        self.assertEqual((self.visit.is_moved, self.visit.state), (False, "requested"))
        self.visit.placed_on = False
        self.change_plan(14)
        self.assertEqual(self.visit.scheduled_date_start, NINE + 5 * HOUR)
        self.assertTrue(self.visit.person_id)

    def test_zone(self):
        """The rules of a zone change: the time moves, and nobody chose it."""
        reservation = self.visit.sudo().reservation_id
        before = reservation._get_place()
        reservation.write(
            {name: reservation[name] + HOUR for name in ("start", "stop", "blocked_start", "blocked_stop")}
        )
        reservation._record("zone", before, "")
        self.assertEqual((self.visit.scheduled_date_start, self.visit.is_moved), (NINE + HOUR, False))

    def test_plan_regenerated(self):
        """A plan that is suspended, resumed and changed marks none of its visits."""
        plan = self.preference.site_ids.plan_ids
        plan.action_suspend()
        plan.action_start()
        self.change_plan(14)
        self.assertFalse(self.get_visits().filtered("is_moved"))
