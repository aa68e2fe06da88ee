from odoo import fields, models

MAILS = {
    "service_schedule_waitlist.mail_template_offered": "waitlist_offered",
    "service_schedule_waitlist.mail_template_missed": "waitlist_missed",
}
"""The mails that the addon below sends by itself, and the event that takes their place."""
STATES = {"waitlist_offered": "offered", "waitlist_missed": "missed"}


class ServiceWaitlistEntry(models.Model):
    """What the notifications ask about those who wait; see ``service.notification.mixin`` for the shapes."""

    _name = "service.waitlist.entry"
    _inherit = ["service.waitlist.entry", "service.notification.mixin"]

    def _send_customer_mail(self, template):
        """Override of ``service_schedule_waitlist``: mails go through the outbox. An offer is of use while it lasts."""
        code = MAILS.get(template)
        if not code:
            super()._send_customer_mail(template)
            return
        until = self.offered_until if self.state == "offered" else None
        self._notify(code, audiences=("customer",), moments={self.id: (fields.Datetime.now(), until)})

    def _get_notification_recipients(self, event, audience):
        """Override: who waits."""
        if audience == "customer":
            return {entry.id: entry.partner_id for entry in self}
        return super()._get_notification_recipients(event, audience)

    def _get_notification_revision(self):
        """Override: the time that is, or was, offered."""
        return {entry.id: entry.reservation_id.id or 0 for entry in self}

    def _get_notification_zone(self):
        """Override: the service point's."""
        return {entry.id: entry.point_id.tz for entry in self}

    def _get_notification_contact(self):
        """Override: the service point."""
        return {entry.id: entry.point_id._get_contact() for entry in self}

    def _get_notification_url(self):
        """Override: where the offered time is taken; else the place in line."""
        return {
            entry.id: entry._get_accept_url() if entry.state == "offered" else entry._get_page_url() for entry in self
        }

    def _is_notification_stale(self, messages):
        """Override: what was taken, missed or given up meanwhile."""
        found = super()._is_notification_stale(messages)
        entries = {entry.id: entry for entry in self}
        for message in messages:
            wanted = STATES.get(message.event_id.code)
            if wanted and entries[message.res_id].state != wanted and not found.get(message.id):
                found[message.id] = self.env._("The time is not offered any more")
        return found
