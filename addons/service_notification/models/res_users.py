from odoo import models


class ResUsers(models.Model):
    """The way from a user's preferences to how he is told."""

    _inherit = "res.users"

    def action_choose_notifications(self):
        """Open what the user may choose about messages to himself."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How You Are Told"),
            "res_model": "service.notification.choice",
            "view_mode": "form",
            "target": "new",
        }
