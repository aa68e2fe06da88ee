from odoo import fields, models
from odoo.fields import Domain


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    question_ids = fields.One2many("service.offer.question", "offer_id", "Questions", copy=True)

    def _get_own_issues(self):
        """Override of ``service_schedule`` to say that nobody could pay."""
        issues = super()._get_own_issues()
        if self._needs_payment() and not self._get_payment_providers():
            issues.append(
                (
                    "danger",
                    self.env._(
                        "customers have to pay online, but no payment provider is enabled: they cannot book it. "
                        "Enable one under Invoicing or Sales, Configuration, Payment Providers."
                    ),
                )
            )
        return issues

    def _needs_payment(self):
        """Return whether customers pay for this offer ahead; also those who only do after no-shows."""
        self.ensure_one()
        return bool(self.prepay_no_shows)

    def _get_payment_providers(self):
        """Return the payment providers that customers of this offer could use."""
        # sudo: whoever sets up offers need not read payment providers; only their number counts
        return (
            self.env["payment.provider"]
            .sudo()
            .search(
                Domain("state", "in", ("enabled", "test"))
                & Domain("is_published", "=", True)
                & Domain("company_id", "parent_of", self.company_id.id),
                limit=1,
            )
        )

    def _get_bookable_resources(self):
        """Return whom customers may choose, none when it is not theirs to choose."""
        self.ensure_one()
        candidates = self._get_candidates()
        return candidates if self.choose_resource and len(candidates) > 1 else candidates.browse()
