from odoo import api, models


class ServiceNotificationChoice(models.TransientModel):
    _inherit = "service.notification.choice"

    @api.model
    def _get_revoke_text(self):
        """Override of ``service_notification``: answers reach us where Twilio sends for the company."""
        # sudo: customers do not read how the company sends
        if self.env.company.sudo().sms_provider == "twilio":
            return self.env._("I can answer STOP at any time.")
        return super()._get_revoke_text()
