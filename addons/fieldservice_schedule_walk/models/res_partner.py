from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    lot_walk_count = fields.Integer(
        "Lot Walks", compute="_compute_lot_walk_count", groups="fieldservice.group_fsm_user_own"
    )

    def _compute_lot_walk_count(self):
        rows = self.env["fsm.order"]._read_group(self._get_lot_walk_domain(), ["partner_id"], ["__count"])
        counts = {partner.id: count for partner, count in rows}
        for partner in self:
            partner.lot_walk_count = counts.get(partner.commercial_partner_id.id, 0)

    def _get_lot_walk_domain(self):
        """Return the domain of the lot walks of these customers."""
        return [
            ("partner_id", "in", self.commercial_partner_id.ids),
            ("type.internal_type", "=", "lot_walk"),
            ("state", "!=", "cancelled"),
        ]

    def action_open_lot_walks(self):
        """List the lot walks of these customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id("fieldservice_schedule_walk.fsm_order_walk_action")
        return {**action, "domain": self._get_lot_walk_domain(), "context": {}}
