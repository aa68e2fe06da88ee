from odoo import models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import from_wall_text, local

MAILS = {
    "service_schedule.mail_template_offer_times": "times_offered",
    "service_schedule.mail_template_cancelled": "reservation_cancelled",
}
"""The mails that the addon below sends by itself, and the event that takes their place."""


class ServiceReservation(models.Model):
    """What people are told of a time itself, whether or not somebody ordered it."""

    _name = "service.reservation"
    _inherit = ["service.reservation", "service.notification.mixin"]

    def _send_customer_mail(self, template):
        """Override of ``service_schedule``: mails go through the outbox. Who is asked again is told once a day."""
        code = MAILS.get(template)
        if not code:
            super()._send_customer_mail(template)
            return
        for point, reservations in self.grouped("point_id").items():
            reservations._notify(code, occasion=point._get_today().isoformat())

    def _get_time_label(self):
        """Return the time of the promise without its day: "3:00 PM", or the name of its window."""
        self.ensure_one()
        if self.window_id:
            return self.window_id.name
        zone = self._get_zone()
        return timing.time_text(self.env, local(from_wall_text(self.wall_start, zone), zone))

    # ------------------------------------------------------------------
    # What the notifications ask
    # ------------------------------------------------------------------

    def _get_notification_recipients(self, event, audience):
        """Override: the customer."""
        if audience == "customer":
            return {reservation.id: reservation.partner_id for reservation in self}
        return super()._get_notification_recipients(event, audience)

    def _get_notification_revision(self):
        """Override: its own."""
        return {reservation.id: reservation.revision for reservation in self}

    def _get_notification_zone(self):
        """Override: in which it was promised."""
        return {reservation.id: reservation.tz for reservation in self}

    def _get_notification_contact(self):
        """Override: the service point."""
        return {reservation.id: reservation.point_id._get_contact() for reservation in self}

    def _get_notification_url(self):
        """Override: where the customer chooses another time."""
        return {reservation.id: reservation._get_choose_url() for reservation in self}

    def _is_notification_stale(self, messages):
        """Override: what has a time that can be kept, or is gone, needs no other."""
        found = super()._is_notification_stale(messages)
        reservations = {reservation.id: reservation for reservation in self}
        for message in messages.filtered(lambda message: not found.get(message.id)):
            reservation = reservations[message.res_id]
            found[message.id] = reservation._get_stale_reason(message)
        return found

    def _get_stale_reason(self, message):
        """Return why a message about this time is not true any more, "" when it is."""
        is_cancelled = self.state == "cancelled"
        if message.event_id.code == "reservation_cancelled":
            return "" if is_cancelled else self.env._("It is not cancelled any more")
        if message.event_id.code == "times_offered":
            if is_cancelled:
                return self.env._("It has been cancelled")
            if message.revision != str(self.revision):
                return self.env._("It has been moved since")
        return ""
