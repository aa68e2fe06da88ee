from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.service_schedule.models.service_reservation import CLAIMING

from .sale_order import WAITING_STATES


class SaleOrder(models.Model):
    """Cancelling: by the customer until the cut-off, by the shop at any time; with a reason, and what is given back."""

    _inherit = "sale.order"

    cancel_reason = fields.Char(copy=False, readonly=True, help="What the customer or the shop said when cancelling.")
    cancelled_by = fields.Selection(
        [("customer", "The customer"), ("shop", "The shop")], copy=False, readonly=True, help="Who cancelled the order."
    )

    def _cancel_by_customer(self, reason="", now=None):
        """Cancel as the customer may: until the cut-off, and only before work has begun.

        :raise NotBookable: the cut-off has passed
        :raise UserError: work has begun
        """
        self.ensure_one()
        if self.fulfilment_state == "cancelled":
            return
        self._check_may_be_cancelled_by_customer()
        terms, has_time = self._get_refund_terms(now), self.reservation_id and not self._is_hold_over(now)
        if has_time:
            self.reservation_id._check_may_change(now=now)
        # sudo: customers may not write orders; that this one is theirs and may be cancelled has been checked
        self.sudo()._prepare_cancelling("customer", reason, terms)
        if has_time:
            self.reservation_id._cancel(by_staff=False, reason=reason, now=now)
        self.sudo()._action_cancel()

    def _cancel_by_staff(self, *, percent=None, reason=""):
        """Cancel as the staff wish: with a reason that the customer reads, and the share of his money that goes back.

        :param int percent: None is what the policy says, see ``_get_cancel_terms``
        """
        self.ensure_one()
        if self.state == "cancel":
            return
        self.check_access("write")
        self._check_not_served()
        share, fees = self._get_cancel_terms()
        self._prepare_cancelling("shop", reason, (share if percent is None else percent, fees))
        self._get_ending_reservations()._cancel(by_staff=True, reason=reason)
        self.action_cancel()

    def action_ask_cancel(self):
        """Open the dialog that asks why, and what is given back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Order"),
            "res_model": "sale.order.cancel.service",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _prepare_cancelling(self, who, reason, terms=None):
        """Keep who cancels, why, and what is given back: first of all, for the message to the customer says it.

        :param terms: ``(percent, fees)``, see ``_promise_refund``; None is what the policy says when staff cancel
        """
        for order in self:
            # sudo: the fields are nobody's to write but those who cancel
            order.sudo().write({"cancelled_by": who, "cancel_reason": reason or False})
            order._promise_refund(*(terms or order._get_cancel_terms()))

    def _check_may_be_cancelled_by_customer(self):
        """Raise when work has begun."""
        if self.fulfilment_state not in (*WAITING_STATES, False):
            raise UserError(
                self.env._(
                    "Order %(order)s cannot be cancelled any more: it is %(state)s. Please call us.",
                    order=self.name,
                    state=self._get_fulfilment_label(),
                )
            )

    def _check_not_served(self):
        """Raise when one of these orders has been picked up: what is served stays."""
        served = self.filtered(lambda order: order.fulfilment_state == "picked_up")
        if served:
            raise UserError(
                self.env._(
                    "These orders have been picked up and cannot be cancelled: %(orders)s",
                    orders=", ".join(served.mapped("name")),
                )
            )

    def _may_customer_change(self):
        """Return whether the customer may still reschedule or cancel this order, for buttons."""
        self.ensure_one()
        if self.fulfilment_state not in (*WAITING_STATES, False) or not self.service_point_id:
            return False
        if self._is_hold_over():
            return True
        reservation = self.sudo().reservation_id
        return not reservation or not reservation._get_change_reasons()

    def _get_ending_reservations(self):
        """Return the times that end with these orders. A no-show stays one: it counts."""
        # sudo: whoever may cancel the order gives its time back with it
        return self.sudo().reservation_id.filtered(
            lambda reservation: reservation.state in CLAIMING or reservation.trouble
        )

    def _action_cancel(self):
        """Override of ``sale`` to give the time and the money back; what has been picked up stays."""
        self._check_not_served()
        ending = self.filtered(lambda order: order.service_point_id and order.state != "cancel")
        # who cancels on the ways above has said so, and was told what he gets
        who = "customer" if self.env.user.share else "shop"
        ending.filtered(lambda order: not order.cancelled_by)._prepare_cancelling(who, "")
        ending._get_ending_reservations()._cancel(by_staff=True)
        # the others were announced with the end of their time; one that was only held is no news
        for order in ending.filtered(lambda order: order.sudo().reservation_id.state in (False, "no_show", "done")):
            order._announce("order_cancelled")
        return super()._action_cancel()

    def _take_up_again(self):
        """Forget the cancelling of orders that are taken up again: what was promised, who and why."""
        # sudo: the fields are nobody's to write but those who cancel
        self.sudo().write({"cancelled_by": False, "cancel_reason": False, "refund_due": 0, "refund_state": False})
        self._end_refund_activities()
