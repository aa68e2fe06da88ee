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

    def _get_service_name(self):
        """Override of ``service_schedule``: what was bought."""
        # sudo: customers do not read products; it is what they ordered
        lines = self.sudo().order_ids[:1].order_line.filtered("product_id.service_offer_ids")
        names = lines.product_id.with_context(display_default_code=False).mapped("display_name")
        return ", ".join(names) or super()._get_service_name()

    def _get_customer_url(self):
        """Override of ``service_schedule``: the page of the order."""
        order = self.sudo().order_ids[:1]  # sudo: the link is for the customer of the order
        return f"{order.get_base_url()}{order.get_portal_url()}" if order else super()._get_customer_url()

    def action_open_order(self):
        """Open the order of this reservation, where it is changed, cancelled and paid."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order"),
            "res_model": "sale.order",
            "res_id": self.order_ids[:1].id,
            "views": [(self.env.ref("sale_service_schedule.sale_order_view_form").id, "form")],
        }
