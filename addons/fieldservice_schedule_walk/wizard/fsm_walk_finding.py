import uuid

from odoo import api, fields, models


class FsmWalkFinding(models.TransientModel):
    """Writes a finding down from a desk; technicians have the walk's pages on their phones."""

    _name = "fsm.walk.finding"
    _description = "New Finding"

    visit_id = fields.Many2one("fsm.order", "Lot Walk", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="visit_id.partner_id")
    company_id = fields.Many2one(related="visit_id.company_id")
    equipment_id = fields.Many2one(
        "fsm.equipment",
        "Unit",
        domain="[('owned_by_id', 'child_of', partner_id), ('company_id', '=', company_id)]",
    )
    number = fields.Char("Number of a New Unit", help="Of a unit that is not registered yet.")
    damage_id = fields.Many2one("fsm.damage", required=True)
    count = fields.Integer("How Many", default=1, required=True)
    note = fields.Text()
    is_done = fields.Boolean("Repaired on the Spot")
    photo = fields.Binary(attachment=False)
    currency_id = fields.Many2one("res.currency", compute="_compute_price")
    price = fields.Monetary(compute="_compute_price", help="By the customer's pricelist, without taxes.")
    key = fields.Char(default=lambda self: str(uuid.uuid4()), readonly=True)

    @api.depends("damage_id", "count", "visit_id")
    def _compute_price(self):
        for wizard in self:
            visit = wizard.visit_id
            prices, currency = wizard.damage_id._get_prices(visit.partner_id, visit.company_id)
            wizard.currency_id = currency
            wizard.price = wizard.damage_id.sudo()._leave_out_taxes(
                prices.get(wizard.damage_id, 0), currency, wizard.count, visit.partner_id, visit.company_id
            )

    def action_add(self):
        """Write it down."""
        self.ensure_one()
        visit = self.visit_id
        unit = self.equipment_id or visit._find_or_add_unit(self.number)
        values = {"damage": self.damage_id.id, "count": self.count, "note": self.note, "done": self.is_done}
        visit._add_finding(unit, {**values, "uuid": self.key, "photos": [self.photo] if self.photo else []})
