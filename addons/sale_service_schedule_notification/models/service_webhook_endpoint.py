from odoo import fields, models

PLACES = {"sale.order": "service_point_id", "service.reservation": "point_id"}
"""Where a record's service point stands."""


class ServiceWebhookEndpoint(models.Model):
    """Endpoints of a shop: they hear of what happens there, and of nothing else."""

    _inherit = "service.webhook.endpoint"
    _check_company_auto = True

    point_ids = fields.Many2many(
        "service.point",
        string="Service Points",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        tracking=True,
        help="It is told only of what happens at these. Empty: at all of the company.",
    )

    def _accepts(self, record):
        """Override of ``service_notification_webhook``: what has no place is for those who hear of all places."""
        if not super()._accepts(record):
            return False
        if not self.point_ids:
            return True
        # sudo: customers cause what programs are told
        place = record.sudo()[PLACES[record._name]] if record and record._name in PLACES else None
        return bool(place) and place in self.point_ids
