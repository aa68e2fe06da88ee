from odoo import fields
from odoo.tools import split_every

BATCH = 500


def post_init_hook(env):
    """Let customers know of the times that their jobs have already, and remind them of those to come."""
    jobs = env["fsm.order"].search([("scheduled_date_start", ">", fields.Datetime.now()), ("person_id", "!=", False)])
    for batch in split_every(BATCH, jobs.ids, jobs.browse):
        batch._adopt_promises()
