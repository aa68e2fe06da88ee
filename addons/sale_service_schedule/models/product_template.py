from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_offer_ids = fields.Many2many(
        "service.offer",
        "product_template_service_offer_rel",
        "product_tmpl_id",
        "offer_id",
        string="Offers",
        help="What an order of this product occupies, at each service point that serves it.",
    )
