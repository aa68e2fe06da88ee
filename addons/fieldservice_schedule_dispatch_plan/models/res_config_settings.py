from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dispatch_plan_seconds = fields.Integer(related="company_id.dispatch_plan_seconds", readonly=False)
    dispatch_plan_iterations = fields.Integer(related="company_id.dispatch_plan_iterations", readonly=False)
