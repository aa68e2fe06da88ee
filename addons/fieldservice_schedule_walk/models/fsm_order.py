from odoo import api, fields, models


class FsmOrder(models.Model):
    """A lot walk (a visit of internal type ``lot_walk``), and its findings: jobs that carry the visit's tag.

    The list of units is in ``fsm_order_walk_list``, looking at them in ``fsm_order_walk``, findings in
    ``fsm_order_finding``, finishing in ``fsm_order_finish``, the order in ``fsm_order_walk_sale``.
    """

    _inherit = "fsm.order"

    # -- of a visit ----------------------------------------------------
    walk_unit_ids = fields.One2many("fsm.walk.unit", "visit_id", "Units", readonly=True)
    walk_unit_count = fields.Integer(
        "Units on the List", readonly=True, copy=False, help="Set when the list is made; 0 before the walk begins."
    )
    walk_left_count = fields.Integer("Units Left", compute="_compute_walk_left_count", help="Of a walk that has begun.")
    walk_expected_count = fields.Integer(
        "Units to Look At", compute="_compute_walk_expected_count", help="Of a walk that has not begun."
    )
    finding_ids = fields.One2many("fsm.order", "visit_id", readonly=True)
    finding_count = fields.Integer("Repairs Found", compute="_compute_finding_count")
    is_partial = fields.Boolean(
        "Finished with Units Left", readonly=True, copy=False, help="Somebody finished the walk all the same."
    )
    walk_order_id = fields.Many2one(
        "sale.order", "Order of the Findings", readonly=True, copy=False, index="btree_not_null"
    )
    walk_summary_id = fields.Many2one("ir.attachment", "Summary", readonly=True, copy=False)

    # -- of a finding --------------------------------------------------
    visit_id = fields.Many2one(
        "fsm.order", "Found On", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    walk_unit_id = fields.Many2one(
        "fsm.walk.unit", "Unit on the List", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    damage_id = fields.Many2one("fsm.damage", readonly=True, ondelete="restrict", index="btree_not_null")
    damage_count = fields.Integer("How Many", readonly=True)
    damage_note = fields.Text("Note of the Finding")
    is_done_on_spot = fields.Boolean("Done on the Spot", readonly=True, copy=False)
    quoted_currency_id = fields.Many2one("res.currency", readonly=True)
    quoted_price = fields.Monetary(
        "Price of One",
        currency_field="quoted_currency_id",
        readonly=True,
        copy=False,
        help="By the customer's pricelist, when it was found.",
    )
    quoted_total = fields.Monetary("Price", currency_field="quoted_currency_id", compute="_compute_quoted_total")
    found_at = fields.Datetime(readonly=True, copy=False)
    found_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    found_key = fields.Char(readonly=True, copy=False, help="Of the device that wrote it down: the same is never two.")
    finding_photo_ids = fields.Many2many(
        "ir.attachment", string="Photos", compute="_compute_finding_photo_ids", compute_sudo=True
    )

    _found_key_uniq = models.UniqueIndex("(found_key) WHERE found_key IS NOT NULL", "This finding is there already.")

    def _is_walk(self):
        """Return whether this is a lot walk."""
        return self.internal_type == "lot_walk"

    @api.depends("quoted_price", "damage_count")
    def _compute_quoted_total(self):
        for job in self.sudo():  # sudo: who sees a finding may know what it costs, not how prices are made
            job.quoted_total = job.damage_id._leave_out_taxes(
                job.quoted_price, job.quoted_currency_id, job.damage_count, job.partner_id, job.company_id
            )

    @api.depends("finding_ids.state")
    def _compute_finding_count(self):
        # sudo: who sees the visit may know how much was found on it
        rows = self.sudo()._read_group(
            [("visit_id", "in", self.ids), ("state", "!=", "cancelled")], ["visit_id"], ["__count"]
        )
        counts = {visit.id: count for visit, count in rows}
        for visit in self:
            visit.finding_count = counts.get(visit._origin.id, 0)

    @api.depends("walk_unit_ids.state")
    def _compute_walk_left_count(self):
        left = self.filtered("walk_unit_count")._count_left()
        for visit in self:
            visit.walk_left_count = left.get(visit, 0)

    @api.depends("location_id", "equipment_ids", "walk_unit_count")
    def _compute_walk_expected_count(self):
        # for forms, which show one walk: each has a site of its own to ask about
        for visit in self:
            is_ahead = visit._is_walk() and not visit.walk_unit_count
            visit.walk_expected_count = self._count_expected(visit) if is_ahead else 0

    def _get_finding_action(self, equipment=None):
        """Return the action that opens the form of a new finding on this walk."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Finding"),
            "res_model": "fsm.walk.finding",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_visit_id": self.id, "default_equipment_id": equipment.id if equipment else False},
        }

    def action_add_finding(self):
        """Open the form of a new finding."""
        return self._get_finding_action()

    def action_open_findings(self):
        """List the findings of these visits."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Findings"),
            "res_model": "fsm.order",
            "view_mode": "list,kanban,form",
            "views": [
                (self.env.ref("fieldservice_schedule_walk.fsm_order_finding_view_list").id, "list"),
                (False, "kanban"),
                (False, "form"),
            ],
            "domain": [("visit_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_open_visit(self):
        """Open the walk on which this job was found."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "fsm.order",
            "res_id": self.visit_id.id,
            "views": [(False, "form")],
        }

    def action_open_walk_order(self):
        """Open the order of the findings."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.walk_order_id.id,
            "views": [(False, "form")],
        }
