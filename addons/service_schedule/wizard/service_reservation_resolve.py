from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import NotBookable


class ServiceReservationResolve(models.TransientModel):
    """Mends promises that cannot be kept, many at once: each by itself, so that one failure undoes no other."""

    _name = "service.reservation.resolve"
    _description = "Find a New Time or Person"

    reservation_ids = fields.Many2many(
        "service.reservation", required=True, default=lambda self: self._default_reservation_ids()
    )
    reservation_count = fields.Integer(compute="_compute_reservation_count")
    action = fields.Selection(
        [
            ("reassign", "Reassign: somebody else at the same time"),
            ("offer", "Offer times: the customers choose another time"),
            ("cancel", "Cancel: the customers get everything back"),
        ],
        required=True,
        default="reassign",
    )
    choosable_resource_ids = fields.Many2many("resource.resource", compute="_compute_choosable_resource_ids")
    resource_ids = fields.Many2many(
        "resource.resource",
        "service_reservation_resolve_resource_rel",
        string="To",
        domain="[('id', 'in', choosable_resource_ids)]",
        help="Only to these. Left empty, to whoever of the offer is free.",
    )
    reason = fields.Char(help="Kept in the history; the customers read it when you cancel.")
    line_ids = fields.One2many("service.reservation.resolve.line", "wizard_id", "Results", readonly=True)
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def _default_reservation_ids(self):
        """Return the reservations that were selected."""
        is_selected = self.env.context.get("active_model") == "service.reservation"
        return self.env["service.reservation"].browse(self.env.context.get("active_ids", []) if is_selected else [])

    @api.depends("reservation_ids")
    def _compute_reservation_count(self):
        for wizard in self:
            wizard.reservation_count = len(wizard.reservation_ids)

    @api.depends("reservation_ids")
    def _compute_choosable_resource_ids(self):
        for wizard in self:
            # sudo: technicians may say who shall serve, and need not read the register of resources for it
            wizard.choosable_resource_ids = wizard.reservation_ids.offer_id.sudo().resource_ids

    @api.depends("line_ids.is_done")
    def _compute_summary(self):
        for wizard in self:
            done = len(wizard.line_ids.filtered("is_done"))
            wizard.summary = (
                self.env._("%(done)s of %(count)s done.", done=done, count=len(wizard.line_ids))
                if wizard.line_ids
                else False
            )

    def action_apply(self):
        """Do what was chosen with each reservation, and show what came of it."""
        self.ensure_one()
        reservations = self.reservation_ids.sorted(lambda reservation: (reservation.start, reservation.id))
        if not reservations:
            raise UserError(self.env._("Choose the reservations in the list first."))
        reservations.check_access("read")
        if self.action == "cancel" and not (self.reason or "").strip():
            raise UserError(self.env._("Say why you cancel: the customers read it."))
        if self.action != "offer":
            reservations._lock_all(with_others=self.action == "reassign")
        self.line_ids = [(5, 0, 0)] + [(0, 0, self._resolve(reservation)) for reservation in reservations]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Find a New Time or Person"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _resolve(self, reservation):
        """Return the values of a result line after mending one reservation, or after leaving it as it was."""
        values = {"reservation_id": reservation.id, "was": reservation._get_label()}
        try:
            with self.env.cr.savepoint():
                return {**values, "is_done": True, "result": self._act(reservation)}
        except (NotBookable, UserError) as refusal:
            return {**values, "is_done": False, "result": str(refusal)}

    def _act(self, reservation):
        """Mend one reservation and return what was done, in words.

        :raise UserError: it cannot be done
        """
        if self.action == "reassign":
            return self._reassign(reservation)
        if self.action == "offer":
            return self._offer(reservation)
        reservation._cancel_for_shop(self.reason.strip())
        return self.env._("Cancelled")

    def _reassign(self, reservation):
        """Return "Moved to Ann" after moving one reservation."""
        # sudo: names of colleagues are no secret to the staff of the point
        had = reservation.sudo().resource_id
        reservation._reassign(self.resource_ids or None, reason=self.reason or "")
        has = reservation.sudo().resource_id
        if has == had:
            return self.env._("Stays with %(name)s, on another place", name=has.name)
        if reservation.is_resource_chosen:
            return self.env._(
                "Moved to %(name)s. The customer had asked for %(other)s: tell them", name=has.name, other=had.name
            )
        return self.env._("Moved to %(name)s", name=has.name)

    def _offer(self, reservation):
        """Return "Asked john@example.com" after asking one customer."""
        if not reservation._offer_times():
            raise UserError(self.env._("The customer has no e-mail address: call them."))
        return self.env._("Asked %(email)s", email=reservation.partner_id.email)


class ServiceReservationResolveLine(models.TransientModel):
    """What came of one reservation."""

    _name = "service.reservation.resolve.line"
    _description = "New Time or Person: Result"
    _order = "is_done, id"

    wizard_id = fields.Many2one("service.reservation.resolve", required=True, ondelete="cascade")
    reservation_id = fields.Many2one("service.reservation", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="reservation_id.partner_id")
    was = fields.Char("Promised")
    result = fields.Text()
    is_done = fields.Boolean()
