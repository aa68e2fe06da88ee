from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, YORK, PlanCase, run_cron

york = ZoneInfo(YORK)
BEGIN = datetime(2026, 3, 2, 10, tzinfo=york)


@tagged("post_install", "-at_install")
class TestPlanGenerate(PlanCase):
    """The scheduled action over many plans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.plans = cls.env["fsm.recurring"]
        cls.plans.search([("state", "=", "progress")]).state = "suspend"

    def create_plans(self, count, **values):
        """Return so many plans in progress, each at a site of its own, whose visits are not made yet."""
        sites = self.env["fsm.location"].create(
            [{"name": f"Lot {number}", "owner_id": self.fleet.id, "tz": YORK} for number in range(count)]
        )
        plans = self.plans
        for site in sites:
            plans |= self.create_plan(BEGIN, site=site, **values)
        plans.state = "progress"
        return plans

    def test_the_daily_run(self):
        """The scheduled action fills the horizon of all plans, once; another run the same day has nothing to do."""
        plans = self.create_plans(3)
        run_cron(self)
        self.assertEqual([len(plan.fsm_order_ids) for plan in plans], [5, 5, 5])
        made = plans.fsm_order_ids
        run_cron(self)
        self.assertEqual(plans.fsm_order_ids, made)
        with freeze_time(NOW + timedelta(days=8)):
            run_cron(self)
        self.assertEqual([len(plan.fsm_order_ids) for plan in plans], [6, 6, 6])

    def test_one_bad_plan_stops_no_other(self):
        """A plan whose visits cannot be made says why; the others of its batch get theirs."""
        plans = self.create_plans(3)
        self.env.flush_all()
        # a real refusal of the database, whatever reaches it
        self.env.cr.execute(
            f"""CREATE FUNCTION refuse_visit() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF NEW.fsm_recurring_id = {plans[1].id} THEN RAISE 'no visits here'; END IF; RETURN NEW; END $$;
                CREATE TRIGGER refuse_visit BEFORE INSERT ON fsm_order FOR EACH ROW EXECUTE FUNCTION refuse_visit()"""
        )
        with mute_logger("odoo.sql_db", "odoo.addons.fieldservice_schedule_plan.models.fsm_recurring_generate"):
            run_cron(self)
        self.assertEqual([len(plan.fsm_order_ids) for plan in plans], [5, 0, 5])
        self.assertIn("no visits here", plans[1].problem)
        self.env.cr.execute("DROP TRIGGER refuse_visit ON fsm_order")
        plans[1]._generate_soon()
        run_cron(self)
        self.assertEqual([len(plan.fsm_order_ids) for plan in plans], [5, 5, 5])
        self.assertFalse(plans[1].problem)

    @mute_logger("odoo.sql_db")
    def test_never_two_for_a_day(self):
        """The database itself refuses a second visit of a plan for the same day."""
        plan = self.create_plans(1)
        visit = plan._generate_orders()[0]
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO fsm_order (name, company_id, team_id, location_id, fsm_recurring_id, occurrence_date)"
                " SELECT 'X', company_id, team_id, location_id, fsm_recurring_id, occurrence_date"
                " FROM fsm_order WHERE id = %s",
                [visit.id],
            )

    def test_queries_for_each_plan(self):
        """Each further plan costs fewer than five queries, and a run that finds nothing to do a part of one."""
        self.create_plans(5)._generate_orders()
        counts = {}
        for count in (5, 25):
            plans = self.create_plans(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            plans._generate_orders()
            self.env.flush_all()
            counts[count] = self.cr.sql_log_count - before
        self.assertLess((counts[25] - counts[5]) / 20, 5)
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            plans._generate_orders()
