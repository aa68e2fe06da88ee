from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dispatch_speed = fields.Float(related="company_id.dispatch_speed", readonly=False)
    dispatch_road_factor = fields.Float(related="company_id.dispatch_road_factor", readonly=False)
    dispatch_padding = fields.Float(related="company_id.dispatch_padding", readonly=False)
    dispatch_preferred = fields.Integer(related="company_id.dispatch_preferred", readonly=False)
    dispatch_previous = fields.Integer(related="company_id.dispatch_previous", readonly=False)
    dispatch_territory = fields.Integer(related="company_id.dispatch_territory", readonly=False)
    dispatch_even = fields.Integer(related="company_id.dispatch_even", readonly=False)
