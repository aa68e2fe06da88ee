from odoo import fields, models
from odoo.fields import Domain


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    product_tmpl_ids = fields.Many2many(
        "product.template",
        "product_template_service_offer_rel",
        "offer_id",
        "product_tmpl_id",
        string="Products",
        help="Ordering one of these products books this offer.",
    )
    deliver_at = fields.Selection(
        [("ready", "It is ready"), ("picked_up", "It is picked up")],
        string="Delivered When",
        default="picked_up",
        required=True,
        help="When the ordered quantities count as delivered, so that they can be invoiced.",
    )

    payment = fields.Selection(
        [("shop", "At the shop"), ("deposit", "A deposit ahead"), ("full", "Everything ahead")],
        default="shop",
        required=True,
        help="What customers pay online when they book; until then their time is only held.",
    )
    deposit_percent = fields.Integer("Deposit (%)", default=30, required=True)

    _deposit_bounds = models.Constraint("CHECK (deposit_percent BETWEEN 1 AND 100)", "A deposit is 1 to 100 percent.")

    def _get_prepaid_share(self, partner):
        """Return the share that ``partner`` has to pay ahead, 0.0 for nothing.

        A customer who did not come too often pays everything, whatever the offer asks of others.
        """
        self.ensure_one()
        if self._demands_everything(partner):
            return 1.0
        return {"full": 1.0, "deposit": self.deposit_percent / 100}.get(self.payment, 0.0)

    def _demands_everything(self, partner):
        """Return whether ``partner``, or whoever has his e-mail address, missed so many times that he prepays."""
        self.ensure_one()
        bound = self.prepay_no_shows
        return bool(bound and partner and partner._count_missed(self.company_id) >= bound)

    def _get_own_issues(self):
        """Override of ``service_schedule`` to say that no product sells the offer."""
        issues = super()._get_own_issues()
        # sudo: whoever sets up offers need not read products of other companies
        if not self.sudo().product_tmpl_ids:
            issues.append(("warning", self.env._("no product sells it, so no order can book it.")))
        if self.payment != "shop" and not self._has_payment_provider():
            issues.append(
                ("danger", self.env._("it is paid ahead, but no payment provider is enabled, so nobody can book it."))
            )
        return issues

    def _has_payment_provider(self):
        """Return whether customers could pay online."""
        # sudo: whoever sets up offers need not read payment providers
        providers = self.env["payment.provider"].sudo()
        return bool(
            providers.search_count(
                [("company_id", "=", self.company_id.id), ("state", "!=", "disabled"), ("is_published", "=", True)],
                limit=1,
            )
        )

    def _get_products_domain(self):
        """Return the domain of the product variants that these offers sell."""
        return Domain("product_tmpl_id.service_offer_ids", "in", self.ids) & Domain("sale_ok", "=", True)
