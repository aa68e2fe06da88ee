"""Plans of days with a real server: computed in the background, killed in the middle, and raced for when applied."""

import contextlib
import os
import signal
import threading
import time
from datetime import datetime, timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure
from suite_server import ServedCase, transaction

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.service_schedule.exceptions import TimeTaken

PATIENCE = 180
EIGHT = datetime(2032, 3, 1, 8)  # a Monday
HOUR = timedelta(hours=1)


class PlanServedCase(ServedCase):
    """A technician with a customer's lot and jobs that nobody has, in a database of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            company = env.ref("base.main_company")
            company.partner_id.tz = "UTC"
            customer = env["res.partner"].create({"name": "Served customer"})
            site = env["fsm.location"].create({"name": "Served lot", "owner_id": customer.id, "tz": "UTC"})
            person = env["fsm.person"].create({"name": "Served technician", "calendar_id": False})
            for record, longitude in ((site, -81.45), (person, -81.50)):
                record.partner_id.write({"partner_latitude": 28.5, "partner_longitude": longitude})
            cls.person_id, cls.site_id = person.id, site.id

    def create_plan(self, env, count=4, **values):
        """Return a plan of Monday for ``count`` new jobs and the one technician."""
        window = {"request_early": EIGHT, "request_late": EIGHT + 10 * HOUR, "scheduled_duration": 1}
        window["company_id"] = values.get("company_id", env.company.id)
        jobs = env["fsm.order"].create([{"location_id": self.site_id, **window} for _number in range(count)])
        return env["fsm.plan"].create(
            {
                "date_from": EIGHT.date(),
                "date_to": EIGHT.date(),
                "person_ids": [(6, 0, [self.person_id])],
                "job_ids": [(6, 0, jobs.ids)],
                "seconds": 2,
                **values,
            }
        )

    def wait_for(self, found, what):
        """Return what ``found(env)`` finds in transactions of its own, as soon as it is true."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with transaction(self.database) as env:
                value = found(env)
            if value:
                return value
            time.sleep(0.3)
        raise AssertionError(f"{what} did not happen in {PATIENCE} seconds")


@tagged("post_install", "-at_install", "standard")
class TestPlanServed(PlanServedCase):
    """The server has no worker processes, as the demo's: jobs in the background run all the same."""

    def start(self):
        """Return a server that takes up jobs in the background."""
        with patch.dict(os.environ, {"ODOO_QUEUE_JOB_CHANNELS": "root:1"}):
            return self.start_server(workers=0)

    def test_background_and_killed(self):
        """A plan is computed by the server; one whose server is killed meanwhile is begun again by the next."""
        server = self.start()
        with transaction(self.database) as env:
            plan = self.create_plan(env)
            plan.action_start()
            plan_id = plan.id
        self.wait_for(lambda env: env["fsm.plan"].browse(plan_id).state == "ready", "the plan")
        with transaction(self.database) as env:
            plan = env["fsm.plan"].browse(plan_id)
            self.assertEqual((plan.change_count, plan.unassigned_after), (4, 0))
            self.assertTrue(plan._is_runner_alive())
            plan.action_cancel()
            long = self.create_plan(env, seconds=600)
            long.action_start()
            long_id = long.id
        self.wait_for(lambda env: env["fsm.plan"].browse(long_id).sudo().progress_ids.done > 0, "progress")
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        # PostgreSQL notices by and by that nobody is there any more
        self.wait_for(
            lambda env: not env["fsm.plan"].browse(long_id)._is_runner_alive(), "the end of the runner's lock"
        )
        with transaction(self.database) as env:
            plan = env["fsm.plan"].browse(long_id)
            self.assertEqual((plan.state, len(plan.line_ids)), ("waiting", 0))
            self.assertFalse(plan.job_ids.filtered("person_id"))
            plan.sudo().progress_ids.write({"done": 0, "beat_at": False})
            self.assertIn("queue_job", plan.runner_problem)
        self.start()
        self.wait_for(lambda env: env["fsm.plan"].browse(long_id).sudo().progress_ids.done > 0, "the second try")
        with transaction(self.database) as env:
            env["fsm.plan"].browse(long_id).action_stop()
        self.wait_for(lambda env: env["fsm.plan"].browse(long_id).state == "ready", "the plan that was stopped")
        with transaction(self.database) as env:
            plan = env["fsm.plan"].browse(long_id)
            plan.action_apply()
            self.assertEqual((plan.state, len(plan.job_ids.filtered("reservation_id"))), ("applied", 4))


@tagged("post_install", "-at_install", "standard")
class TestPlanRace(PlanServedCase):
    """A plan is applied while somebody else books the same technician."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.sql_db"))  # who loses at the constraint leaves a "bad query" in the log

    def prepare(self):
        """Return the ids of a plan that is ready and of a job that somebody wants to give to the same technician."""
        with transaction(self.database) as env:
            env["service.reservation"].search([("state", "=", "confirmed"), ("start", ">=", EIGHT)]).job_id.write(
                {"person_id": False, "scheduled_date_start": False}
            )
            plan = self.create_plan(env, iterations=50)
            plan.state = "waiting"
            plan._run()
            self.assertEqual((plan.state, plan.change_count), ("ready", 4))
            [first, *_others] = plan.line_ids.sorted("start")
            rival = env["fsm.order"].create({"location_id": self.site_id, "scheduled_duration": 1})
            return plan.id, rival.id, first.start

    def race(self, acts):
        """Let all ``acts`` (functions of an environment) go at once in own transactions; return their errors."""
        start, errors = threading.Barrier(len(acts)), []

        def run(act):
            try:
                for turn in range(5):  # as Odoo does for a request
                    with contextlib.suppress(SerializationFailure), transaction(self.database) as env:
                        env["service.reservation"].search_count([])  # takes the snapshot
                        if turn == 0:
                            start.wait(PATIENCE)
                        act(env)
                        env.flush_all()
                        env.cr.commit()
                        return
            except Exception as error:  # noqa: BLE001 - the test judges it
                errors.append(error)

        threads = [threading.Thread(target=run, args=(act,), daemon=True) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive())
        return errors

    def booking(self, job_id, start):
        """Return what gives a job to the technician at a time."""
        return lambda env: (
            env["fsm.order"].browse(job_id).write({"person_id": self.person_id, "scheduled_date_start": start})
        )

    def test_one_wins(self):
        """Whoever is first has the time: the plan is applied whole or refused whole, and nobody is in two places."""
        for turn in range(6):
            plan_id, rival_id, start = self.prepare()
            acts = [lambda env, one=plan_id: env["fsm.plan"].browse(one).action_apply(), self.booking(rival_id, start)]
            errors = self.race(acts if turn % 2 else acts[::-1])
            with transaction(self.database) as env:
                plan, rival = env["fsm.plan"].browse(plan_id), env["fsm.order"].browse(rival_id)
                given = plan.job_ids.filtered("person_id")
                self.assertIn(
                    (plan.state, len(given), bool(rival.person_id)), [("applied", 4, False), ("stale", 0, True)]
                )
                self.assertEqual([type(error) for error in errors], [TimeTaken] if plan.state == "applied" else [])

    def prepare_two(self, with_company):
        """Return the ids of two plans that are ready and want the same technician at the same times."""
        self.prepare()
        ids = []
        with transaction(self.database) as env:
            other = env.company
            if with_company:
                other = other.create({"name": f"Sister firm {time.monotonic()}"})
            other.partner_id.tz = "UTC"
            for company in (env.company, other):
                plan = self.create_plan(env, iterations=50, company_id=company.id)
                plan.state = "waiting"
                plan._run()
                self.assertEqual((plan.state, plan.change_count), ("ready", 4))
                ids.append(plan.id)
        return ids

    def test_two_plans_at_once(self):
        """Two dispatchers, also of two companies that share a technician, apply two plans: one is refused whole."""
        for turn in range(4):
            ids = self.prepare_two(with_company=turn % 2)
            errors = self.race([lambda env, one=one: env["fsm.plan"].browse(one).action_apply() for one in ids])
            self.assertEqual(errors, [])
            with transaction(self.database) as env:
                plans = env["fsm.plan"].browse(ids)
                given = {plan.state: len(plan.job_ids.filtered("person_id")) for plan in plans}
                self.assertEqual(given, {"applied": 4, "stale": 0})
                [stale] = plans.filtered(lambda plan: plan.state == "stale")
                self.assertIn("Served technician", stale.problem_text)

    def test_the_same_plan_twice_at_once(self):
        """Two clicks on the same plan at once: it is applied once, and the other is told."""
        for _turn in range(3):
            plan_id, _rival, _start = self.prepare()
            acts = [lambda env, one=plan_id: env["fsm.plan"].browse(one).action_apply() for _click in range(2)]
            errors = self.race(acts)
            self.assertEqual([type(error) for error in errors], [UserError])
            self.assertRegex(str(errors[0]), "not ready|just now")
            with transaction(self.database) as env:
                plan = env["fsm.plan"].browse(plan_id)
                self.assertEqual((plan.state, len(plan.job_ids.reservation_id)), ("applied", 4))

    def test_beside_it(self):
        """A booking that leaves no time to drive collides with no reservation: the plan is refused all the same."""
        plan_id, rival_id, start = self.prepare()
        with transaction(self.database) as env:
            env["fsm.plan"].browse(plan_id).state  # noqa: B018  the transaction begins to read
            with transaction(self.database) as other:
                self.booking(rival_id, start - HOUR)(other)
            env["fsm.plan"].browse(plan_id).action_apply()
        with transaction(self.database) as env:
            plan = env["fsm.plan"].browse(plan_id)
            self.assertEqual((plan.state, len(plan.job_ids.filtered("person_id"))), ("stale", 0))
            self.assertIn("Served technician", plan.problem_text)
