from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_auto_invoice = fields.Boolean(related="company_id.service_auto_invoice", readonly=False)
