from odoo import api, fields, models
from odoo.exceptions import AccessError

STATES = [("open", "To Look At"), ("seen", "Seen"), ("found", "Damaged")]


class FsmWalkUnit(models.Model):
    """One unit on the list of a lot walk: looked at or not yet, and what was found.

    Each finding changes ``finding_count``, and so this row: whoever finishes the walk at the same moment locks the rows
    and therefore notices what he does not see yet (see ``_lock_walk`` of ``fsm.order``).
    """

    _name = "fsm.walk.unit"
    _description = "Unit of a Lot Walk"
    _order = "visit_id, id"
    _rec_name = "equipment_id"

    visit_id = fields.Many2one("fsm.order", "Lot Walk", required=True, readonly=True, index=True, ondelete="cascade")
    equipment_id = fields.Many2one(
        "fsm.equipment", "Unit", required=True, readonly=True, index=True, ondelete="restrict"
    )
    number = fields.Char(related="equipment_id.serial_number")
    company_id = fields.Many2one(related="visit_id.company_id", store=True, index=True)
    visit_state = fields.Selection(related="visit_id.state", string="State of the Walk")
    visit_start = fields.Datetime(related="visit_id.scheduled_date_start", string="Day of the Walk")
    note = fields.Char()
    seen_at = fields.Datetime(readonly=True)
    seen_by_id = fields.Many2one("res.users", readonly=True)
    finding_ids = fields.One2many("fsm.order", "walk_unit_id", readonly=True)
    finding_count = fields.Integer("Repairs Found", compute="_compute_state", store=True)
    state = fields.Selection(STATES, compute="_compute_state", store=True, index=True)

    _unit_uniq = models.Constraint("UNIQUE (visit_id, equipment_id)", "This unit is on the list of the walk already.")

    @api.depends("seen_at", "finding_ids.state")
    def _compute_state(self):
        for unit in self:
            # sudo: who sees the unit may know that something was found, whoever found it
            unit.finding_count = len(unit.sudo().finding_ids.filtered(lambda job: job.state != "cancelled"))
            unit.state = "found" if unit.finding_count else "seen" if unit.seen_at else "open"

    def write(self, vals):
        """Override of ``base``: people write notes; all else comes from the methods of the walk."""
        if not self.env.su and set(vals) - {"note"}:
            raise AccessError(self.env._("Use the buttons of the walk to say what was seen."))
        return super().write(vals)

    def action_see(self):
        """Say that these units were looked at, and have nothing."""
        for visit, units in self.grouped("visit_id").items():
            visit._see_unit(units.equipment_id)

    def action_unsee(self):
        """Take it back."""
        for visit, units in self.grouped("visit_id").items():
            visit._unsee_unit(units.equipment_id)

    def action_add_finding(self):
        """Open the form of a finding on this unit."""
        self.ensure_one()
        return self.visit_id._get_finding_action(self.equipment_id)

    def _get_values(self, findings):
        """Return this unit as JSON, with its findings. Called as superuser."""
        return {
            **self.equipment_id._get_walk_unit_values(),
            "state": "found" if findings else "seen" if self.seen_at else "open",
            "note": self.note or "",
            "seen_at": f"{self.seen_at.isoformat()}Z" if self.seen_at else "",
            "seen_by": self.seen_by_id.name or "",
            "findings": findings._get_finding_values(),
        }
