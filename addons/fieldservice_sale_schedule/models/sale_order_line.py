from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    order_commercial_partner_id = fields.Many2one(related="order_id.partner_id.commercial_partner_id")
    equipment_id = fields.Many2one(
        "fsm.equipment",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('owned_by_id', 'child_of', order_commercial_partner_id)]",
        help="The customer's thing that is worked on: a tank, a vehicle.",
    )

    @api.constrains("equipment_id", "order_id")
    def _check_equipment_owner(self):
        # sudo: the rule holds also for those who may not read equipment
        strangers = self.sudo().filtered(
            lambda line: (
                line.equipment_id
                and line.equipment_id.owned_by_id.commercial_partner_id != line.order_commercial_partner_id
            )
        )
        if strangers:
            raise ValidationError(
                self.env._(
                    "This equipment does not belong to the order's customer: %(equipment)s",
                    equipment=", ".join(strangers.equipment_id.mapped("display_name")),
                )
            )

    def _get_board_name(self):
        """Override of ``sale_service_schedule`` to name the equipment: "Nitrox fill · AL80 #123"."""
        # sudo: whoever reads the order may know what it is about
        equipment = self.sudo().equipment_id
        name = super()._get_board_name()
        return f"{name} · {equipment.display_name}" if equipment else name
