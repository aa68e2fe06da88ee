"""What the tests of plans of days share: jobs, technicians and dispatchers, committed, on a database of their own."""

from datetime import timedelta
from functools import partial

from suite_server import ServedCase, transaction

from odoo import fields
from odoo.service.model import retrying
from odoo.tests import new_test_user

JOBS = 3
ENDLESS = {"seconds": 600, "iterations": 10**9}


class PlanDaysCase(ServedCase):
    """Two technicians who work day and night, and jobs that nobody has, planned for tomorrow; all times are UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            env.company.partner_id.tz = "UTC"
            cls.company_id = env.company.id
            cls.user_ids = [cls._create_dispatcher(env, name).id for name in ("Nora", "Nils")]
            cls.person_ids = [cls._create_person(env, name).id for name in ("Ada", "Ben")]
            customer = env["res.partner"].create({"name": "Plan fleet", "is_company": True, "tz": "UTC"})
            site = env["fsm.location"].create({"name": "Plan lot", "owner_id": customer.id, "tz": "UTC"})
            site.partner_id.write({"partner_latitude": 28.5, "partner_longitude": -81.4})
            cls.site_id = site.id

    @classmethod
    def _create_dispatcher(cls, env, name):
        groups = "fieldservice.group_fsm_dispatcher"
        return new_test_user(env, f"{name.lower()}@plan", groups=groups, name=name, tz="UTC", email=f"{name}@x.test")

    @classmethod
    def _create_person(cls, env, name):
        hours = env["resource.calendar"].create({"name": name, "tz": "UTC", "attendance_ids": [(5, 0, 0)]})
        days = [{"name": "Work", "dayofweek": str(day), "hour_from": 0, "hour_to": 24} for day in range(7)]
        hours.attendance_ids = [(0, 0, {**day, "day_period": "full_day"}) for day in days]
        person = env["fsm.person"].create({"name": name, "calendar_id": hours.id, "tz": "UTC"})
        person.partner_id.write({"partner_latitude": 28.5, "partner_longitude": -81.5})
        person._create_missing_resources()
        return person

    def create_jobs(self, count=JOBS):
        """Return the ids of new jobs that nobody has."""
        values = {"location_id": self.site_id, "scheduled_duration": 1.0, "request_early": False}
        with transaction(self.database) as env:
            jobs = env["fsm.order"].create([values] * count)
            jobs.request_late = False
            return jobs.ids

    def create_plan(self, job_ids, person_ids=None, **budget):
        """Return the id of a plan of tomorrow that waits for its turn to be computed."""
        tomorrow = fields.Date.today() + timedelta(days=1)
        with transaction(self.database) as env:
            plan = env["fsm.plan"].create(
                {
                    "date_from": tomorrow,
                    "date_to": tomorrow + timedelta(days=2),  # wherever midnight falls
                    "job_ids": [(6, 0, job_ids)],
                    "person_ids": [(6, 0, person_ids or self.person_ids)],
                    **({"iterations": 30} | budget),
                }
            )
            plan.with_user(self.user_ids[0]).action_start()
            return plan.id

    def compute_plan(self, job_ids, person_ids=None):
        """Return the id of a plan that is ready to be applied."""
        plan_id = self.create_plan(job_ids, person_ids)
        with transaction(self.database) as env:
            env["fsm.plan"].browse(plan_id)._run()
        self.assertEqual(self.read_plan(plan_id)["state"], "ready")
        return plan_id

    def applying(self, plan_id, user=0):
        """Return the act of applying a plan as one of the dispatchers, as his request does it."""

        def act(env):
            plan = env["fsm.plan"].with_user(self.user_ids[user]).browse(plan_id)
            return retrying(partial(plan.action_apply), env)

        return act

    def opening(self):
        """Give a block an environment on a cursor of its own, see ``suite_race.Booker``."""
        return transaction(self.database)

    # -- What is committed ----------------------------------------------------------------------

    def read_plan(self, plan_id):
        """Return the values of a plan that its form shows."""
        names = ("state", "problem_text", "runner_problem", "change_count", "queue_uuid", "applied_by_id")
        with transaction(self.database) as env:
            return env["fsm.plan"].browse(plan_id).read(names)[0]

    def read_places(self, job_ids):
        """Return ``[(technician, start)]`` of jobs, False where nobody has them."""
        with transaction(self.database) as env:
            return [(job.person_id.id, job.scheduled_date_start) for job in env["fsm.order"].browse(job_ids)]

    def read_lines(self, plan_id):
        """Return ``[(technician, start)]`` of what a plan does with its jobs, by their ids."""
        with transaction(self.database) as env:
            lines = env["fsm.plan"].browse(plan_id).line_ids.filtered(lambda line: line.kind != "fixed")
            return [(line.person_id.id, line.start) for line in lines.sorted("job_id")]

    def assert_nobody_has(self, job_ids):
        """Check that nothing of a plan was applied: the jobs have nobody, no time is reserved, nothing is noted."""
        self.assertEqual(self.read_places(job_ids), [(False, False)] * len(job_ids))
        self.assertEqual(self.count_claims(job_ids), 0)
        self.assertEqual(self.count_notes(job_ids), 0)

    def assert_applied_once(self, plan_id, job_ids):
        """Check that all of a plan was applied, each job moved and noted just once, its time reserved."""
        self.assertEqual(self.read_places(job_ids), self.read_lines(plan_id))
        self.assertEqual(self.count_claims(job_ids), len(job_ids))
        self.assertEqual(self.count_notes(job_ids), len(job_ids))

    def count_claims(self, job_ids):
        """Return how many reservations the jobs have, of whatever state."""
        with transaction(self.database) as env:
            return env["service.reservation"].search_count([("job_id", "in", job_ids)])

    def count_notes(self, job_ids):
        """Return how often it was noted that a job was given to somebody."""
        with transaction(self.database) as env:
            domain = [("model", "=", "fsm.order"), ("res_id", "in", job_ids), ("body", "ilike", "Given to")]
            return env["mail.message"].search_count(domain)
