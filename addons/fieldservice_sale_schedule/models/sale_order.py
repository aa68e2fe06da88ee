from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.constrains("partner_id")
    def _check_equipment_owner(self):
        """Equipment on the lines stays that of the order's customer when the customer changes."""
        self.order_line._check_equipment_owner()
