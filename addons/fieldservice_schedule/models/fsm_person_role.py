from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

LIMITS = frozenset(("is_manager", "may_assign", "may_override_prices", "approval_limit", "managed_ids", "manager_ids"))


class FsmPerson(models.Model):
    """What a technician may decide. What he may see and open is in his user's groups."""

    _inherit = "fsm.person"

    is_manager = fields.Boolean(
        "Manages Others", help="Assigns and sees the jobs of those whom he manages, and may overbook them."
    )
    may_assign = fields.Boolean(help="May give jobs to himself.")
    may_override_prices = fields.Boolean()
    approval_limit = fields.Monetary(
        currency_field="limit_currency_id", help="Up to what amount he may approve work. 0: nothing."
    )
    limit_currency_id = fields.Many2one("res.currency", compute="_compute_limit_currency_id")
    managed_ids = fields.Many2many(
        "fsm.person", "fsm_person_manager_rel", "manager_id", "person_id", string="Manages", domain="[('id', '!=', id)]"
    )
    manager_ids = fields.Many2many(
        "fsm.person", "fsm_person_manager_rel", "person_id", "manager_id", string="Managers", readonly=True
    )
    start_partner_id = fields.Many2one(
        "res.partner", "Starts the Day At", help="An address with coordinates. Left empty, at home: his own address."
    )
    start_latitude = fields.Float(compute="_compute_start", digits=(10, 7))
    start_longitude = fields.Float(compute="_compute_start", digits=(10, 7))

    _approval_limit_positive = models.Constraint(
        "CHECK (COALESCE(approval_limit, 0) >= 0)", "An approval limit is not negative."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_limit_currency_id(self):
        for person in self:
            person.limit_currency_id = (person.company_id or self.env.company).currency_id

    @api.depends("start_partner_id", "partner_id.partner_latitude", "partner_id.partner_longitude")
    def _compute_start(self):
        """Say where the day starts; 0, 0 is an address that has no coordinates."""
        for person in self:
            # sudo: where a colleague's day starts may be known, other contacts need not be read
            place = person.sudo().start_partner_id or person.sudo().partner_id
            person.start_latitude, person.start_longitude = place.partner_latitude, place.partner_longitude

    @api.constrains("managed_ids")
    def _check_not_own_manager(self):
        own = self.filtered(lambda person: person in person.managed_ids)
        if own:
            raise ValidationError(
                self.env._("%(names)s cannot manage themselves.", names=", ".join(own.mapped("name")))
            )

    def write(self, vals):
        """Override of ``base``: nobody widens his own limits, whatever else he may change of technicians."""
        if (
            not LIMITS.isdisjoint(vals)
            and not self.env.su
            and not self.env.user.has_group("fieldservice.group_fsm_manager")
        ):
            raise AccessError(self.env._("Only field service managers say what a technician may decide."))
        return super().write(vals)

    def _get_assignable(self):
        """Return to whom this technician may give jobs, as superuser; nobody for an empty record."""
        self_sudo = self.sudo()
        mine = self_sudo.managed_ids if self_sudo.is_manager else self_sudo.browse()
        return mine | self_sudo if self_sudo.is_manager or self_sudo.may_assign else mine
