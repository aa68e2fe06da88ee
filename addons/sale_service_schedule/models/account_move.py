from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    service_point_id = fields.Many2one(
        "service.point",
        compute="_compute_service_point_id",
        store=True,
        index="btree_not_null",
        help="Where what is invoiced was served; of several places, the first.",
    )

    @api.depends("line_ids.sale_line_ids.order_id.service_point_id")
    def _compute_service_point_id(self):
        for move in self:
            move.service_point_id = move.line_ids.sale_line_ids.order_id.service_point_id[:1]
