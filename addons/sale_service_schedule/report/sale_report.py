from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    service_point_id = fields.Many2one("service.point", readonly=True)

    def _select_additional_fields(self):
        """Override of ``sale`` to tell sales by service point."""
        return {**super()._select_additional_fields(), "service_point_id": "s.service_point_id"}

    def _group_by_sale(self):
        """Override of ``sale`` to tell sales by service point."""
        return f"{super()._group_by_sale()}, s.service_point_id"
