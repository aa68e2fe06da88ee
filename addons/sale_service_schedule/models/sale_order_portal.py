from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.reasons import minutes_text

from ..exceptions import FormRefused
from .sale_order import OPEN_STATES, WAITING_STATES
from .service_order_form import LONGEST_REASON, check_length

BADGES = {
    "pending": "text-bg-warning",
    "confirmed": "text-bg-primary",
    "preparing": "bg-info-subtle text-info-emphasis",
    "ready": "bg-success-subtle text-success-emphasis",
    "picked_up": "text-bg-light border",
    "no_show": "text-bg-secondary",
    "cancelled": "text-bg-secondary",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    submission_key = fields.Char(
        copy=False, readonly=True, help="Names the form that a customer sent: sent again, it makes no second order."
    )

    _submission_key_uniq = models.UniqueIndex(
        "(partner_id, submission_key) WHERE submission_key IS NOT NULL", "This form has already been sent."
    )

    @api.depends("service_point_id")
    def _compute_type_name(self):
        """Override of ``sale``: what a customer orders at a service point is an order from the start."""
        result = super()._compute_type_name()
        for order in self.filtered(lambda order: order.service_point_id and not order.require_signature):
            order.type_name = self.env._("Order")
        return result

    # ------------------------------------------------------------------
    # The customer's list
    # ------------------------------------------------------------------

    @api.model
    def _get_portal_service_domain(self):
        """Return the domain of the service orders of the user's customer; drafts are the shop's own."""
        partner = self.env.user.partner_id.commercial_partner_id
        return (
            Domain("partner_id", "child_of", partner.id)
            & Domain("service_point_id", "!=", False)
            & Domain("state", "!=", "draft")
        )

    @api.model
    def _get_portal_service_page(self, offset, limit):
        """Return one page of the customer's service orders: open ones by their time, then the others, newest first."""
        domain = self._get_portal_service_domain()
        is_open = Domain("fulfilment_state", "in", OPEN_STATES)
        orders = self.search(domain & is_open, order="scheduled_start, id", offset=offset, limit=limit)
        if len(orders) < limit:
            skip = max(0, offset - self.search_count(domain & is_open))
            orders += self.search(domain & ~is_open, order="id desc", offset=skip, limit=limit - len(orders))
        return orders

    # ------------------------------------------------------------------
    # The customer's page
    # ------------------------------------------------------------------

    def _get_portal_badge(self):
        """Return ``(CSS classes, text)`` of the fulfilment state."""
        self.ensure_one()
        if self.needs_new_time and self.fulfilment_state == "confirmed":
            return "text-bg-danger", self.env._("Choose a new time")
        if not self.fulfilment_state:
            is_held = self.reservation_id.state == "held" or self._awaits_payment()
            return "text-bg-warning", self.env._("Waiting for payment") if is_held else self.env._("Not booked")
        return BADGES[self.fulfilment_state], self._get_fulfilment_label()

    def _get_portal_schedule(self):
        """Return "Scheduled for Thursday, October 15, 2026 at Afternoon (12:00-17:00)", or "Walk-in"."""
        self.ensure_one()
        if self.needs_new_time and self.currency_id.is_zero(self._get_paid_amount()):
            return self.env._("Your time has gone to somebody else: please choose a new one.")
        if self.needs_new_time:
            return self.env._("You have paid. Your time has gone to somebody else: please choose a new one.")
        if self._is_hold_over():
            return self.env._("No longer kept for you: %(time)s", time=self.schedule_label)
        if self.schedule_label:
            held = self.reservation_id._is_live() and not self.fulfilment_state
            text = self.env._("Kept for you: %(time)s") if held else self.env._("Scheduled for %(time)s")
            return text % {"time": self.schedule_label}
        return self.env._("Walk-in")

    def _prepare_portal_panel(self, message=""):
        """Return what the order's page tells the customer about its service.

        :param message: what just happened, as the address says it
        :return: ``{badge, schedule, chain, tz, shop, address, phone, may_change, deadline, obstacle, news, broken,
            held_until, move_terms, cancel_terms, refund, links, meeting_url}``
        """
        self.ensure_one()
        point = self.service_point_id
        return {
            "badge": self._get_portal_badge(),
            "schedule": self._get_portal_schedule(),
            "chain": self.reschedule_chain,
            "tz": point.tz,
            "shop": point.name,
            "address": point._get_address_text(),
            "phone": point.partner_id.phone or self.company_id.phone,
            "may_change": self._may_customer_change(),
            "deadline": self._get_portal_deadline(),
            "obstacle": self._get_portal_obstacle(),
            "news": self._get_portal_news(message),
            "broken": self._get_portal_broken_promise(),
            "held_until": self._get_portal_held_until(),
            "move_terms": self._get_portal_move_terms(),
            "cancel_terms": self._get_portal_cancel_terms(),
            "refund": self._get_portal_refund(),
            "links": self.reservation_id._get_customer_links() if self.reservation_id else [],
            "meeting_url": self.reservation_id.state == "confirmed" and self.reservation_id.meeting_url,
        }

    def _get_portal_broken_promise(self):
        """Return what the customer can do about a time that the shop cannot keep, "" when it can."""
        if not self._may_customer_change() or self.reservation_id.trouble in (False, "late"):
            return ""
        return self.env._(
            "We are sorry: we cannot keep this time. Choose another one, or cancel: it costs you nothing. If we find "
            "somebody who can serve you at this time, it stays."
        )

    def _get_portal_held_until(self):
        """Return "Pay until 10:45 AM …" while the time is only held, "" otherwise."""
        reservation = self.reservation_id
        if self.fulfilment_state or not reservation._is_live():
            return ""
        until = reservation._format_label(reservation._get_zone(), timing.to_stamp(reservation.expires_at))
        return self.env._("It is kept until %(time)s. Pay until then to make it yours.", time=until)

    def _get_portal_deadline(self):
        """Return until when the customer may change the order, "" when no time or no cut-off binds him."""
        reservation = self.reservation_id
        if not reservation or reservation.trouble or self._is_hold_over() or not self._may_customer_change():
            return ""
        last = reservation.start - timedelta(minutes=reservation.cutoff_minutes)
        return reservation._format_label(reservation._get_zone(), timing.to_stamp(last))

    def _get_portal_obstacle(self):
        """Return why an open order cannot be changed by the customer any more, "" when it can or is closed."""
        if self.fulfilment_state not in OPEN_STATES or self._may_customer_change():
            return ""
        if self.fulfilment_state not in WAITING_STATES:
            return self.env._("Work on it has begun, so it cannot be changed online any more.")
        return self.env._(
            "It is too late to change it online: that was possible until %(cutoff)s before its time.",
            cutoff=minutes_text(self.env, self.reservation_id.cutoff_minutes),
        )

    def _get_portal_news(self, message):
        """Return ``(CSS class, text)`` of what just happened to the order, None when it is not so any more."""
        names = {"order": self.name, "time": self.schedule_label or ""}
        if self.fulfilment_state == "cancelled":
            text = self.env._("Order #%(order)s is cancelled.", **names)
            return ("alert-info", text) if message == "service_cancelled" else None
        texts = {
            "service_placed": ("alert-success", self._get_confirmation_text()),
            "service_rescheduled": (
                "alert-success",
                self.env._("Order #%(order)s rescheduled to %(time)s", **names),
            ),
            "service_same": ("alert-info", self.env._("Nothing has changed: %(time)s stays your time.", **names)),
            "service_again": (
                "alert-info",
                self.env._("This form had already been sent. It made this one order and no other: %(text)s")
                % {"text": self._get_confirmation_text()},
            ),
        }
        return texts.get(message)

    # ------------------------------------------------------------------
    # What the customer does
    # ------------------------------------------------------------------

    def _prepare_portal_picker(self, post):
        """Return what the page "Reschedule" shows for ``post`` (raw strings): at first, the time the order has."""
        self.ensure_one()
        offer, reservation = self.service_offer_id, self.reservation_id
        shown = self.env["service.order.form"]._read_picker(post)
        common = {"lanes": self._get_wanted_lanes(), "ignore": self._get_moving()}
        if not post and reservation:
            had = offer._get_choice_of(reservation)
            if reservation.trouble or self._is_hold_over():
                # who lost a time looks for another one near it
                near = offer._get_portal_picker(day=offer._get_choice_day(had), **common)
                return offer._get_portal_picker(**shown, **common) if near["problem"] else near
            shown["choice"] = had
        return offer._get_portal_picker(**shown, **common)

    def _get_moving(self):
        """Return the reservation that would move, None when the order has no time yet."""
        return self.reservation_id or None

    def _reschedule_by_customer(self, choice, day=None, reason=""):
        """Give the order another time as the customer may; True when it moved.

        Callers check that the order is his.

        :param date day: the day that was chosen on the way
        :raise FormRefused: with everything that is wrong
        :raise TimeTaken, NotBookable, UserError: as ``_schedule``
        """
        self.ensure_one()
        self._check_may_schedule()
        has_time = not self.reservation_id.trouble and not self._is_hold_over()
        if self.reservation_id and not self._is_hold_over():
            self.reservation_id._check_may_change()
        offer = self.service_offer_id
        had = offer._get_choice_of(self.reservation_id) if has_time else ""
        lanes = self._get_wanted_lanes()
        errors = {"reason": check_length(self.env, reason, LONGEST_REASON)}
        if choice != had:
            errors["choice"] = offer._get_choice_error(choice, day, lanes=lanes, ignore=self._get_moving())
        errors = {name: text for name, text in errors.items() if text}
        if errors:
            raise FormRefused(errors)
        self._schedule(choice, reason=reason.strip())
        return choice != had


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_portal_name(self):
        """Return what was ordered, for the customer's list: "2 x Nitrox fill"."""
        self.ensure_one()
        quantity = int(self.product_uom_qty) if self.product_uom_qty.is_integer() else self.product_uom_qty
        return f"{quantity} \N{MULTIPLICATION SIGN} {self._get_board_name()}"
