import time

from psycopg2.errors import OperationalError

from odoo import fields, models

STEP_SECONDS = 0.5
"""How often a plan in the making says how far it is, and looks whether it shall stop."""


class FsmPlanProgress(models.Model):
    """How far a plan in the making is: a row of its own, written in short transactions while the plan's is open."""

    _name = "fsm.plan.progress"
    _description = "Progress of a Plan"
    _log_access = False

    plan_id = fields.Many2one("fsm.plan", required=True, ondelete="cascade", index=True)
    queued_at = fields.Datetime(required=True)
    beat_at = fields.Datetime(help="When it was heard of last.")
    done = fields.Float(help="From 0 to 1.")
    unassigned = fields.Integer()
    cost = fields.Float(help="Of the best plan so far, in seconds of driving.")
    stop = fields.Selection([("keep", "Keep the best so far"), ("drop", "Give it up")])


class Reporter:
    """Writes down how far the planner is, and knows whether somebody wants it to stop.

    :param registry: where the cursors come from: what it writes is seen at once, whatever becomes of the plan
    """

    def __init__(self, registry, plan_id):
        self.registry, self.plan_id = registry, plan_id
        self.told = -STEP_SECONDS
        self.stop = None

    def report(self, done, cost, unassigned):
        """Write down how far it is, and read whether it shall stop; seldom, and never in the way of anybody."""
        now = time.perf_counter()
        if now - self.told < STEP_SECONDS:
            return
        self.told = now
        try:
            with self.registry.cursor() as cr:
                cr.execute(
                    """UPDATE fsm_plan_progress
                          SET done = %s, cost = %s, unassigned = %s, beat_at = now() AT TIME ZONE 'UTC'
                        WHERE plan_id = %s RETURNING stop""",
                    (done, cost, unassigned, self.plan_id),
                )
                row = cr.fetchone()
                self.stop = row and row[0]
        except OperationalError:
            return  # somebody is pressing Stop just now: the next time

    def is_stopped(self):
        """Return whether the planner shall end."""
        return bool(self.stop)
