from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_answer_ids = fields.One2many(
        "service.reservation.answer", compute="_compute_service_answer_ids", string="Answers"
    )

    def _get_resume_url(self):
        """Override of ``sale_service_schedule``: what was begun in the wizard goes on there."""
        hold = self.sudo().reservation_id  # sudo: the link is for whoever began it
        if not hold.book_product_id:
            return super()._get_resume_url()
        return f"{self.get_base_url()}/book/{hold.public_id}?token={hold._get_token()}"

    @api.depends("reservation_id.answer_ids")
    def _compute_service_answer_ids(self):
        for order in self:
            # sudo: whoever reads the order may read what the customer answered
            order.service_answer_ids = order.sudo().reservation_id.answer_ids
