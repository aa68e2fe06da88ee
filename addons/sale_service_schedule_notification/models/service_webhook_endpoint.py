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
        default=lambda self: self._default_point_ids(),
        help="It is told only of what happens at these. Empty: at all of the company.",
    )

    def _default_point_ids(self):
        """Return the service points of a manager: endpoints of a whole company are for administrators."""
        points = self.env["service.point"]
        if self.env.user.has_group("base.group_system"):
            return points
        return points.search([("user_ids", "in", self.env.uid), ("company_id", "=", self.env.company.id)])

    def write(self, vals):
        """Override: nobody has an endpoint told of places where he may not look after endpoints."""
        result = super().write(vals)
        if {"point_ids", "company_id"} & vals.keys():
            self.check_access("write")
        return result

    def _accepts(self, record):
        """Override of ``service_notification_webhook``: what has no place is for those who hear of all places."""
        if not super()._accepts(record):
            return False
        if not self.point_ids:
            return True
        # sudo: customers cause what programs are told
        place = record.sudo()[PLACES[record._name]] if record and record._name in PLACES else None
        return bool(place) and place in self.point_ids
