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
    dispatch_unserved = fields.Integer(related="company_id.dispatch_unserved", readonly=False)
    dispatch_moved = fields.Integer(related="company_id.dispatch_moved", readonly=False)
    dispatch_roads = fields.Selection(related="company_id.dispatch_roads", readonly=False)
    dispatch_roads_url = fields.Char(related="company_id.dispatch_roads_url", readonly=False)
    dispatch_roads_key = fields.Char(related="company_id.dispatch_roads_key", readonly=False)
    dispatch_roads_profile = fields.Char(related="company_id.dispatch_roads_profile", readonly=False)
    dispatch_roads_block = fields.Integer(related="company_id.dispatch_roads_block", readonly=False)
    dispatch_roads_days = fields.Integer(related="company_id.dispatch_roads_days", readonly=False)

    def action_try_roads(self):
        """Ask the server that is set for one way, and say what it answers."""
        self.set_values()
        return self.company_id.action_try_roads()
