from odoo import fields, models


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    question_ids = fields.One2many("service.offer.question", "offer_id", "Questions", copy=True)

    def _get_bookable_resources(self):
        """Return whom customers may choose, none when it is not theirs to choose."""
        self.ensure_one()
        candidates = self._get_candidates()
        return candidates if self.choose_resource and len(candidates) > 1 else candidates.browse()
