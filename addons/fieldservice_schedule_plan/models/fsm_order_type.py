from odoo import fields, models


class FsmOrderType(models.Model):
    _inherit = "fsm.order.type"

    internal_type = fields.Selection(selection_add=[("lot_walk", "Lot walk")], ondelete={"lot_walk": "set default"})
