from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_auto_invoice = fields.Boolean(
        "Invoice Served Orders", help="Create the invoice as soon as a scheduled or walk-in order has been served."
    )
