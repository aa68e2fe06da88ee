"""One plan of days is applied by two at once, in all orders in which two transactions can meet; two plans as well."""

import threading

from suite_plan_days import PlanDaysCase
from suite_race import Booker, finish, is_waiting, race, wait_until
from suite_server import transaction

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

ALREADY = "has applied this plan already"
JUST_NOW = "applying this plan just now"


@tagged("post_install", "-at_install", "standard")
class TestRacePlanDays(PlanDaysCase):
    """Real transactions: jobs are moved once, and whoever came second is told so in a sentence."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.sql_db", "odoo.service.model"))
        self.job_ids = self.create_jobs()

    def assert_told(self, booker, words):
        """Check that somebody was refused with a sentence, not with what a database says."""
        self.assertIsInstance(booker.error, UserError)
        self.assertRegex(str(booker.error), words)

    def test_two_at_once(self):
        """Two dispatchers apply a plan at the same moment, and one of them clicks twice: one did, the rest are told."""
        plan_id = self.compute_plan(self.job_ids)
        bookers = race([self.applying(plan_id, user) for user in (0, 0, 1)], self.opening)
        losers = [booker for booker in bookers if not booker.won]
        self.assertEqual(len(losers), 2)
        for loser in losers:
            self.assert_told(loser, f"{ALREADY}|{JUST_NOW}")
        self.assertEqual(self.read_plan(plan_id)["state"], "applied")
        self.assert_applied_once(plan_id, self.job_ids)

    def test_second_had_looked_before(self):
        """Whoever began to read before the first had applied it reads again, and is told who did."""
        plan_id = self.compute_plan(self.job_ids)
        start = threading.Event()
        second = Booker(self.applying(plan_id, 1), start, self.opening)
        wait_until(lambda: second.pid and self.has_snapshot(second.pid), "the second has read")
        with transaction(self.database) as env:
            self.applying(plan_id, 0)(env)
        start.set()
        finish([second])
        self.assert_told(second, f"Nora {ALREADY}")
        self.assert_applied_once(plan_id, self.job_ids)

    def has_snapshot(self, pid):
        """Return whether a session has read something in the transaction that it is in."""
        with transaction(self.database) as env:
            env.cr.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s AND state = 'idle in transaction'", [pid])
            return bool(env.cr.rowcount)

    def test_second_comes_in_the_middle(self):
        """While one is being applied the other is told at once, and needs not wait for its end."""
        plan_id = self.compute_plan(self.job_ids)
        with transaction(self.database) as env:
            env.cr.execute("SELECT 1 FROM fsm_order WHERE id = %s FOR UPDATE", [self.job_ids[-1]])
            first = Booker(self.applying(plan_id, 0), None, self.opening)
            wait_until(lambda: first.pid and is_waiting(first.pid), "the first has come to the last job")
            [second] = finish([Booker(self.applying(plan_id, 1), None, self.opening)])
            self.assert_told(second, JUST_NOW)
        finish([first])
        self.assertIsNone(first.error)
        self.assert_applied_once(plan_id, self.job_ids)

    def test_two_plans_of_the_same_jobs(self):
        """Two dispatchers made a plan each, for other technicians: one is applied, the other out of date, none half."""
        plans = [self.compute_plan(self.job_ids, [person]) for person in self.person_ids]
        bookers = race([self.applying(plan, user) for user, plan in enumerate(plans)], self.opening)
        self.assertEqual([booker.error for booker in bookers], [None, None])
        states = [self.read_plan(plan)["state"] for plan in plans]
        self.assertEqual(sorted(states), ["applied", "stale"])
        self.assert_applied_once(plans[states.index("applied")], self.job_ids)
        self.assertIn("out of date", self.read_plan(plans[states.index("stale")])["problem_text"])

    def test_cancelled_in_the_middle(self):
        """Cancelling what is being applied comes too late: it is applied, and stays so."""
        plan_id = self.compute_plan(self.job_ids)
        with transaction(self.database) as env:
            env.cr.execute("SELECT 1 FROM fsm_order WHERE id = %s FOR UPDATE", [self.job_ids[-1]])
            first = Booker(self.applying(plan_id), None, self.opening)
            wait_until(lambda: first.pid and is_waiting(first.pid), "the first has come to the last job")
            second = Booker(self.cancelling(plan_id), None, self.opening)
            wait_until(lambda: second.pid and is_waiting(second.pid), "the second waits for the plan")
        finish([first, second])
        self.assertEqual([first.error, second.error], [None, None])
        self.assertEqual(self.read_plan(plan_id)["state"], "applied")
        self.assert_applied_once(plan_id, self.job_ids)

    def cancelling(self, plan_id):
        """Return the act of cancelling a plan as the second dispatcher."""
        return lambda env: retrying(env["fsm.plan"].with_user(self.user_ids[1]).browse(plan_id).action_cancel, env)

    def test_started_twice_at_once(self):
        """Two clicks on Plan put one job in the background, not two."""
        plan_id = self.create_plan(self.job_ids)
        with transaction(self.database) as env:
            plan = env["fsm.plan"].browse(plan_id).copy()
            new_id = plan.id

        def start(env):
            return retrying(env["fsm.plan"].with_user(self.user_ids[0]).browse(new_id).action_start, env)

        bookers = race([start, start], self.opening)
        [loser] = [booker for booker in bookers if not booker.won]
        self.assert_told(loser, "computed already")
        with transaction(self.database) as env:
            jobs = env["queue.job"].search([("model_name", "=", "fsm.plan")])
            self.assertEqual(len(jobs.filtered(lambda job: job.records.ids == [new_id])), 1)
            self.assertEqual(len(env["fsm.plan"].browse(new_id).progress_ids), 1)
