from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

MOST_LANES = 500


class ResourceResource(models.Model):
    _name = "resource.resource"
    _inherit = ["resource.resource", "service.hours.mixin"]
    _hours_fields = frozenset(("active", "calendar_id", "company_id", "tz", "lane_count", "offer_ids"))

    lane_count = fields.Integer(
        "Places at Once",
        default=1,
        required=True,
        help="How many reservations fit side by side. A person or a bay has one place; a counter that takes ten "
        "orders a morning has ten.",
    )
    offer_ids = fields.Many2many(
        "service.offer", "service_offer_resource_rel", "resource_id", "offer_id", string="Offers"
    )

    _lane_count_bounds = models.Constraint(
        f"CHECK (lane_count BETWEEN 1 AND {MOST_LANES})", f"The places at once are between 1 and {MOST_LANES}."
    )

    @api.constrains("lane_count", "resource_type")
    def _check_person_has_one_lane(self):
        people = self.filtered(lambda resource: resource.resource_type == "user" and resource.lane_count != 1)
        if people:
            raise ValidationError(
                self.env._(
                    "A person serves one reservation at a time. Set the places at once to 1, or the type to Material: "
                    "%(names)s",
                    names=", ".join(people.mapped("name")),
                )
            )

    def _get_promises_domain(self):
        """Override of ``service.hours.mixin``: what these resources serve."""
        return Domain("resource_id", "in", self.ids)
