from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    field_tomorrow_hour = fields.Float(related="company_id.field_tomorrow_hour", readonly=False)
    field_today_hour = fields.Float(related="company_id.field_today_hour", readonly=False)
    asks_rating = fields.Boolean(related="company_id.asks_rating", readonly=False)
