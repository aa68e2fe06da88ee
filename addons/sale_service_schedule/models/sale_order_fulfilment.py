from odoo import fields, models
from odoo.exceptions import UserError

from .sale_order import FULFILMENT_STATES

STEPS = {
    "pending": {"confirmed", "cancelled"},
    "confirmed": {"preparing", "no_show", "cancelled"},
    "no_show": {"confirmed", "cancelled"},
    "preparing": {"ready", "cancelled"},
    "ready": {"picked_up", "cancelled"},
    "picked_up": set(),
    "cancelled": {"pending"},
}
STAMPS = {"preparing": "started_at", "ready": "ready_at", "picked_up": "picked_up_at"}
STEP_EVENTS = {"preparing": "order_update", "ready": "order_ready", "picked_up": "order_completed"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _inverse_fulfilment_state(self):
        """Take the step that a form, a drag or an import asks for."""
        for order in self:
            order._step_to(order.fulfilment_state)

    def _step_to(self, target):
        """Put back the state that the database knows, then move: an inverse must not skip the rules."""
        self.ensure_one()
        state_sudo = self.sudo()  # what the state is made of is not for everybody to read
        state_sudo._compute_fulfilment_state()
        self._update_fulfilment(target)
        state_sudo._compute_fulfilment_state()  # the ORM does not recompute a field while it is being written

    def _update_fulfilment(self, target):
        """Move the orders one allowed step; an order that is there already stays as it is.

        :param str target: a fulfilment state
        :raise UserError: names every order that may not take the step, and moves none
        """
        moving = self.filtered(lambda order: order.fulfilment_state != target)
        refused = moving.filtered(lambda order: target not in STEPS.get(order.fulfilment_state, ()))
        if refused:
            raise UserError(refused._describe_refused_step(target))
        if target == "confirmed":
            missed = moving.filtered(lambda order: order.fulfilment_state == "no_show")
            missed.reservation_id._record_arrival()
            (moving - missed).action_confirm()
        elif target == "no_show":
            moving._check_has_time()
            moving.reservation_id._no_show()
        elif target == "cancelled":
            moving.action_cancel()
        elif target == "pending":
            moving.action_draft()
        elif moving:
            moving.check_access("write")
            if target == "preparing":
                moving._check_may_begin()
            # sudo: the field is nobody's to write but this method's
            moving.sudo().write({"fulfilment_step": target, STAMPS[target]: fields.Datetime.now()})
            moving._apply_step_effects(target)

    def _check_has_time(self):
        """Raise when an order has no time at which its customer could have come."""
        walk_ins = self.filtered(lambda order: not order.reservation_id)
        if walk_ins:
            raise UserError(
                self.env._(
                    "Only scheduled orders can be a no-show: %(orders)s", orders=", ".join(walk_ins.mapped("name"))
                )
            )

    def _check_may_begin(self):
        """Raise with everything that keeps the work from beginning: no time, a signature that is missing."""
        lines = [f"{order.name}: {obstacle}" for order in self for obstacle in order._get_begin_obstacles()]
        if lines:
            raise UserError("\n".join([self.env._("Work cannot begin."), *lines]))

    def _get_begin_obstacles(self):
        """Return the sentences why work on this order may not begin; [] when it may."""
        self.ensure_one()
        if self.needs_new_time:
            return [self.env._("the customer has to choose a new time first.")]
        # sudo: staff who may do the work may know what is missing
        reservation = self.sudo().reservation_id
        return reservation._get_begin_obstacles() if reservation else []

    def _describe_refused_step(self, target):
        """Return the message that names every order that may not move to ``target``."""
        labels = dict(self._fields["fulfilment_state"]._description_selection(self.env))
        lines = [
            self.env._(
                "%(order)s is %(state)s; next can be: %(steps)s",
                order=order.name,
                state=labels.get(order.fulfilment_state, self.env._("not served at a service point")),
                steps=", ".join(labels[state] for state, _label in FULFILMENT_STATES if state in order._get_steps())
                or self.env._("nothing"),
            )
            for order in self
        ]
        return "\n".join([self.env._("This step to %(target)s is not allowed.", target=labels[target]), *lines])

    def _get_steps(self):
        """Return the states that this order may move to."""
        steps = STEPS.get(self.fulfilment_state, set())
        return steps if self.reservation_id else steps - {"no_show"}

    def _apply_step_effects(self, target):
        """Do what a step brings with it. May run again: each effect looks at what is already done."""
        for order in self:
            if order.service_offer_id.sudo().deliver_at == target or target == "picked_up":
                order._deliver()
            if target == "picked_up":
                order.reservation_id.sudo()._complete()  # sudo: staff who may serve the order end its time
                order._invoice_if_wanted()
            order._announce(STEP_EVENTS[target])

    def _deliver(self):
        """Set the delivered quantities of what is delivered by hand, so that it can be invoiced."""
        for line in self.order_line.filtered(
            lambda line: line.qty_delivered_method == "manual" and line.qty_delivered < line.product_uom_qty
        ):
            line.qty_delivered = line.product_uom_qty

    def _take_back(self):
        """Take back what ``_deliver`` delivered and nobody has invoiced, of orders that are taken up again."""
        lines = self.filtered("service_point_id").order_line
        lines.filtered(
            lambda line: line.qty_delivered_method == "manual" and line.qty_delivered and not line.qty_invoiced
        ).qty_delivered = 0

    def _invoice_if_wanted(self):
        """Create and post the invoice when the company wants it at once.

        What stands in the way (no journal, a closed period) does not keep the customer waiting: it becomes a note, and
        the order stays to be invoiced.
        """
        if not self.company_id.service_auto_invoice or self.invoice_status != "to invoice":
            return
        try:
            with self.env.cr.savepoint():
                # sudo: the company's setting invoices, whoever hands the order over
                self.sudo()._create_invoices().action_post()
        except UserError as error:
            self._message_log(body=self.env._("The invoice could not be created: %(error)s", error=error))

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_start_work(self):
        """Begin the work; a pending order is accepted on the way. For forms and the board."""
        self.filtered(lambda order: order.fulfilment_state == "pending")._update_fulfilment("confirmed")
        self._update_fulfilment("preparing")

    def action_ready(self):
        """The work is done, the customer may come."""
        self._update_fulfilment("ready")

    def action_picked_up(self):
        """The customer has what he ordered."""
        self._update_fulfilment("picked_up")

    def action_no_show(self):
        """The customer did not come."""
        self._update_fulfilment("no_show")

    def action_arrived(self):
        """The customer came after all."""
        self._update_fulfilment("confirmed")

    def action_confirm(self):
        """Override of ``sale`` to announce that orders of a service point were accepted."""
        points_orders = self.filtered("service_point_id")
        unpaid = points_orders.filtered(lambda order: order._awaits_payment())  # the shop has not heard of them yet
        result = super().action_confirm()
        for order in points_orders:
            order._announce("new_order" if order in unpaid else "order_update")
        return result
