from odoo import models

from ..exceptions import DeliveryError


class ServiceNotificationSenderSms(models.AbstractModel):
    """Text messages, by Odoo's ``sms`` and whichever provider it has.

    The handover is a row of ``sms.sms`` in the transaction that marks ours as sent, so it happens once. What the
    provider says comes back by ``sms.tracker``.
    """

    _name = "service.notification.sender.sms"
    _inherit = "service.notification.sender"
    _description = "Notifications by SMS"

    _is_transactional = True

    def _has_text(self, event):
        """Override: the text is the SMS template."""
        return bool(event.sms_template_id)

    def _filter_partners(self, partners):
        """Override: only those who agreed."""
        consenting = self.env["service.notification.consent"]._read_consenting(partners)
        return partners.filtered(lambda partner: partner.id in consenting)

    def _find_obstacles(self, messages):
        """Override: who has taken his consent back meanwhile, or has another number, gets nothing."""
        consenting = self.env["service.notification.consent"]._read_consenting(messages.partner_id)
        refused = messages.filtered(lambda message: message.partner_id.id not in consenting)
        return dict.fromkeys(refused.ids, self.env._("The recipient has not agreed to text messages to this number"))

    def _prepare(self, messages):
        """Override to render the texts."""
        texts, errors = self.env["service.notification.renderer"]._render_texts(messages)
        numbers = self.env["service.notification.consent"]._read_consenting(messages.partner_id)
        payloads = {
            message.id: {
                "title": texts[message.id],
                "number": numbers[message.partner_id.id],
                "partner_id": message.partner_id.id,
                "company_id": message.company_id.id,
            }
            for message in messages
            if message.id in texts
        }
        return payloads, errors

    def _deliver(self, payloads, session):
        """Override to hand over to ``sms.sms``, in batch."""
        by_company = {}
        for message_id, payload in payloads.items():
            by_company.setdefault(payload["company_id"], {})[message_id] = payload
        for company_id, mine in by_company.items():
            company = self.env["res.company"].browse(company_id) or self.env.company
            self.with_company(company)._create_sms(mine)
        for message_id, payload in payloads.items():
            yield message_id, None if payload["title"] else DeliveryError(self.env._("The text is empty"), True)

    def _create_sms(self, payloads):
        """Create the rows of Odoo's queue and what tells us of their delivery.

        ``with_company`` tells the provider's addon whose account it is.
        """
        full = {message_id: payload for message_id, payload in payloads.items() if payload["title"]}
        # sudo: the sender acts for nobody in particular
        messages = (
            self.env["sms.sms"]
            .sudo()
            .create(
                [
                    {"number": payload["number"], "body": payload["title"], "partner_id": payload["partner_id"]}
                    for payload in full.values()
                ]
            )
        )
        self.env["sms.tracker"].sudo().create(
            [
                {"sms_uuid": sms.uuid, "service_notification_id": message_id}
                for message_id, sms in zip(full, messages, strict=True)
            ]
        )
