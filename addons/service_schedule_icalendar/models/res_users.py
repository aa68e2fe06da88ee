from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_open_service_feed(self):
        """Open the feed of what the user serves. It is his own, whose preferences these are or not."""
        return self.env["service.calendar.feed"]._open("technician")._get_dialog()
