from odoo import fields, models


class SmsTwilioAccountManage(models.TransientModel):
    _inherit = "sms.twilio.account.manage"

    service_notification_url = fields.Char(
        "Address for Received Messages",
        compute="_compute_service_notification_url",
        help="Give it to each of your numbers at Twilio, as its webhook for incoming messages (POST): then STOP ends "
        "the messages to a number, and START begins them again.",
    )

    def _compute_service_notification_url(self):
        for wizard in self:
            receipts = self.env["service.notification.twilio.receipt"]
            wizard.service_notification_url = receipts._get_url(wizard.company_id)
