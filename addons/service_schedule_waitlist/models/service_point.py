from odoo import fields, models


class ServicePoint(models.Model):
    _inherit = "service.point"

    waiting_limit = fields.Integer(
        "Waiting at Once", default=5, required=True, help="For how many full days or windows a customer may wait."
    )

    _waiting_limit_bounds = models.Constraint(
        "CHECK (waiting_limit BETWEEN 1 AND 1000)", "A customer may wait for between 1 and 1000 days or windows."
    )
