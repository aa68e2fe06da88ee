from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_answer_ids = fields.One2many(
        "service.reservation.answer", compute="_compute_service_answer_ids", string="Answers"
    )

    @api.depends("reservation_id.answer_ids")
    def _compute_service_answer_ids(self):
        for order in self:
            # sudo: whoever reads the order may read what the customer answered
            order.service_answer_ids = order.sudo().reservation_id.answer_ids
