from odoo import models


class ServicePoint(models.Model):
    _inherit = "service.point"

    def action_open_feed(self):
        """Open the user's own feed of this service point."""
        self.ensure_one()
        return self.env["service.calendar.feed"]._open("point", self)._get_dialog()
