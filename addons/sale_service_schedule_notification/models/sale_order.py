from odoo import models

TIME_EVENTS = ("order_scheduled", "order_rescheduled", "order_reassigned", "order_reminder")
"""What is only true of the time that the order has now."""
INVITING = ("order_scheduled", "order_rescheduled", "order_reassigned", "order_cancelled")
"""What moves the entry in the customer's calendar."""


class SaleOrder(models.Model):
    """What the notifications ask about orders; see ``service.notification.mixin`` for the shapes."""

    _name = "sale.order"
    _inherit = ["sale.order", "service.notification.mixin"]

    def _get_notification_recipients(self, event, audience):
        """Override: the customer, who serves him, and the staff of the service point but whoever did it."""
        if audience == "customer":
            return {order.id: order.partner_id for order in self}
        if audience == "assigned":
            found = {order.id: order.reservation_id.resource_id.user_id.partner_id for order in self}
        elif audience == "staff":
            staff = self.service_point_id._get_staff()
            found = {order.id: staff[order.service_point_id.id].partner_id for order in self if order.service_point_id}
        else:
            return super()._get_notification_recipients(event, audience)
        return {order_id: partners - self.env.user.partner_id for order_id, partners in found.items()}

    def _get_notification_revision(self):
        """Override: of the appointment, which may be another than before."""
        return {order.id: f"{order.reservation_id.id or 0}.{order.reservation_id.revision}" for order in self}

    def _get_notification_moment(self):
        """Override: when it begins, as long as it is to come."""
        return {order.id: order._is_expected() and order.scheduled_start for order in self}

    def _is_expected(self):
        """Return whether the customer is to come: reminders are of use."""
        return self.state != "cancel" and self.reservation_id.state == "confirmed" and not self.needs_new_time

    def _get_notification_zone(self):
        """Override: the service point's."""
        zones = super()._get_notification_zone()
        return {order.id: order.service_point_id.tz or zones[order.id] for order in self}

    def _get_notification_url(self):
        """Override: the page of the order, or where he chooses a new time, or goes on."""
        return {order.id: order._get_page_url() for order in self}

    def _get_page_url(self):
        """Return where the customer sees how it stands, or does what he has to."""
        if self.needs_new_time:
            return self._get_choose_url()
        return self._get_resume_url() if self.reservation_id and self._is_hold_over() else self.get_portal_url()

    def _get_notification_staff_url(self):
        """Override: its form among the scheduled orders."""
        return {order.id: f"/odoo/service-orders/{order.id}" for order in self}

    def _get_notification_contact(self):
        """Override: the service point."""
        return {order.id: order.service_point_id._get_contact() for order in self if order.service_point_id}

    def _get_notification_attachments(self, messages):
        """Override: invitations for the customer's calendar."""
        found = super()._get_notification_attachments(messages)
        orders = {order.id: order for order in self}
        for message in messages:
            reservation = orders[message.res_id].reservation_id
            if reservation and message.audience == "customer" and message.event_id.code in INVITING:
                method, content = reservation.with_context(lang=message.partner_id.lang)._get_invitation()
                kind = f"text/calendar; charset=utf-8; method={method}"
                found.setdefault(message.id, []).append(("invite.ics", content, kind))
        return found

    # ------------------------------------------------------------------
    # Is it still true
    # ------------------------------------------------------------------

    def _is_notification_stale(self, messages):
        """Override: what has been moved, cancelled or done since."""
        found = super()._is_notification_stale(messages)
        orders, revisions = {order.id: order for order in self}, self._get_notification_revision()
        for message in messages:
            order = orders[message.res_id]
            is_moved = message.revision != revisions[order.id]
            found[message.id] = found.get(message.id) or order._get_stale_reason(message, is_moved)
        return found

    def _get_stale_reason(self, message, is_moved):
        """Return why a message about this order is not true any more, "" when it is."""
        code = message.event_id.code
        is_cancelled = self.state == "cancel" or self.reservation_id.state == "cancelled"
        if code == "order_cancelled":
            return "" if is_cancelled else self.env._("It is not cancelled any more")
        if is_cancelled:
            return self.env._("It has been cancelled")
        if code in TIME_EVENTS and is_moved:
            return self.env._("It has been moved since")
        if code == "order_reminder" and not self._is_expected():
            return self.env._("It is over, or has no time")
        if code == "order_needs_new_time" and not self.needs_new_time:
            return self.env._("It has a new time")
        if code in ("order_ready", "order_update") and message.occasion != (self.fulfilment_state or ""):
            return self.env._("The work has gone on since")
        return ""
