from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    waiver_id = fields.Many2one(
        "service.waiver",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('version_ids', '!=', False)]",
        help="Customers sign it on the day of the appointment. Work cannot begin without it.",
    )

    @api.constrains("waiver_id")
    def _check_waiver_id(self):
        """Nobody can sign what was never published."""
        for offer in self.filtered(lambda offer: offer.waiver_id and not offer.waiver_id.version_ids):
            raise ValidationError(
                self.env._(
                    "Offer %(offer)s: waiver %(waiver)s has not been published yet.",
                    offer=offer.name,
                    waiver=offer.waiver_id.name,
                )
            )
