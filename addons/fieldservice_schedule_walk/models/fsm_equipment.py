from odoo import api, fields, models


class FsmEquipment(models.Model):
    """A unit: what walks have seen of it."""

    _inherit = "fsm.equipment"

    walk_unit_count = fields.Integer("Lot Walks", compute="_compute_walk_unit_count")
    walk_finding_count = fields.Integer("Findings", compute="_compute_walk_unit_count")

    @api.depends_context("uid")
    def _compute_walk_unit_count(self):
        rows = self.env["fsm.walk.unit"]._read_group(
            [("equipment_id", "in", self.ids), ("seen_at", "!=", False)],
            ["equipment_id"],
            ["__count", "finding_count:sum"],
        )
        found = {unit.id: (count, findings) for unit, count, findings in rows}
        for unit in self:
            unit.walk_unit_count, unit.walk_finding_count = found.get(unit._origin.id, (0, 0))

    def action_open_walk_history(self):
        """List the walks that saw these units."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lot Walks"),
            "res_model": "fsm.walk.unit",
            "view_mode": "list",
            "domain": [("equipment_id", "in", self.ids), ("seen_at", "!=", False)],
            "context": {"create": False, "show_visit": True},
        }

    def _get_walk_unit_values(self):
        """Return a unit that nobody has looked at as JSON. Called as superuser."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.display_name,
            "number": self.serial_number or "",
            "state": "open",
            "note": "",
            "seen_at": "",
            "seen_by": "",
            "findings": [],
        }
