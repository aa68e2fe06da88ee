from odoo import api, fields, models


class FsmWalkNew(models.TransientModel):
    """A walk that no plan asked for: a dispatcher plans it, a technician begins it here and now."""

    _name = "fsm.walk.new"
    _description = "New Lot Walk"

    location_id = fields.Many2one("fsm.location", "Lot", required=True)
    is_dispatcher = fields.Boolean(
        default=lambda self: self.env.user.has_group("fieldservice.group_fsm_dispatcher"), readonly=True
    )
    person_id = fields.Many2one(
        "fsm.person", "Technician", default=lambda self: self.env["fsm.person"]._get_own().with_env(self.env)
    )
    start = fields.Datetime(default=lambda self: fields.Datetime.now().replace(second=0))
    unit_count = fields.Integer("Units", compute="_compute_unit_count")

    @api.depends("location_id")
    def _compute_unit_count(self):
        orders = self.env["fsm.order"]
        for wizard in self:
            site = wizard.location_id
            walk = orders.new({"location_id": site.id, "company_id": (site.company_id or self.env.company).id})
            wizard.unit_count = orders._count_expected(walk) if site else 0

    def action_create(self):
        """Make the walk, and open it."""
        self.ensure_one()
        orders = self.env["fsm.order"]
        if self.is_dispatcher:
            values = {"person_id": self.person_id.id, "scheduled_date_start": self.start}
            walk = orders.create({**orders._prepare_walk_values(self.location_id), **values})
        else:
            walk = orders._start_walk_here(self.location_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "fsm.order",
            "res_id": walk.id,
            "views": [(False, "form")],
        }
