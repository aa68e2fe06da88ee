from odoo import models


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    def _get_choose_url(self):
        """Override of ``service_schedule``: the customer chooses on the page of the order."""
        order = self.sudo().order_ids[:1]  # sudo: the link is for the customer of the order
        return order._get_choose_url() if order else super()._get_choose_url()

    def _cancel_for_shop(self, reason=""):
        """Override of ``service_schedule`` to cancel the order with its time, and to give back all that was paid.

        :raise UserError: it has been served already
        """
        # sudo: staff who may cancel the appointment may cancel what was ordered for it
        orders = self.sudo().order_ids.filtered(lambda order: order.state != "cancel")
        orders._prepare_cancelling("shop", reason, (100, 0))
        result = super()._cancel_for_shop(reason)
        orders._action_cancel()
        return result

    def _tell_cancelled(self):
        """Override of ``service_schedule``: customers who have ordered are told by their order, what they get back."""
        ordered = self.filtered(lambda reservation: reservation.sudo().order_ids)  # sudo: only whether there are any
        return super(ServiceReservation, self - ordered)._tell_cancelled()
