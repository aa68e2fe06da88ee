from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    service_auto_invoice = fields.Boolean(
        "Invoice Served Orders", help="Create the invoice as soon as a scheduled or walk-in order has been served."
    )
    service_fee_product_id = fields.Many2one(
        "product.product",
        "Rescheduling Fee",
        domain="[('type', '=', 'service')]",
        help="What a late reschedule is charged as; taxes and accounts are the product's. Left empty, the common one.",
    )

    def _get_service_fee_product(self):
        """Return the product that charges a rescheduling fee."""
        product = self._get_service_fee_products()[:1]
        if not product:
            raise UserError(self.env._("Choose the product of the rescheduling fee in the settings."))
        return product

    def _get_service_fee_products(self):
        """Return what a rescheduling fee is or may have been charged as: the company's own product comes first."""
        self.ensure_one()
        common = self.env.ref("sale_service_schedule.product_fee", raise_if_not_found=False)
        return self.service_fee_product_id | (common or self.service_fee_product_id)
