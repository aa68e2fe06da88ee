from odoo import fields, models
from odoo.fields import Domain


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    product_tmpl_ids = fields.Many2many(
        "product.template",
        "product_template_service_offer_rel",
        "offer_id",
        "product_tmpl_id",
        string="Products",
        help="Ordering one of these products books this offer.",
    )
    deliver_at = fields.Selection(
        [("ready", "It is ready"), ("picked_up", "It is picked up")],
        string="Delivered When",
        default="picked_up",
        required=True,
        help="When the ordered quantities count as delivered, so that they can be invoiced.",
    )

    def _get_own_issues(self):
        """Override of ``service_schedule`` to say that no product sells the offer."""
        issues = super()._get_own_issues()
        # sudo: whoever sets up offers need not read products of other companies
        if not self.sudo().product_tmpl_ids:
            issues.append(("warning", self.env._("no product sells it, so no order can book it.")))
        return issues

    def _get_products_domain(self):
        """Return the domain of the product variants that these offers sell."""
        return Domain("product_tmpl_id.service_offer_ids", "in", self.ids) & Domain("sale_ok", "=", True)
