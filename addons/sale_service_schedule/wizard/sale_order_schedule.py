from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderScheduleWizard(models.TransientModel):
    """Give an order a time, or another one."""

    _name = "sale.order.schedule"
    _description = "Schedule an Order"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    offer_id = fields.Many2one(related="order_id.service_offer_id")
    reservation_id = fields.Many2one(related="order_id.reservation_id")
    lanes = fields.Integer(compute="_compute_lanes")
    current_label = fields.Char("Now Scheduled For", related="order_id.schedule_label")
    choice = fields.Char("New Time", compute="_compute_choice", store=True, readonly=False)
    reason = fields.Char()

    @api.depends("order_id")
    def _compute_lanes(self):
        for wizard in self:
            order = wizard.order_id
            wizard.lanes = order._get_wanted_lanes() if order.service_offer_id else 1

    @api.depends("order_id")
    def _compute_choice(self):
        for wizard in self:
            reservation = wizard.order_id.reservation_id
            is_coming = reservation.start and reservation.start > fields.Datetime.now()
            wizard.choice = wizard.offer_id._get_choice_of(reservation) if is_coming else False

    def action_schedule(self):
        """Book or move."""
        self.ensure_one()
        if not self.choice:
            raise UserError(self.env._("Choose a day, then one of its times."))
        self.order_id.check_access("write")
        self.order_id._schedule(self.choice, by_staff=True, reason=self.reason or "")
        return {"type": "ir.actions.act_window_close"}
