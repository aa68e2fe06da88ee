"""The process is killed (``kill -9``) while a plan of days is applied, or while it is computed; nothing is stuck."""

from pathlib import Path

import psutil
from nursery import Nursery
from suite_plan_days import ENDLESS, PlanDaysCase
from suite_race import wait_until
from suite_server import transaction

from odoo.tests import tagged

from odoo.addons.queue_job.jobrunner.runner import Database

PROGRAM = Path(__file__).parent / "plan_days_nursery.py"


@tagged("post_install", "-at_install", "standard")
class TestPlanDaysKilled(PlanDaysCase):
    """Real processes on a database of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nursery = Nursery(cls.database, PROGRAM)
        cls.addClassCleanup(cls.nursery.close)

    def setUp(self):
        super().setUp()
        self.job_ids = self.create_jobs()

    def read_column(self, sql, *values):
        """Return the first column of what a query finds."""
        with transaction(self.database) as env:
            env.cr.execute(sql, values)
            return [row[0] for row in env.cr.fetchall()]

    # -- Applying -------------------------------------------------------------------------------

    def test_killed_while_applying(self):
        """When all but the last job was written nothing was: the plan is ready as before, and can be applied."""
        plan_id = self.compute_plan(self.job_ids)
        with transaction(self.database) as env:
            env.cr.execute("SELECT 1 FROM fsm_order WHERE id = %s FOR UPDATE", [self.job_ids[-1]])
            process = psutil.Process(self.nursery.start(f"apply {plan_id} {self.user_ids[0]}"))
            wait_until(self.find_blocked, "it has come to the last job")
            [session] = self.find_blocked()
            process.kill()
            process.wait()
        wait_until(lambda: not self.is_connected(session), "the database has noticed")
        self.assertEqual(self.read_plan(plan_id)["state"], "ready")
        self.assert_nobody_has(self.job_ids)
        with transaction(self.database) as env:
            self.applying(plan_id, 1)(env)
        self.assertEqual(self.read_plan(plan_id)["state"], "applied")
        self.assert_applied_once(plan_id, self.job_ids)

    def find_blocked(self):
        """Return the sessions on this database that wait for another."""
        sql = """SELECT pid FROM pg_stat_activity WHERE datname = %s AND cardinality(pg_blocking_pids(pid)) > 0"""
        return self.read_column(sql, self.database)

    def is_connected(self, session):
        """Return whether a session is still there."""
        return self.read_column("SELECT 1 FROM pg_stat_activity WHERE pid = %s", session)

    # -- Computing ------------------------------------------------------------------------------

    def enqueue(self, plan_id):
        """Give the plan's job away as the runner does; return its uuid."""
        uuid = self.read_plan(plan_id)["queue_uuid"]
        with transaction(self.database) as env:
            env.cr.execute("UPDATE queue_job SET state = 'enqueued', date_enqueued = now() WHERE uuid = %s", [uuid])
        return uuid

    def kill_while_computing(self, plan_id):
        """Have a plan computed and kill the process when it thinks; return the uuid of its job."""
        with transaction(self.database) as env:
            env["fsm.plan.progress"].search([("plan_id", "=", plan_id)]).beat_at = False
        uuid = self.enqueue(plan_id)
        with transaction(self.database) as env:
            # however late the killer is: what it has found cannot be written meanwhile
            env.cr.execute("SELECT 1 FROM fsm_plan WHERE id = %s FOR NO KEY UPDATE", [plan_id])
            process = psutil.Process(self.nursery.start(f"run {uuid}"))
            wait_until(lambda: self.is_heard(plan_id), "it thinks")
            process.kill()
            process.wait()
        wait_until(lambda: not self.is_job_locked(uuid), "the database has noticed")
        return uuid

    def is_heard(self, plan_id):
        """Return whether the planner has said how far it is."""
        sql = "SELECT 1 FROM fsm_plan_progress WHERE plan_id = %s AND beat_at IS NOT NULL"
        return self.read_column(sql, plan_id)

    def is_job_locked(self, uuid):
        """Return whether some process still works on a job."""
        sql = """SELECT 1 FROM queue_job_lock l JOIN queue_job j ON j.id = l.queue_job_id WHERE j.uuid = %s"""
        return len(self.read_column(f"{sql} FOR UPDATE OF l SKIP LOCKED", uuid)) < len(self.read_column(sql, uuid))

    def take_up_dead(self, uuid):
        """Do what the runner does with jobs whose process is gone; return the state that the job has then."""
        with transaction(self.database) as env:
            env.cr.execute("UPDATE queue_job SET date_enqueued = date_enqueued - interval '1 day'")
            env.cr.execute(Database._query_requeue_dead_jobs(None))
        [state] = self.read_column("SELECT state FROM queue_job WHERE uuid = %s", uuid)
        return state

    def end_lost(self):
        """Do what the scheduled action does."""
        with transaction(self.database) as env:
            env["fsm.plan"]._cron_end_lost()

    def test_killed_while_computing(self):
        """Nothing is left behind, the plan waits for the runner, which has it computed again to the end."""
        plan_id = self.create_plan(self.job_ids, **ENDLESS)
        uuid = self.kill_while_computing(plan_id)
        self.assertEqual(self.take_up_dead(uuid), "pending")
        self.end_lost()
        self.assertEqual(self.read_plan(plan_id)["state"], "waiting")
        self.assertEqual(self.read_lines(plan_id), [])
        with transaction(self.database) as env:
            env["fsm.plan"].browse(plan_id).iterations = 30
        self.enqueue(plan_id)
        self.nursery.start(f"run {uuid}")
        self.nursery.wait()
        self.assertEqual(self.read_plan(plan_id)["state"], "ready")
        self.assertEqual(len(self.read_lines(plan_id)), len(self.job_ids))

    def test_killed_too_often(self):
        """When the runner gives it up the form says so at once, soon it has failed, and can be planned again."""
        plan_id = self.create_plan(self.job_ids, **ENDLESS)
        uuid = self.kill_while_computing(plan_id)
        with transaction(self.database) as env:
            env.cr.execute("UPDATE queue_job SET retry = max_retries + 1 WHERE uuid = %s", [uuid])
        self.assertEqual(self.take_up_dead(uuid), "failed")
        plan = self.read_plan(plan_id)
        self.assertEqual(plan["state"], "waiting")
        self.assertIn("Nobody computes this plan any more", plan["runner_problem"])
        self.end_lost()
        plan = self.read_plan(plan_id)
        self.assertEqual(plan["state"], "failed")
        self.assertIn("Plan again", plan["problem_text"])
        self.plan_again(plan_id)

    def test_planned_again_at_once(self):
        """Whoever does not want to wait for the runner plans again: the killed plan is given up, nobody takes it up."""
        plan_id = self.create_plan(self.job_ids, **ENDLESS)
        uuid = self.kill_while_computing(plan_id)
        self.plan_again(plan_id)
        self.assertEqual(self.read_plan(plan_id)["state"], "cancelled")
        self.take_up_dead(uuid)
        self.enqueue(plan_id)
        self.nursery.start(f"run {uuid}")
        self.nursery.wait()
        self.assertEqual(self.read_plan(plan_id)["state"], "cancelled")
        self.assertEqual(self.read_lines(plan_id), [])

    def plan_again(self, plan_id):
        """Plan again as a dispatcher, and check that it comes to something."""
        with transaction(self.database) as env:
            plan = env["fsm.plan"].with_user(self.user_ids[1]).browse(plan_id)
            again_id = plan.action_again()["res_id"]
            again = env["fsm.plan"].browse(again_id)
            again.iterations = 30
            again._run()
        self.assertEqual(self.read_plan(again_id)["state"], "ready")
