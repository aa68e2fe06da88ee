from odoo import models


class SaleOrder(models.Model):
    """What the API's lists are read by."""

    _inherit = "sale.order"

    _api_shop_idx = models.Index("(service_point_id, id DESC) WHERE service_point_id IS NOT NULL")
    _api_time_idx = models.Index("(scheduled_start, id) WHERE scheduled_start IS NOT NULL")
