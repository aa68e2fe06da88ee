from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleOrderQuick(models.TransientModel):
    """Enter a walk-in or a phone order in one small form."""

    _name = "sale.order.quick"
    _description = "New Service Order"

    point_id = fields.Many2one(
        "service.point",
        "Service Point",
        required=True,
        default=lambda self: self._default_point_id(),
    )
    company_id = fields.Many2one(related="point_id.company_id")
    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    product_id = fields.Many2one("product.product", "Service", required=True)
    allowed_product_ids = fields.Many2many("product.product", compute="_compute_allowed_product_ids")
    quantity = fields.Float(default=1.0, required=True)
    when = fields.Selection([("now", "Now (walk-in)"), ("later", "Scheduled")], required=True, default="now")
    offer_id = fields.Many2one("service.offer", compute="_compute_offer_id")
    lanes = fields.Integer(compute="_compute_offer_id")
    choice = fields.Char("Time")
    order_notes = fields.Text("Note")
    origin_id = fields.Many2one("service.reservation", "Follows", readonly=True)

    @api.model
    def _default_point_id(self):
        """Return where the user works; of several, or of none, where he entered his last order, else the first.

        A default of his own (*Set Default Values*), and the shop that the board shows, come before.
        """
        points = self.env["service.point"]
        own = points._get_own()
        if len(own) == 1:
            return own
        usable = own or points.search([])
        written = [("create_uid", "=", self.env.uid), ("service_point_id", "in", usable.ids)]
        last = self.env["sale.order"].search(written, order="id desc", limit=1).service_point_id
        return last or usable[:1]

    @api.depends("point_id", "origin_id")
    def _compute_allowed_product_ids(self):
        for wizard in self:
            follow_ups = wizard.origin_id.offer_id.follow_up_offer_ids
            domain = (follow_ups or wizard.point_id.offer_ids)._get_products_domain()
            wizard.allowed_product_ids = self.env["product.product"].search(domain)

    @api.depends("point_id", "product_id", "quantity")
    def _compute_offer_id(self):
        for wizard in self:
            offers = wizard.product_id.service_offer_ids.filtered(lambda offer, w=wizard: offer.point_id == w.point_id)
            wizard.offer_id = offers.sorted("duration_minutes")[-1:]
            wizard.lanes = wizard.offer_id._get_lanes(wizard.quantity) if wizard.offer_id else 1

    def action_create(self):
        """Create the order, take its time, confirm it, and show it."""
        self.ensure_one()
        self._check_complete()
        order = self.env["sale.order"].create(self._prepare_order_values())
        self._finish_placing(order, self.choice if self.when == "later" else "")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": order._get_confirmation_text(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _finish_placing(self, order, choice):
        """Take the time of ``choice`` ("" for none), confirm the order and tell the shop."""
        if choice:
            order._schedule(choice, by_staff=True, origin=self.origin_id)
        order.action_confirm()
        order._announce("new_order")

    def _check_complete(self):
        """Raise one message with all that is missing."""
        missing = []
        if self.quantity <= 0:
            missing.append(self.env._("The quantity must be more than zero."))
        if not self.offer_id:
            missing.append(self.env._("%(product)s is not offered here.", product=self.product_id.display_name))
        if self.when == "later" and not self.choice:
            missing.append(self.env._("Choose a day, then one of its times."))
        if missing:
            raise UserError("\n".join(missing))

    def _prepare_order_values(self):
        """Return the values of the order."""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "service_point_id": self.point_id.id,
            "service_offer_id": self.offer_id.id,
            "order_notes": self.order_notes,
            "require_signature": False,  # the customer stands at the counter or is on the phone
            "order_line": [Command.create(self._prepare_line_values())],
        }

    def _prepare_line_values(self):
        """Return the values of the order's line."""
        return {"product_id": self.product_id.id, "product_uom_qty": self.quantity}
