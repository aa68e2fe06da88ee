from odoo import api, models

ALIVE = ("wait_dependencies", "pending", "enqueued", "started")
"""The states of a job in the background that can still come to something."""


class FsmPlan(models.Model):
    """A plan whose job in the background has ended without a word does not wait for ever.

    The runner of ``queue_job`` takes up a job again whose process was killed, but not for ever, and it gives it up in
    SQL, without calling ``_fail``. An administrator can cancel or delete a job as well.
    """

    _inherit = "fsm.plan"

    def _find_lost(self):
        """Return those of these plans that are said to be computed, but by no job in the background."""
        waiting = self.filtered(lambda plan: plan.state == "waiting")
        # sudo: the jobs in the background are the administrators'; whether there is one is no secret
        jobs = self.env["queue.job"].sudo()
        alive = jobs.search([("uuid", "in", waiting.mapped("queue_uuid")), ("state", "in", ALIVE)])
        known = set(alive.mapped("uuid"))
        return waiting.filtered(lambda plan: plan.queue_uuid not in known)

    @api.model
    def _cron_end_lost(self):
        """Say of plans that nobody computes any more that they failed, so that somebody plans again."""
        lost = self.search([("state", "=", "waiting")])._find_lost()
        for lost_plan in lost.try_lock_for_update():  # what is being cancelled just now needs no other end
            plan = lost_plan.with_context(lang=lost_plan.create_uid.lang)
            plan._fail(plan.env._("the server ended it before it was done"))
