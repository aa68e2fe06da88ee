from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.fieldservice_schedule_dispatch.tests.common import NOW
from odoo.addons.fieldservice_schedule_dispatch.tests.roads_server import RoadsServer
from odoo.addons.queue_job.tests.common import trap_jobs

from ..models.fsm_plan_progress import Reporter
from .common import PlanCase


@tagged("post_install", "-at_install")
class TestRun(PlanCase):
    """The job in the background: queued once, cancelled, silent, and with a service of roads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.create_open_job(location_id=cls.west.id)

    def test_queued(self):
        """Starting a plan queues one job; starting it twice is refused; a second run of it does nothing."""
        plan = self.create_plan()
        with trap_jobs() as trap:
            plan.action_start()
            trap.assert_jobs_count(1)
            trap.assert_enqueued_job(plan._run)
            with self.assertRaises(UserError):
                plan.action_start()
            trap.perform_enqueued_jobs()
        self.assertEqual(plan.state, "ready")
        lines = plan.line_ids
        plan._run()
        self.assertEqual(plan.line_ids, lines)

    def test_cancelled_before_it_began(self):
        """A plan that was cancelled while it waited is not computed."""
        plan = self.create_plan()
        plan.action_start()
        plan.action_cancel()
        plan._run()
        self.assertEqual((plan.state, len(plan.line_ids)), ("cancelled", 0))

    def test_stopped(self):
        """Stop with the best so far ends the planner at once and keeps what it has; giving up keeps nothing."""
        for how, state in (("keep", "ready"), ("drop", "cancelled")):
            with self.subTest(how):
                plan = self.create_plan(iterations=10**9, seconds=600)
                plan.action_start()
                reporter = Reporter(self.env.registry, plan.id)
                reporter.stop = how
                layout = plan._lay_out(self.job, self.everybody, NOW)
                self.assertEqual(plan._think(layout, self.job, reporter).iterations, 0)
                plan.sudo().progress_ids.stop = how
                self.patch(Reporter, "report", lambda self, *_told, how=how: setattr(self, "stop", how))
                plan._run()
                self.assertEqual(plan.state, state)

    def test_says_that_nobody_works(self):
        """Without a runner the form says so at once, and with one it says how far it is."""
        plan = self.create_plan()
        plan.action_start()
        self.assertIn("queue_job", plan.runner_problem)
        self.assertEqual((plan.percent, plan.progress_text), (0, "Waiting for its turn."))
        self.patch(type(plan), "_is_runner_alive", lambda _self: True)
        plan.sudo().progress_ids.write({"beat_at": NOW, "done": 0.43, "unassigned": 2})
        plan.invalidate_recordset()
        self.assertEqual((plan.percent, plan.runner_problem), (43, False))
        self.assertIn("leaves 2 jobs", plan.progress_text)
        with freeze_time(NOW + timedelta(minutes=5)):
            plan.invalidate_recordset()
            self.assertIn("Nothing has been heard", plan.runner_problem)

    def test_service_is_asked_before(self):
        """With a service the ways are fetched in a job of their own; a server that fails is said in the plan."""
        for mode, words in (("good", False), ("500", "HTTP 500")):
            with self.subTest(mode), RoadsServer(mode) as roads, trap_jobs() as trap:
                self.company.write({"dispatch_roads": "valhalla", "dispatch_roads_url": roads.url})
                self.env["fsm.travel"].search([]).unlink()
                plan = self.create_plan()
                plan.action_start()
                trap.assert_enqueued_job(plan._run_fetch)
                trap.perform_enqueued_jobs()
                self.assertTrue(roads.asked)
                asked = len(roads.asked)
                plan._run(*trap.enqueued_jobs[-1].args)
                self.assertEqual(len(roads.asked), asked)
                if words:
                    self.assertIn(words, plan.notes)
                    self.assertIn("straight line", plan.notes)
                else:
                    self.assertFalse(plan.notes)

    def test_queries_do_not_grow_with_jobs(self):
        """Reading and writing a plan of ten jobs costs about as much as one of two."""
        counts = []
        for size in (2, 10):
            jobs = self.env["fsm.order"].union(*(self.create_open_job(scheduled_duration=0.5) for _one in range(size)))
            plan = self.create_plan(job_ids=[(6, 0, jobs.ids)])
            plan.action_start()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            plan._run()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            plan.action_cancel()
        self.assertLessEqual(counts[1], counts[0] + 4)
        self.assertLess(counts[0], 100)

    def test_chosen_technician_has_left(self):
        """A plan for people who have all left is for nobody: it does not turn into one for everybody."""
        plan = self.create_plan(person_ids=[(6, 0, self.tom.ids)])
        self.tom.active = False
        self.compute(plan)
        self.assertEqual(self.lines(plan)[self.job].kind, "unplaced")
        self.assertFalse(plan.copy().line_ids.person_id)
        self.assertEqual(plan.copy().with_context(active_test=False).person_ids, self.tom)

    def test_lost(self):
        """A plan whose job in the background was cancelled or deleted says so, fails, and can be planned again."""
        for name, end in (
            ("cancelled", lambda jobs: jobs._change_job_state("cancelled")),
            ("deleted", lambda jobs: jobs.unlink()),
        ):
            with self.subTest(name):
                plan = self.create_plan()
                plan.action_start()
                self.env["fsm.plan"]._cron_end_lost()
                self.assertEqual(plan.state, "waiting")
                end(self.env["queue.job"].search([("uuid", "=", plan.queue_uuid)]))
                plan.invalidate_recordset()
                self.assertIn("Nobody computes this plan", plan.runner_problem)
                self.env["fsm.plan"]._cron_end_lost()
                self.assertEqual(plan.state, "failed")
                self.assertIn("Plan again", plan.problem_text)
                again = self.env["fsm.plan"].browse(plan.action_again()["res_id"])
                self.assertEqual(again.state, "waiting")

    def test_fetching_is_not_lost(self):
        """With a service of roads a plan has two jobs in the background after each other: it hangs on the second."""
        with RoadsServer("good") as roads:
            self.company.write({"dispatch_roads": "valhalla", "dispatch_roads_url": roads.url})
            plan = self.create_plan()
            plan.action_start()
            first = self.env["queue.job"].search([("uuid", "=", plan.queue_uuid)])
            plan._run_fetch()
        first._change_job_state("done")
        self.env["fsm.plan"]._cron_end_lost()
        self.assertEqual(plan.state, "waiting")

    def test_again_while_it_is_computed(self):
        """Plan Again gives up what is still being computed: two plans of the same are not made side by side."""
        plan = self.create_plan()
        plan.action_start()
        again = self.env["fsm.plan"].browse(plan.action_again()["res_id"])
        self.assertEqual((plan.state, again.state), ("cancelled", "waiting"))
        self.assertEqual(plan.sudo().progress_ids.stop, "drop")

    def test_old_plans_are_forgotten(self):
        """Plans of last quarter are deleted, younger ones kept."""
        old, young = self.create_plan(), self.create_plan()
        self.env.flush_all()
        self.cr.execute("UPDATE fsm_plan SET create_date = %s WHERE id = %s", [NOW - timedelta(days=91), old.id])
        self.cr.execute("UPDATE fsm_plan SET create_date = %s WHERE id = %s", [NOW, young.id])
        self.env.invalidate_all()
        self.env["fsm.plan"]._gc_old_plans()
        self.assertEqual((old | young).exists(), young)
