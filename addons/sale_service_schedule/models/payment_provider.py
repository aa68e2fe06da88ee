from datetime import timedelta

from odoo import fields, models


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    service_hold_hours = fields.Integer(
        "Keep Held Times (hours)",
        default=24,
        help="How long a customer's time is kept while his payment is pending: a bank transfer takes days.",
    )

    _service_hold_hours = models.Constraint(
        "CHECK (service_hold_hours BETWEEN 0 AND 8760)", "Times are kept between 0 hours and a year."
    )

    def _get_hold_end(self):
        """Return until when a time is kept for a payment that is pending from now on, naive UTC."""
        self.ensure_one()
        return fields.Datetime.now() + timedelta(hours=self.service_hold_hours)
