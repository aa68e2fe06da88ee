import logging

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.service_schedule.models.service_reservation import CLAIMING
from odoo.addons.service_schedule.models.service_reservation_hold import GONE
from odoo.addons.service_schedule.sweeps import attempt

from .sale_order import SCHEDULABLE_STATES

_logger = logging.getLogger(__name__)

EVENTS = {
    "booked": "order_scheduled",
    "confirmed": "order_scheduled",
    "rescheduled": "order_rescheduled",
    "cancelled": "order_cancelled",
    "reassigned": "order_reassigned",
    "trouble": "order_trouble",
    "expired": "reservation_held_expired",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _schedule(self, choice, *, by_staff=False, reason="", origin=None, now=None):
        """Book the order's time, or move it when it has one. ``choice``: see ``service.offer.parse_choice``.

        Callers check that the user may change the order.

        :param origin: the reservation that a first time follows

        :raise NotBookable, TimeTaken: with all the reasons
        :raise UserError: the order has no offer, or work on it has begun
        """
        self.ensure_one()
        self._check_may_schedule()
        lanes = self._get_wanted_lanes()
        reservation = self.reservation_id
        is_over = self._is_hold_over(now)
        if not is_over and (reservation.state in (*CLAIMING, "no_show") or reservation.trouble):
            fee = reservation._get_fee(by_staff, now)
            revision = reservation.revision
            reservation._reschedule(choice, lanes=lanes, by_staff=by_staff, reason=reason, now=now)
            if fee and reservation.revision != revision:
                self._charge_fee(fee)
        elif is_over and not by_staff and self._must_be_prepaid():
            reservation._move_hold(choice, holder=f"partner:{self.partner_id.id}", lanes=lanes, anew=True, now=now)
        else:
            self._take_time(choice, lanes, by_staff, origin, now)

    def _is_hold_over(self, now=None):
        """Return whether the order's time was only held, and nothing is booked or paid: another one can be chosen."""
        self.ensure_one()
        reservation = self.sudo().reservation_id  # sudo: whoever may see the order may know how it stands
        is_over = reservation.state in GONE or (reservation.state == "held" and not reservation._is_live(now))
        return self.state in ("draft", "sent") and is_over and not reservation.trouble

    def _take_time(self, choice, lanes, by_staff, origin, now):
        """Book the order's first time; what a customer must pay ahead is only held until he has paid."""
        reservations = self.env["service.reservation"]
        taking = {"partner": self.partner_id, "lanes": lanes, "by_staff": by_staff, "origin": origin, "now": now}
        if not by_staff and self._must_be_prepaid():
            holder = f"partner:{self.partner_id.id}"
            reservation = reservations._hold(self.service_offer_id, choice, holder=holder, **taking)
        else:
            reservation = reservations._book(self.service_offer_id, choice, **taking)
        self.reservation_id = reservation
        self.validity_date = False  # a promise for a chosen time does not expire like a quotation
        self._announce_change(reservation.sudo().change_ids[:1])

    def _check_may_schedule(self):
        """Raise when no time can be given to this order any more, or not yet."""
        self.ensure_one()
        if not self.service_offer_id:
            raise UserError(
                self.env._("Nothing on order %(order)s can be scheduled: no product has an offer.", order=self.name)
            )
        if self.fulfilment_state not in SCHEDULABLE_STATES or self.state == "cancel":
            raise UserError(
                self.env._(
                    "Order %(order)s cannot be scheduled any more: it is %(state)s.",
                    order=self.name,
                    state=self._get_fulfilment_label(),
                )
            )

    def action_schedule(self):
        """Open the dialog that gives the order a time."""
        self.ensure_one()
        self._check_may_schedule()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reschedule") if self.is_scheduled else self.env._("Schedule"),
            "res_model": "sale.order.schedule",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_open_reservation(self):
        """Open the time that the order has, with its history and what belongs to the day: waiver, person, policy."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "service.reservation",
            "res_id": self.reservation_id.id,
            "views": [(False, "form")],
        }

    def action_book_follow_up(self):
        """Open the dialog that books what this order's appointment leads to."""
        self.ensure_one()
        offers = self.service_offer_id.follow_up_offer_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book What Follows"),
            "res_model": "sale.order.quick",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_origin_id": self.reservation_id.id,
                "default_partner_id": self.partner_id.id,
                "default_point_id": (offers.point_id[:1] or self.service_point_id).id,
                "default_product_id": offers.product_tmpl_ids.product_variant_id[:1].id,
                "default_when": "later",
            },
        }

    def _get_confirmation_text(self):
        """Return what the customer reads: "Order #S00042 scheduled for Thursday, October 15, 2026 at …"."""
        self.ensure_one()
        if self.schedule_label:
            return self.env._("Order #%(order)s scheduled for %(time)s", order=self.name, time=self.schedule_label)
        if self._awaits_payment():
            return self.env._("Order #%(order)s placed: pay for it, and we start as soon as possible", order=self.name)
        return self.env._("Order #%(order)s placed: we start as soon as possible", order=self.name)

    def _get_served_quantity(self):
        """Return how many units of the offer's products are ordered, each in the product's own unit."""
        lines = self.order_line.filtered(
            lambda line: self.service_offer_id in line.product_template_id.service_offer_ids
        )
        return sum(
            line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id) for line in lines
        )

    def _get_wanted_lanes(self):
        """Return how many places the order takes; as many as it has, when no line tells any more."""
        quantity = self._get_served_quantity()
        reservation = self.sudo().reservation_id
        if not quantity and reservation.state in CLAIMING:
            return reservation.lanes
        return self.service_offer_id._get_lanes(quantity)

    def _fit_reservation(self):
        """Make the reservations as large as what is ordered now.

        :raise NotBookable, TimeTaken: the time has no room for more
        """
        for order in self.filtered("reservation_id"):
            # sudo: whoever may change what is ordered changes the room that it takes
            order.sudo().reservation_id._resize(order._get_wanted_lanes())

    def _get_fulfilment_label(self):
        """Return the fulfilment state as people read it."""
        return dict(self._fields["fulfilment_state"]._description_selection(self.env)).get(self.fulfilment_state, "")

    def action_draft(self):
        """Override of ``sale``: an order taken up again needs a new time; its old one went to others."""
        cancelled = self.filtered(lambda order: order.state == "cancel")
        cancelled.filtered("reservation_id").write({"reservation_id": False, "commitment_date": False})
        cancelled.check_access("write")
        # sudo: the step is nobody's to write but the steps' own
        cancelled.sudo().write(
            {
                "fulfilment_step": False,
                "started_at": False,
                "ready_at": False,
                "unpaid_start_reason": False,
            }
        )
        cancelled._take_up_again()
        cancelled._take_back()
        return super().action_draft()

    def unlink(self):
        """Override of ``sale`` to give back the time of orders that are deleted."""
        # sudo: a salesman who may delete the order gives its time back with it
        reservations = self.sudo().reservation_id.filtered(lambda reservation: reservation.state in CLAIMING)
        result = super().unlink()
        reservations._cancel(by_staff=True)
        return result

    @api.constrains("service_point_id", "service_offer_id", "reservation_id")
    def _check_reservation_is_of_the_order(self):
        for order in self:
            reservation = order.sudo().reservation_id
            if reservation.state in CLAIMING and (
                reservation.point_id != order.service_point_id or reservation.offer_id != order.service_offer_id
            ):
                raise ValidationError(
                    self.env._(
                        "Order %(order)s is scheduled for %(time)s at %(point)s. Cancel it and enter a new one to have "
                        "something else done or elsewhere.",
                        order=order.name,
                        time=order.schedule_label,
                        point=reservation.point_id.name,
                    )
                )

    def copy_data(self, default=None):
        """Override of ``sale``: a copy has no time, so it follows no promise."""
        return super().copy_data({"commitment_date": False, **(default or {})})

    # ------------------------------------------------------------------
    # Events
    # ------------------------------------------------------------------

    def _announce_change(self, change):
        """Tell what a change of the reservation means for this order. ``change``: ``service.reservation.change``.

        A paid order that lets the time go which was held anew for it needs a new one again: it is told again.
        """
        if change.kind in GONE and self.needs_new_time:
            self._ask_for_new_time()
        event = EVENTS.get(change.kind)
        if event and (change.kind != "expired" or self._is_hold_over()):
            self._announce(event, change)

    def _announce(self, event, change=None):
        """Announce an event of this order: the one place where orders tell the world.

        Here it becomes a note in the history that the staff read, a push to the staff of the service point, and for
        the customer a message that it was cancelled. Other messages to customers hang on here.

        :param str event: ``new_order``, ``order_scheduled``, ``order_rescheduled``, ``order_cancelled``,
            ``order_reassigned`` (the time stays, somebody else serves it), ``order_trouble`` (its time cannot be kept,
            or can again), ``reservation_held_expired`` (its time was only held, and is not any more), ``order_update``,
            ``order_ready`` or ``order_completed``
        :param change: the ``service.reservation.change`` behind it, if there is one
        """
        self.ensure_one()
        note = self._get_event_note(event, change)
        if note:
            # sudo: customers cause notes that only staff read
            self.sudo()._message_log(body=note, author_id=self.env.user.partner_id.id)
        if event == "order_cancelled":
            self._tell_cancelled()
        self.sudo().service_point_id._bus_send(
            "sale_service_schedule/order",
            {"type": event, "order_id": self.id, "point_id": self.sudo().service_point_id.id},
        )

    def _tell_cancelled(self):
        """Send the customer one message that the shop has cancelled, or that it has heard that he did."""
        if self.state == "draft" and not self.sudo().reservation_id:
            return  # the shop's own draft, of which the customer has not heard
        template = self.env.ref("sale_service_schedule.mail_template_order_cancelled", raise_if_not_found=False)

        def send(order_sudo):
            order_sudo._send_order_notification_mail(template)
            return True

        # sudo: customers cause it as well as staff, and need no rights on what the message says
        if not attempt(self.sudo(), send, _logger):
            self._plan_activity(
                self.env._("Call the customer"),
                self.env._("The order is cancelled, and the message that says so could not be sent."),
            )

    def _get_event_note(self, event, change=None):
        """Return the text for the order's history, False for events that need none."""
        if event == "order_scheduled":
            return self.env._("Scheduled for %(time)s", time=self.reservation_id.sudo()._get_label())
        if event == "order_rescheduled":
            text = self.env._(
                "Rescheduled from %(old)s to %(new)s",
                old=change._get_label("from"),
                new=change._get_label("to"),
            )
            return f"{text}. {change.reason}" if change.reason else text
        if event in ("order_reassigned", "order_trouble"):
            return self.reservation_id.sudo()._get_trouble_note(change)
        if event == "order_cancelled" and self.cancel_reason:
            return self.env._("Cancelled: %(reason)s", reason=self.cancel_reason)
        return False
