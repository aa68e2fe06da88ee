from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_board_name(self):
        """Return what is to be done, for the board."""
        self.ensure_one()
        return self.product_id.with_context(display_default_code=False).display_name or self.name

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``sale``: more to do may take more places of the time that the order has."""
        lines = super().create(vals_list)
        lines.order_id._fit_reservation()
        return lines

    def write(self, vals):
        """Override of ``sale``: more or less to do takes more or fewer places of the time that the order has."""
        result = super().write(vals)
        if {"product_id", "product_uom_qty", "product_uom_id"} & vals.keys():
            self.order_id._fit_reservation()
        return result

    def unlink(self):
        """Override of ``sale``: less to do takes fewer places of the time that the order has."""
        orders = self.order_id
        result = super().unlink()
        orders._fit_reservation()
        return result
