import logging
import time

from odoo import api, fields, models
from odoo.tools import SQL, config

from odoo.addons.fieldservice_schedule.dispatchlib import Bounds, faults, keep_times, make_plan
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

from .fsm_plan_progress import Reporter

_logger = logging.getLogger(__name__)

CPU_SHARE = 0.7
"""The part of the seconds that Odoo lets a process work that a plan may take: the rest reads and writes."""


class FsmPlan(models.Model):
    """The job in the background: reads, thinks, checks, writes down. It books nothing.

    Until it ends it leaves the plan's row alone, so that a dispatcher can stop it; a process that is killed leaves
    nothing behind, and the runner of ``queue_job`` starts the job again.
    """

    _inherit = "fsm.plan"

    progress_ids = fields.One2many("fsm.plan.progress", "plan_id", readonly=True)
    queue_uuid = fields.Char(readonly=True, copy=False)

    def _enqueue(self):
        """Give the plan to the queue: first the ways are fetched, if there is a service, then it is computed."""
        self.ensure_one()
        values = {"plan_id": self.id, "queued_at": fields.Datetime.now()}
        self.env["fsm.plan.progress"].sudo().create(values)  # sudo: only the machine writes how far it is
        delayed = self.with_delay(description=self.env._("Plan %(days)s", days=self.name))
        has_service = self.company_id._get_road_service()
        self.queue_uuid = (delayed._run_fetch() if has_service else delayed._run()).uuid

    def _run_fetch(self):
        """Ask the service of roads for the ways between the places of this plan, then have it computed.

        In a transaction of its own: what the planner reads is read after it, and nothing is booked meanwhile.
        """
        self.ensure_one()
        if self.state != "waiting":
            return
        persons = self._get_planned_persons()
        places = {(person.start_latitude, person.start_longitude) for person in persons}
        places |= {job._get_coordinates() for job in self._find_jobs() | self._find_standing(persons)}
        failure = self.env["fsm.travel"]._fetch(self.company_id, [place for place in places if place and any(place)])
        delayed = self.with_delay(description=self.env._("Plan %(days)s", days=self.name))
        self.env["fsm.plan.progress"].sudo().search([("plan_id", "=", self.id)]).beat_at = fields.Datetime.now()
        self.queue_uuid = delayed._run(failure).uuid

    def _find_standing(self, persons):
        """Return the jobs that these technicians have on the plan's days."""
        begin, end = self._get_bounds()
        times = [("scheduled_date_start", "<", end), ("scheduled_date_end", ">", begin)]
        return self.env["fsm.order"].search([("person_id", "in", persons.ids), *times])

    def _run(self, failure=""):
        """Compute the plan and write down what it found.

        :param str failure: what went wrong when the service of roads was asked
        """
        self.ensure_one()
        if self.state != "waiting":  # somebody cancelled it, or another run has done it
            return
        now = fields.Datetime.now().replace(microsecond=0)
        jobs, persons = self._find_jobs(now), self._get_planned_persons()
        layout = self._lay_out(jobs, persons, now)
        reporter = Reporter(self.env.registry, self.id)
        reporter.report(0, 0, len(jobs))
        plan = self._think(layout, jobs, reporter)
        if reporter.stop == "drop":
            self.state = "cancelled"
            return
        self.basis, self.basis_at, self.basis_person_ids = self._get_prints(layout, jobs), now, persons
        notes = [*layout.notes]
        if failure:
            notes.append(self.env._("The service of driving times failed: %(error)s.", error=failure))
        self._store(layout, jobs, plan, notes)

    def _think(self, layout, jobs, reporter):
        """Return the best ``dispatchlib.Plan`` within the budget; from the present one, where there is one.

        :raise FaultyPlan: the independent check found a broken rule
        """
        present = self._get_present(layout, jobs)
        plan = make_plan(
            layout.problem,
            Bounds(self.iterations or None, self._get_seconds(), time.monotonic),
            seed=self.id,
            start=present if present.routes else None,
            progress=lambda told: reporter.report(told.done, told.cost, told.unassigned),
            cancelled=reporter.is_stopped,
            use_pyvrp=not self.iterations,  # what shall repeat is counted in tries, which PyVRP does not know
        )
        plan = keep_times(layout.problem, plan, self._get_present_starts(layout, jobs))
        found = faults(layout.problem, plan)
        if found:
            _logger.error("Plan %s broke rules and is not shown: %s", self.id, found)
            raise FaultyPlan(
                self.env._(
                    "The check found rules broken: %(rules)s",
                    rules=", ".join(sorted({str(fault.rule) for fault in found})),
                )
            )
        return plan

    def _get_seconds(self):
        """Return how long the planner may think: no longer than Odoo lets a process work."""
        limits = [config["limit_time_real"], config["limit_time_cpu"] if config["workers"] else 0]
        return min([self.seconds, *(CPU_SHARE * limit for limit in limits if limit and limit > 0)])

    def _fail(self, exc_message="", **_details):
        """Say that it failed: ``queue_job`` calls this when the job has raised for the last time."""
        for plan in self.filtered(lambda plan: plan.state == "waiting"):
            plan.write({"state": "failed", "problem_text": self._say_failure(exc_message)})

    @api.model
    def _say_failure(self, error):
        """Return the sentence about a plan that could not be computed.

        :param str error: of the machine, "" when it said nothing
        """
        said = self.env._("This plan could not be computed, and nothing was changed. Plan again.")
        if error:
            hint = self.env._("If it fails again, tell your administrator: %(error)s", error=error)
            said = f"{said} {hint}"
        return said

    def _stop(self, how):
        """Have the run in the background end.

        :param str how: ``keep`` or ``drop`` what it has found
        """
        self._check_may_plan()
        self.check_access("write")  # of the user's companies
        self.sudo().progress_ids.stop = how  # sudo: only the machine writes how far it is

    def _is_runner_alive(self):
        """Return whether somebody takes up jobs in the background: the runner holds a lock as long as it lives."""
        key = PG_ADVISORY_LOCK_ID
        [[found]] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                    WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()
                      AND l.classid = %s AND l.objid = %s AND l.objsubid = 1""",
                key >> 32,
                key & 0xFFFFFFFF,
            )
        )
        return bool(found)


class FaultyPlan(Exception):
    """The independent check found a broken rule: an error of ours, never shown as a plan."""
