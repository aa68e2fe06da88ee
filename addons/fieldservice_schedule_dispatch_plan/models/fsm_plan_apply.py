from odoo import fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.models.service_reservation import CLAIMING
from odoo.addons.service_schedule.schedlib import days

from .fsm_plan_line import APPLIED


class FsmPlan(models.Model):
    """One click: all that the plan changes, or nothing of it.

    First the technicians' days are locked, as everybody locks them who takes time. Then everything that the plan was
    computed from is read again and compared. So what is applied is what was shown, and what was shown still holds.
    """

    _inherit = "fsm.plan"

    def action_apply(self):
        """Give the jobs their technicians and times; a plan that is out of date says so and changes nothing.

        :raise UserError: it is not ready, or somebody is applying it just now
        """
        self.ensure_one()
        self._check_may_plan()
        try:
            self.lock_for_update()
        except LockError:
            raise UserError(self.env._("Somebody is applying this plan just now.")) from None
        if self.state != "ready":
            raise UserError(self._say_not_ready())
        refusal = self._find_refusal() or self._try_to_apply()
        if refusal:
            self.write({"state": "stale", "problem_text": refusal})
        else:
            now = {"applied_at": fields.Datetime.now(), "applied_by_id": self.env.uid}
            self.write({"state": "applied", "problem_text": False, **now})

    def _say_not_ready(self):
        """Return why this plan cannot be applied as it stands."""
        if self.state == "applied":
            return self.env._(
                "%(name)s has applied this plan already: its jobs were moved once.", name=self.applied_by_id.sudo().name
            )
        if self.state == "stale":
            return self.env._("This plan is out of date. Plan again.")
        return self.env._("This plan is not ready to be applied.")

    def _find_refusal(self):
        """Return why the plan must not be applied any more, "" when nothing speaks against it."""
        lines = self.line_ids.filtered(lambda line: line.kind in APPLIED)
        late = lines.filtered(lambda line: line.start < fields.Datetime.now())
        if late:
            return self.env._("This plan is out of date: the time of %(job)s has passed.", job=late[0].job_id.name)
        self._lock_days(lines)
        changed = self._find_changed()
        if changed:
            return self._say_changed(changed)
        newer = self._find_newer_claims(lines.person_id)
        return self._say_changed(newer) if newer else ""

    def _lock_days(self, lines):
        """Take the locks of all days that change, in the one order in which everybody takes them."""
        spans = [(line.person_id, line.start, line.stop) for line in lines]
        spans += [(line.old_person_id, line.old_start, line.old_start) for line in self.line_ids if line.old_person_id]
        keys = {
            (
                person.sudo().resource_id.id,
                day.toordinal(),
            )  # sudo: whoever plans a technician need not read his resource
            for person, start, stop in spans
            if start
            for day in days(start.date(), stop.date())
        }
        self.env["service.reservation"].sudo()._take_locks(keys)

    def _find_newer_claims(self, persons):
        """Return the names of technicians whose time somebody took after this transaction had begun to read.

        With the days locked nobody can take more of it now, but what was taken in the moment before is not seen here:
        this transaction keeps to what it read first. A cursor of its own sees it.
        """
        begin, end = self._get_bounds()
        resources = persons.sudo().resource_id  # sudo: see above
        if not resources:
            return []
        self.env.flush_all()
        query = SQL(
            """SELECT resource_id, id, blocked_start, blocked_stop FROM service_reservation
                WHERE resource_id IN %s AND state IN %s AND blocked_start < %s AND blocked_stop > %s""",
            tuple(resources.ids),
            CLAIMING,
            end,
            begin,
        )
        known = set(self.env.execute_query(query))
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            newer = set(cr.fetchall()) - known
        names = {resource.id: resource.name for resource in resources}
        return sorted({names[row[0]] for row in newer})

    def _try_to_apply(self):
        """Write it all; return why that could not be, "" when it was: then nothing is written."""
        changing = self.line_ids.filtered(lambda line: line.kind in APPLIED)
        dropped = self.line_ids.filtered(lambda line: line.kind == "dropped").job_id
        plan = {
            line.job_id: (line.person_id, line.start, line.job_id.scheduled_duration or 1.0)
            for line in changing.sorted(lambda line: (line.person_id.sudo().resource_id.id, line.start, line.id))
        }
        try:
            with self.env.cr.savepoint():
                (changing | self.line_ids.filtered(lambda line: line.kind == "dropped")).job_id._track_discard()
                if dropped:
                    nobody = self.env["fsm.person"]
                    dropped._plan_many(
                        {job: (nobody, job.scheduled_date_start, job.scheduled_duration) for job in dropped}
                    )
                    dropped.is_dispatched = False
                if plan:
                    jobs = self.env["fsm.order"].union(*plan)
                    jobs._plan_many(plan)
                    jobs.is_dispatched = True
                    jobs._log_placing()
        except (NotBookable, UserError, ValidationError) as error:
            return self.env._("Nothing was applied. %(error)s", error=error)
        return ""
