from odoo import models

TOLD = {
    "new_order": "order_new",
    "order_scheduled": "order_scheduled",
    "order_rescheduled": "order_rescheduled",
    "order_reassigned": "order_reassigned",
    "order_cancelled": "order_cancelled",
    "order_update": "order_update",
    "order_ready": "order_ready",
    "order_completed": "order_completed",
}
"""What orders announce, and the event of which people are told."""
STEPS = ("order_update", "order_ready", "order_completed")
ARMING = ("order_scheduled", "order_rescheduled")
MAILS = {
    "sale_service_schedule.mail_template_new_time": "order_needs_new_time",
    "sale_service_schedule.mail_template_order_cancelled": "order_cancelled",
}
"""The mails that the addon below sends by itself, and the event that takes their place."""


class SaleOrder(models.Model):
    """Where everybody's messages begin."""

    _inherit = "sale.order"

    def _announce(self, event, change=None):
        """Override of ``sale_service_schedule`` to tell people of what an order announces."""
        result = super()._announce(event, change)
        if event in TOLD:
            # of a cancellation the customer is told where its mail was sent, which knows of what he has heard
            audiences = ("assigned", "staff") if TOLD[event] in MAILS.values() else ("customer", "assigned", "staff")
            occasion = (self.fulfilment_state or "") if event in STEPS else ""
            self._notify(TOLD[event], audiences=audiences, occasion=occasion)
        if event in ARMING:
            self._arm_reminders()
        return result

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        """Override of ``sale``: mails of ours go through the outbox, once and with an invitation."""
        code = MAILS.get(mail_template.get_external_id().get(mail_template.id)) if mail_template else None
        if code:
            self._notify(code, audiences=("customer",))
            return None
        return super()._send_order_notification_mail(mail_template, allow_deferred_sending)

    def _send_order_confirmation_mail(self):
        """Override of ``sale``: who has ordered a time is told of it once, with the time."""
        return super(SaleOrder, self.filtered(lambda order: not order.reservation_id))._send_order_confirmation_mail()
