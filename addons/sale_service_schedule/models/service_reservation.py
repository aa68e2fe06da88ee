from odoo import fields, models


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    order_ids = fields.One2many("sale.order", "reservation_id", "Orders", readonly=True)

    def _announce(self, change):
        """Override of ``service_schedule`` to let the orders of the reservation tell what it means for them."""
        result = super()._announce(change)
        # sudo: the change was allowed; whoever made it need not read the order
        for order in self.sudo().order_ids:
            order._announce_change(change)
        return result
