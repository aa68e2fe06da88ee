from odoo import fields, models
from odoo.exceptions import UserError

SOME = 10
"""Units that a question names; of more it says how many there are."""


class FsmOrder(models.Model):
    """Finishing a walk: whoever brings it into the state *completed*, by whatever door, sets off all the rest.

    The visit is completed, what was repaired on the spot, too; the other findings wait for a technician and a time; the
    customer's order, the summary and his message are made. In one transaction: all of it, once.
    """

    _inherit = "fsm.order"

    def _check_step(self, stage, vals):
        """Override of ``fieldservice_schedule``: a walk is not finished while units are left, unless one says so."""
        result = super()._check_step(stage, vals)
        ending = self.filtered(lambda job: job._is_walk() and job.state not in ("completed", "closed"))
        if stage.code == "completed" and ending:
            ending._lock_walk()
            if not vals.get("is_partial"):
                ending._check_all_seen()
        return result

    def _check_all_seen(self):
        """Raise when units of these walks are left.

        :raise UserError: names them
        """
        left = {visit: count for visit, count in self._count_left().items() if count}
        if left:
            raise UserError("\n".join(visit._describe_left(count) for visit, count in left.items()))

    def _describe_left(self, count):
        """Return "FO012: 3 units are left: …"."""
        names = self._get_left_units()[:SOME].mapped("display_name")
        if count > len(names):
            names.append("…")
        units = ", ".join(names)
        if count == 1:
            return self.env._("%(visit)s: one unit has not been looked at: %(units)s", visit=self.name, units=units)
        return self.env._(
            "%(visit)s: %(count)s units have not been looked at: %(units)s", visit=self.name, count=count, units=units
        )

    def _get_left_units(self):
        """Return the units that nobody has looked at, as superuser."""
        if not self.walk_unit_count:
            return self._find_walk_units()
        return self.sudo().walk_unit_ids.filtered(lambda row: row.state == "open").equipment_id

    def _finish_walk(self, leave_open=False):
        """Finish a walk. Doing it twice is once.

        :param bool leave_open: although units are left; else that is refused, and the refusal names them
        :raise UserError: units are left, or it cannot be finished from where it stands
        """
        self.ensure_one()
        self.check_access("write")
        if not self._is_walk():
            raise UserError(self.env._("%(job)s is not a lot walk.", job=self.name))
        self._lock_walk()
        if self.state in ("completed", "closed"):
            return
        is_partial = bool(self._count_left()[self])
        if is_partial and not leave_open:
            self._check_all_seen()
        self.write({"stage_id": self._get_stage("completed", self.company_id).id, "is_partial": is_partial})

    def action_complete(self):
        """Override of ``fieldservice``: a walk is finished, which may ask first."""
        walks = self.filtered(lambda job: job._is_walk())
        result = super(FsmOrder, self - walks).action_complete()
        return walks.action_finish_walk() if walks else result

    def action_finish_walk(self):
        """Finish these walks; one that has units left asks first."""
        asking = any(self._count_left().values())
        if len(self) == 1 and asking:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Units Are Left"),
                "res_model": "fsm.walk.finish",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_visit_id": self.id},
            }
        for visit in self:
            visit._finish_walk()
        return None

    def _conclude_walk(self):
        """Do what follows from the end of these walks. Called with their locks."""
        for visit in self:
            visit._make_walk_list()
            findings = visit._get_findings()
            visit._settle_findings(findings)
            visit._sell_findings(findings)
            visit._attach_walk_summary()

    def _get_findings(self):
        """Return what was found on this walk and is not cancelled, as superuser, in the order in which it was found."""
        # sudo: a walk is one thing, whoever found what on it
        return self.sudo().finding_ids.filtered(lambda job: job.state != "cancelled").sorted("id")

    def _settle_findings(self, findings):
        """Complete what was repaired on the spot; all else waits to be planned."""
        done = findings.filtered(lambda job: job.is_done_on_spot and job.state in ("requested", "assigned"))
        done._update_state("completed")
        for job in done:
            # when it was repaired; for how long nobody has measured
            job.date_end = job.found_at or fields.Datetime.now()
