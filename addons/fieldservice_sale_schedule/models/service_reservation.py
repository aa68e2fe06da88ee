from odoo import models


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    def _announce(self, change):
        """Override of ``service_schedule``: an order that gets a time late gives it to its job."""
        result = super()._announce(change)
        # sudo: the change was allowed; whoever made it need not read the order
        reservation = self.sudo()
        if reservation.state == "confirmed" and not reservation.job_id:
            reservation.order_ids._take_sold_times()
        return result
