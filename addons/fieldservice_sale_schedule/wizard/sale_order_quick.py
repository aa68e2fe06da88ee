from odoo import api, fields, models


class SaleOrderQuick(models.TransientModel):
    _inherit = "sale.order.quick"

    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id")
    equipment_id = fields.Many2one(
        "fsm.equipment",
        compute="_compute_equipment_id",
        store=True,
        readonly=False,
        domain="[('owned_by_id', 'child_of', commercial_partner_id), ('company_id', '=', company_id)]",
    )

    @api.depends("partner_id")
    def _compute_equipment_id(self):
        """Forget the equipment of another customer."""
        for wizard in self:
            if wizard.equipment_id.owned_by_id.commercial_partner_id != wizard.commercial_partner_id:
                wizard.equipment_id = False

    def _prepare_line_values(self):
        """Override of ``sale_service_schedule`` to say what is worked on."""
        return {**super()._prepare_line_values(), "equipment_id": self.equipment_id.id}
