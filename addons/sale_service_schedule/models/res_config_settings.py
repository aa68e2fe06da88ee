from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_auto_invoice = fields.Boolean(related="company_id.service_auto_invoice", readonly=False)
    service_fee_product_id = fields.Many2one(related="company_id.service_fee_product_id", readonly=False)
