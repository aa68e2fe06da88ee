from odoo import api, models
from odoo.tools import format_list

from odoo.addons.fieldservice_schedule.models.fsm_order_leaves import OPEN
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import covers


class FsmBoard(models.AbstractModel):
    """What is wrong with planned jobs: each conflict is a kind and a sentence."""

    _inherit = "fsm.board"

    @api.model
    def _find_conflicts(self, jobs, hours, taken, driving):
        """Return ``{job: [{"kind", "text"}]}`` of open jobs that have a technician and a time.

        Kinds: ``overlap``, ``away``, ``hours``, ``skill``, ``driving``. A fixed number of queries.

        :param hours: what ``fsm.dispatch._read_hours`` returns
        :param taken: what ``fsm.dispatch._read_taken`` returns
        :param driving: what ``fsm.order._get_driving`` returns
        """
        planned = jobs.filtered(lambda job: job.state in OPEN and job.person_id and job.scheduled_date_start)
        overlaps = self._find_overlapping_claims(planned, taken)
        absences, busy = planned._find_absences(), planned._find_busy()
        found = {}
        for job in planned:
            said = [
                ("overlap", self._say_overlap(job, overlaps.get(job))),
                ("away", self._say_away(job, absences, busy)),
                ("hours", "" if job in absences else self._say_hours(job, hours.get(job.person_id))),
                ("skill", self._say_skills(job)),
                ("driving", driving[job.id].conflict if job.id in driving else ""),
            ]
            found[job] = [{"kind": kind, "text": text} for kind, text in said if text]
        return found

    @api.model
    def _find_overlapping_claims(self, jobs, taken):
        """Return ``{job: reservations}`` that the job's technician has at the same time, other than the job's own."""
        found = {}
        for job in jobs:
            claims = taken[job.person_id].filtered(
                lambda claim, job=job: (
                    claim.job_id != job
                    and claim.blocked_start < job.scheduled_date_end
                    and claim.blocked_stop > job.scheduled_date_start
                )
            )
            if claims:
                found[job] = claims
        return found

    @api.model
    def _say_overlap(self, job, claims):
        """Return "Overbooked: FO013 at the same time (a manager: the customer insists)."."""
        if not claims:
            return ""
        names = format_list(self.env, [claim._get_claim_name() for claim in claims])
        reasons = [job.exception_reason, *claims.mapped("exception_reason")]
        reason = next((reason for reason in reasons if reason), "")
        if reason:
            return self.env._("Overbooked: %(jobs)s at the same time (%(reason)s).", jobs=names, reason=reason)
        return self.env._("%(jobs)s at the same time.", jobs=names)

    @api.model
    def _say_away(self, job, absences, busy):
        """Return that the technician is on leave, or busy with something else."""
        if job in absences:
            return job._describe_absence(absences[job])
        return job._describe_busy(*busy[job]) if job in busy else ""

    @api.model
    def _say_hours(self, job, spans):
        """Return that the job lies outside of the technician's working hours; None is whenever he likes."""
        span = (timing.to_stamp(job.scheduled_date_start), timing.to_stamp(job.scheduled_date_end))
        if spans is None or covers(spans, *span):
            return ""
        return self.env._("Outside of the working hours of %(name)s.", name=job.person_id.name)

    @api.model
    def _say_skills(self, job):
        """Return which skills the technician lacks."""
        # sudo: what a colleague can do may be known to whoever plans his work
        missing = job.sudo().skill_ids - job.sudo().person_id.skill_ids.skill_id
        if not missing:
            return ""
        names = format_list(self.env, missing.mapped("name"))
        return self.env._("%(name)s lacks %(skills)s.", name=job.person_id.name, skills=names)
