from odoo import fields, models

TRACKED = ("sale", "line", "unit")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    field_service_tracking = fields.Selection(
        selection_add=[("unit", "Create one FSM order per unit sold")],
        ondelete={"unit": "set default"},
        help="What an order's confirmation makes of this product: no job, one job for all such lines of the order, one "
        "job for each line whatever its quantity, or as many jobs as are sold.",
    )
