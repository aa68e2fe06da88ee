from odoo import api, fields, models


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    order_ids = fields.One2many("sale.order", "reservation_id", "Orders", readonly=True)

    partner_id = fields.Many2one(
        compute="_compute_partner_id", store=True, readonly=False, help="Follows the customer of the order."
    )

    @api.depends("order_ids.partner_id")
    def _compute_partner_id(self):
        for reservation in self:
            reservation.partner_id = reservation.order_ids[:1].partner_id or reservation.partner_id

    def _filter_not_begun(self):
        """Override of ``service_schedule``: orders know whether work has begun."""
        begun = self.sudo().filtered(lambda reservation: reservation.order_ids.fulfilment_step)  # sudo: only compared
        return super()._filter_not_begun() - begun

    def _announce(self, change):
        """Override of ``service_schedule`` to let the orders of the reservation tell what it means for them."""
        result = super()._announce(change)
        # sudo: the change was allowed; whoever made it need not read the order
        for order in self.sudo().order_ids:
            order._announce_change(change)
        return result
