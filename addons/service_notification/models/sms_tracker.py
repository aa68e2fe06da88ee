from odoo import fields, models

DELIVERY = {"process": "pending", "pending": "pending", "outgoing": "pending", "sent": "delivered", "error": "failed"}
"""Our words for Odoo's states of a text message, whose "sent" is that it arrived."""

TRANSIENT = ("sms_server", "sms_credit", "sms_acc", "unknown")
"""Failures of the provider or its account, not of the number: worth another try."""


class SmsTracker(models.Model):
    """Brings what the provider of text messages reports back to the outbox."""

    _inherit = "sms.tracker"

    service_notification_id = fields.Many2one(
        "service.notification.message", ondelete="cascade", index="btree_not_null"
    )

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        """Override of ``sms`` to keep the state of delivery."""
        result = super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )
        self.service_notification_id._note_delivery(
            DELIVERY.get(sms_state), failure_type, failure_reason or failure_type
        )
        return result

    def _action_update_from_provider_error(self, provider_error):
        """Override of ``sms`` to keep why it was not delivered."""
        result = super()._action_update_from_provider_error(provider_error)
        _status, failure_type, reason = result
        self.service_notification_id._note_delivery("failed", failure_type, reason or provider_error)
        return result


class ServiceNotificationMessage(models.Model):
    """What becomes of text messages after they were handed over."""

    _inherit = "service.notification.message"

    def _note_delivery(self, delivery, failure_type, reason):
        """Keep what the provider says. What failed for a passing reason is tried again, else it is dead."""
        for message in self.filtered(lambda message: delivery and message.state == "sent"):
            if delivery != "failed":
                if message.delivery != "delivered":
                    message.delivery = delivery
                continue
            message.delivery = "failed"
            message._write_failure(message.attempts, str(reason), failure_type not in TRANSIENT)
