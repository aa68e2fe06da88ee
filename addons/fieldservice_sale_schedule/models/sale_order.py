from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.constrains("partner_id")
    def _check_equipment_owner(self):
        """Equipment on the lines stays that of the order's customer when the customer changes."""
        self.order_line._check_equipment_owner()

    def _add_jobs(self, jobs):
        """Add a line for each of the jobs and return the lines, in the order of the jobs."""
        self.ensure_one()
        values = [{"order_id": self.id, **job._prepare_sale_line_values()} for job in jobs]
        return self.env["sale.order.line"].create(values)
