from markupsafe import Markup

from odoo import api, fields, models

ICONS = [
    ("chip", "Chip"),
    ("crack", "Crack"),
    ("glass", "Whole Pane"),
    ("side", "Side Window"),
    ("wiper", "Wiper"),
    ("mirror", "Mirror"),
    ("other", "Something Else"),
]
PICTURE = "/fieldservice_schedule_walk/static/src/img/damage-%s.svg"


class FsmDamage(models.Model):
    """A kind of damage, and so what its repair is, takes and costs: known before it is written down."""

    _name = "fsm.damage"
    _description = "Kind of Damage"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Left empty, all companies use it."
    )
    product_id = fields.Many2one(
        "product.product",
        "Repair",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        help="What is sold for it, at the price of the customer's pricelist.",
    )
    minutes = fields.Integer(
        "Duration", required=True, default=30, help="How long the repair of one takes, in minutes."
    )
    skill_ids = fields.Many2many("hr.skill", string="Skills", help="Who repairs it has all of these.")
    icon = fields.Selection(ICONS, "Picture", required=True, default="other")
    color = fields.Integer("Color Index")
    icon_url = fields.Char(compute="_compute_icon_url")

    _minutes_positive = models.Constraint("CHECK (minutes > 0)", "A repair takes at least a minute.")

    @api.depends("icon")
    def _compute_icon_url(self):
        for damage in self:
            damage.icon_url = PICTURE % (damage.icon or "other")

    @api.model
    def _get_all(self, company):
        """Return the kinds of damage that a company knows."""
        return self.search([("company_id", "in", (False, company.id))])

    def _get_prices(self, partner, company):
        """Return ``({damage: price of one}, currency)`` by the pricelist of a customer.

        :param partner: the customer; :param company: who serves him
        """
        # sudo: whoever writes a damage down may tell what its repair costs this customer
        pricelist = partner.sudo().with_company(company).property_product_pricelist
        currency = pricelist.currency_id or company.currency_id
        products = self.sudo().with_company(company).product_id
        prices = pricelist._get_products_price(products, 1.0, currency=currency)
        return {damage: prices[damage.sudo().product_id.id] for damage in self}, currency

    def _leave_out_taxes(self, price, currency, count, partner, company):
        """Return what so many cost without the taxes that are in the price; 0 for an empty record. As superuser."""
        if not self:
            return 0.0
        product = self.product_id
        taxes = product.taxes_id._filter_taxes_by_company(company)
        return taxes.compute_all(price, currency, count, product, partner)["total_excluded"]

    def _get_label(self, count):
        """Return "Chip", or with their number, when there are several."""
        self.ensure_one()
        return f"{count} \N{MULTIPLICATION SIGN} {self.name}" if count > 1 else self.name

    def _describe(self, count, note):
        """Return what is to be repaired, HTML: the description of the job."""
        note = Markup("<p>%s</p>") % note if note else Markup()
        return Markup("<p>%s</p>") % self._get_label(count) + note
