from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

EVENT = "reservation_held_expired"
DELAY = timedelta(minutes=15)
"""Who comes back at once, or whose payment arrives, is told nothing."""
USEFUL = timedelta(days=1)
"""A message that could not be sent by then is not sent at all."""
BOOKED = ("held", "confirmed", "done", "no_show")
PAYING = ("pending", "authorized", "done")


class SaleOrder(models.Model):
    """Who left before he had booked is told that his time is not kept any more: once for an order, and in peace."""

    _inherit = "sale.order"

    def _announce(self, event, change=None):
        """Override of ``sale_service_schedule`` to tell of holds that ended; not of those that somebody gave back."""
        result = super()._announce(event, change)
        if event == EVENT and not self.reservation_id._is_end_told() and not self._is_told_of_hold():
            later = fields.Datetime.now() + DELAY
            self._notify(EVENT, audiences=("customer",), moments={self.id: (later, later + USEFUL)})
        return result

    def _is_told_of_hold(self):
        """Return whether there was such a message about the order before: of one time that it had, or another."""
        # sudo: whoever takes the time causes the message
        messages = self.env["service.notification.message"].sudo()
        event = self.env["service.notification.event"]._get_by_code(EVENT)
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id), ("event_id", "=", event.id)]
        return bool(messages.search_count(domain, limit=1))

    def _is_notification_stale(self, messages):
        """Override: who has booked since, goes on with it, or pays, needs not be told."""
        found = super()._is_notification_stale(messages)
        asked = messages.filtered(lambda message: message.event_id.code == EVENT and not found.get(message.id))
        orders = self.browse(asked.mapped("res_id"))
        reasons = orders._get_ended_hold_reasons()
        found.update({message.id: reasons.get(message.res_id, "") for message in asked})
        return found

    def _get_ended_hold_reasons(self):
        """Return ``{order id: why its customer is not told that his time was not kept}``."""
        reasons = {}
        later = self._find_later_reservations()
        for order in self:
            if not order._is_hold_over():
                reasons[order.id] = self.env._("It has been booked, or is kept again")
            elif order.transaction_ids.filtered(lambda transaction: transaction.state in PAYING):
                reasons[order.id] = self.env._("A payment is on its way")
            elif any(order._is_by_same_customer(reservation) for reservation in later):
                reasons[order.id] = self.env._("The customer has booked since")
        return reasons

    def _find_later_reservations(self):
        """Return what the customers of these orders have booked, or hold, since; one query for all."""
        partners = self.partner_id
        if not self.reservation_id:
            return self.env["service.reservation"]
        # a guest is another contact each time: the same address is the same person
        same = Domain("partner_id.commercial_partner_id", "in", partners.commercial_partner_id.ids)
        same |= Domain("partner_id.email_normalized", "in", list(filter(None, partners.mapped("email_normalized"))))
        since = Domain("id", ">", min(self.reservation_id.ids)) & Domain("state", "in", BOOKED)
        return self.env["service.reservation"].search(same & since)

    def _is_by_same_customer(self, reservation):
        """Return whether a reservation is a later one of this order's customer, at the same company."""
        mine, other = self.partner_id, reservation.partner_id
        return (
            reservation.id > self.reservation_id.id
            and reservation.company_id == self.company_id
            and (
                mine.commercial_partner_id == other.commercial_partner_id
                or (mine.email_normalized or "-") == other.email_normalized
            )
        )
