from odoo import fields, models


class ServiceReservationChange(models.Model):
    _inherit = "service.reservation.change"

    kind = fields.Selection(
        selection_add=[("waiver_signed", "Waiver signed"), ("waiver_overridden", "Waiver overridden")],
        ondelete={"waiver_signed": "cascade", "waiver_overridden": "cascade"},
    )
    waiver_day = fields.Date(
        "Waiver of", readonly=True, help="The appointment's day for which the waiver was signed or overridden."
    )
