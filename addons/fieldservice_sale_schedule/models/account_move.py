from odoo import fields, models

# fieldservice_account shows the jobs to every accountant, who cannot read jobs: no invoice of a job would open
SEES_JOBS = "fieldservice.group_fsm_user_own"


class AccountMove(models.Model):
    _inherit = "account.move"

    fsm_order_ids = fields.Many2many(groups=SEES_JOBS)
    fsm_order_count = fields.Integer(groups=SEES_JOBS)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    fsm_order_ids = fields.Many2many(groups=SEES_JOBS)
