from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EIGHT, HOUR, PlanCase


@tagged("post_install", "-at_install")
class TestApply(PlanCase):
    """One click applies all of a plan; what was computed from something else than is so now is refused whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job, cls.other = (cls.create_open_job(location_id=site.id) for site in (cls.west, cls.east))

    def test_applied(self):
        """The jobs have their technicians and times, reserved; it is in their chatter; a second click is refused."""
        plan = self.compute(self.create_plan())
        lines = self.lines(plan)
        plan.action_apply()
        self.assertEqual((plan.state, plan.applied_by_id), ("applied", self.dispatcher))
        for job, line in lines.items():
            self.assert_time(job.sudo(), line.person_id, line.start, line.start + HOUR)
            self.assertTrue(job.is_dispatched and job.state == "assigned")
            self.assertIn("Given to", "".join(job.message_ids.mapped("body")))
        self.assertFalse([way for way in self.job._get_driving(with_next=True).values() if way.conflict])
        with self.assertRaises(UserError):
            plan.action_apply()

    def test_two_change_places(self):
        """Two jobs that swap their technicians at the same time are applied at once."""
        jobs = self.job | self.other
        jobs._plan_many({self.job: (self.tom, EIGHT + HOUR, 1.0), self.other: (self.maria, EIGHT + HOUR, 1.0)})
        self.company.dispatch_moved = 5
        plan = self.compute(self.create_plan(with_assigned=True, time_rule="keep"))
        plan.action_apply()
        self.assertEqual((self.job.person_id, self.other.person_id), (self.maria, self.tom))

    def test_manual_override_is_locked(self):
        """What a dispatcher changes after a plan was applied is locked: the next plan leaves it alone."""
        self.compute(self.create_plan()).action_apply()
        self.job.with_user(self.dispatcher).write({"person_id": self.tom.id, "scheduled_date_start": EIGHT + 5 * HOUR})
        self.assertTrue(self.job.is_locked)
        plan = self.create_plan(with_assigned=True, kind="replan")
        self.assertNotIn(self.job, plan._find_jobs())
        self.job.with_user(self.dispatcher).action_unlock()
        self.assertIn(self.job, plan._find_jobs())

    def assert_stale(self, change, words):
        """Check that a plan is refused with a sentence that names what changed, and that nothing of it is applied."""
        plan = self.compute(self.create_plan(with_assigned=True))
        change()
        before = [(job.person_id, job.scheduled_date_start) for job in (self.job, self.other)]
        plan.action_apply()
        self.assertEqual(plan.state, "stale")
        self.assertIn("out of date", plan.problem_text)
        self.assertIn(words, plan.problem_text)
        self.assertEqual([(job.person_id, job.scheduled_date_start) for job in (self.job, self.other)], before)
        with self.assertRaises(UserError):
            plan.action_apply()
        return plan

    def test_stale_by_a_job(self):
        """Another length, site, technician, lock, state: each makes the plan stale; a note does not."""
        changes = [
            {"scheduled_duration": 3},
            {"location_id": self.site.id},
            {"is_time_promised": True},
            {"request_late": EIGHT + 6 * HOUR, "request_early": EIGHT},
            {"person_id": self.tom.id, "scheduled_date_start": EIGHT + 5 * HOUR},
            {"priority": "2"},
        ]
        for values in changes:
            with self.subTest(values):
                self.assert_stale(lambda values=values: self.job.write(values), self.job.name)
        self.assert_stale(self.job.action_cancel, self.job.name)
        plan = self.compute(self.create_plan())
        self.other.description = "The gate is open"
        plan.action_apply()
        self.assertEqual(plan.state, "applied")

    def test_stale_by_a_deleted_job(self):
        """A job that was deleted makes the plan stale."""
        self.assert_stale_without(self.job.unlink)

    def assert_stale_without(self, change):
        plan = self.compute(self.create_plan())
        change()
        plan.action_apply()
        self.assertEqual(plan.state, "stale")
        self.assertFalse(self.other.person_id)

    def test_stale_by_hours_leaves_skills_and_homes(self):
        """So does whatever the technicians' days were made of."""
        self.assert_stale(lambda: self.create_leave(EIGHT, EIGHT + HOUR, person=self.maria), "Maria on ")
        self.assert_stale(lambda: self.week.attendance_ids[0].write({"hour_from": 9}), "Tom on ")
        self.assert_stale(lambda: self.locate(self.tom, 28.6, -81.2), "Tom on ")
        self.assert_stale(lambda: self.tom.write({"max_jobs": 4}), "Tom on ")
        self.assert_stale(lambda: self.tom.write({"active": False}), "Tom on ")

    def test_stale_by_a_reservation(self):
        """So does time that somebody took meanwhile, also where the plan would still have room."""
        self.assert_stale(lambda: self.create_job(EIGHT + 8 * HOUR, self.maria), "Maria on ")

    def test_stale_by_time(self):
        """What should have begun by now is not applied."""
        plan = self.compute(self.create_plan())
        with freeze_time(EIGHT + 5 * HOUR):
            plan.action_apply()
        self.assertEqual(plan.state, "stale")
        self.assertIn("has passed", plan.problem_text)

    def test_plan_again(self):
        """One click plans the same again, from what is so now."""
        plan = self.assert_stale(lambda: self.job.write({"scheduled_duration": 2}), self.job.name)
        action = plan.action_again()
        again = self.env["fsm.plan"].browse(action["res_id"])
        self.assertEqual((again.state, again.with_assigned, again.problem_text), ("waiting", True, False))
        again.iterations = 100
        again._run()
        again.with_user(self.dispatcher).action_apply()
        self.assertEqual(again.state, "applied")

    def test_waiting_is_not_stale(self):
        """Minutes that pass make nothing stale, as long as the first job is still to come."""
        plan = self.compute(self.create_plan())
        first = min(line.start for line in self.lines(plan).values())
        with freeze_time(first - timedelta(minutes=1)):
            plan.action_apply()
        self.assertEqual(plan.state, "applied")

    def create_jobs(self, day, size):
        """Return short jobs of one day, in the west and in the east by turns."""
        wanted = {"request_early": EIGHT + day * 24 * HOUR, "request_late": EIGHT + (day * 24 + 9) * HOUR}
        places = [(self.west, self.east)[number % 2] for number in range(size)]
        return self.env["fsm.order"].union(
            *(self.create_open_job(location_id=place.id, hours=0.25, **wanted) for place in places)
        )

    def swap(self, jobs):
        """Give each job to whom the other half of them fits better."""
        owners = {self.west: self.tom, self.east: self.maria}
        times = {job: job.request_early + 4 * HOUR + number * HOUR / 4 for number, job in enumerate(jobs)}
        jobs._plan_many({job: (owners[job.location_id], times[job], 0.25) for job in jobs})

    def count_applying(self, jobs, **values):
        """Return how many queries it takes to apply a plan that changes all of these jobs."""
        day = jobs[0].request_early.date()
        plan = self.compute(self.create_plan(date_from=day, date_to=day, job_ids=jobs.ids, **values))
        self.assertEqual(plan.change_count, len(jobs))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        plan.action_apply()
        self.env.flush_all()
        self.assertEqual(plan.state, "applied")
        return self.cr.sql_log_count - before

    def test_queries_do_not_grow_with_jobs(self):
        """Applying a plan of 18 jobs takes the same queries as one of 3, whether nobody had them or they move."""
        self.company.dispatch_moved = 0
        (self.job | self.other).action_cancel()
        few, many = self.create_jobs(0, 3), self.create_jobs(1, 18)
        counts = [self.count_applying(jobs) for jobs in (few, many)]
        self.assertLessEqual(counts[1], counts[0] + 4)
        self.assertLess(counts[0], 150)
        self.swap(few)
        self.swap(many)
        counts = [self.count_applying(jobs, with_assigned=True, time_rule="free") for jobs in (few, many)]
        self.assertLessEqual(counts[1], counts[0] + 4)
        self.assertLess(counts[0], 150)
