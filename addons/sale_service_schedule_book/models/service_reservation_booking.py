from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.models.service_reservation import NOW
from odoo.addons.service_schedule.models.service_reservation_hold import GONE

CARRIED_HOURS = 24
"""How long the answers of a hold that ended wait for the next one."""
UNPAID = ("draft", "cancel", "error")
"""Transactions that keep nothing."""


class ServiceReservation(models.Model):
    """A reservation on its way through the booking wizard."""

    _inherit = "service.reservation"

    book_product_id = fields.Many2one("product.product", "Booked Product", readonly=True, copy=False)
    book_quantity = fields.Integer("Booked Quantity", readonly=True, copy=False)
    book_session = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The browser session that began it, made unreadable.",
    )
    book_guest_id = fields.Many2one(
        "res.partner", "Guest", readonly=True, copy=False, help="The contact that was made for the guest who booked it."
    )
    book_draft = fields.Json(
        readonly=True, copy=False, groups="base.group_system", help="What was typed and not sent yet, by field."
    )

    def _set_booked(self, product, quantity, session_key):
        """Remember what is to be ordered for the held time, and which browser session began it."""
        self.ensure_one()
        if not self.book_session:
            self.book_session = session_key
        if self.book_product_id != product or self.book_quantity != quantity:
            self.write({"book_product_id": product.id, "book_quantity": quantity})
        order = self._get_book_order()
        if order and not self._is_ordered(order):
            self._sync_order(order.partner_id, order.order_notes or "")

    def _get_book_product(self):
        """Return what is to be ordered; for a hold from elsewhere, the first product that sells its offer."""
        self.ensure_one()
        return self.book_product_id or self.env["service.booking"]._get_products(self.offer_id)[:1]

    def _get_book_quantity(self):
        """Return how many are to be ordered; for a hold from elsewhere, what its places allow."""
        self.ensure_one()
        by_places = self.lanes // self.offer_id.lanes if self.offer_id.lanes_per == "unit" else 1
        return self.book_quantity or max(1, by_places)

    def _get_book_choice(self):
        """Return the choice that means the time of this hold."""
        self.ensure_one()
        return NOW if self.is_now else self.offer_id._get_choice_of(self)

    def _keeps(self, choice, resources, lanes):
        """Return whether this live hold is already what is asked for."""
        self.ensure_one()
        return (
            bool(self._is_live() and self._find_twin(self.offer_id, choice, resources, lanes, None))
            and (resources is not None) == self.is_resource_chosen
        )

    # ------------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------------

    @api.model
    def _find_booking(self, public_id, public_ids, token=""):
        """Return the reservation whose pages the user may see, as superuser in his name; empty for others'.

        :param public_ids: those that his session made
        :param str token: what a link in a message brought along
        """
        reservation = self.sudo().search([("public_id", "=", public_id)], limit=1)
        may_see = (
            public_id in public_ids
            or reservation._is_own()
            or (token and self._find_by_token(public_id, token) == reservation)
        )
        return reservation if may_see else reservation.browse()

    def _is_own(self):
        """Return whether it belongs to the user's customer."""
        user = self.env.user
        company = self.partner_id.commercial_partner_id
        return bool(company) and not user._is_public() and company == user.partner_id.commercial_partner_id

    @api.model
    def _find_current(self, offer, public_ids, origin=None):
        """Return the hold of ``offer`` that this session or user has begun and not finished: it moves, he need not
        type again.

        Of those that ended, one of the last hours.
        """
        whose = Domain("public_id", "in", public_ids)
        if not self.env.user._is_public():
            whose |= Domain("partner_id", "=", self.env.user.partner_id.id)
        domain = (
            whose
            & Domain("offer_id", "=", offer.id)
            & Domain("book_product_id", "!=", False)
            & Domain("state", "in", ("held", *GONE))
            & Domain("trouble", "=", False)
            & Domain("origin_id", "=", origin.id if origin else False)
            & Domain("write_date", ">=", fields.Datetime.now() - timedelta(hours=CARRIED_HOURS))
        )
        found = self.sudo().search(domain, order="id desc")
        return found.filtered(lambda hold: hold._get_book_step() in ("open", "ended"))[:1]

    @api.model
    def _find_open(self, public_ids):
        """Return the live holds that this session or user has begun and not finished, the newest first."""
        whose = Domain("public_id", "in", public_ids)
        if not self.env.user._is_public():
            whose |= Domain("partner_id", "=", self.env.user.partner_id.id)
        held = self.sudo().search(whose & Domain("state", "=", "held"), order="id desc")
        return held.filtered(lambda hold: hold._get_book_step() == "open")

    def _adopt(self, partner):
        """Make a guest's hold one of ``partner``, who has logged in. Its time does not begin anew.

        :raise NotBookable: he holds as many as he may already
        """
        self.ensure_one()
        holder = f"partner:{partner.id}"
        if self.state != "held" or self.holder == holder:
            return
        live, _stale = self._find_held(holder)
        limit = self.offer_id._get_hold_limit(holder)

        def take(number):
            self.write({"holder": holder, "hold_number": number})
            self.flush_recordset()  # here the index says whether the number is free

        self._number(live, limit, take)

    # ------------------------------------------------------------------
    # Where it stands
    # ------------------------------------------------------------------

    def _get_book_step(self):
        """Return where the wizard stands.

        ``open`` (held, to be filled in and paid), ``ended`` (the hold is over), ``waiting`` (a payment is on its way),
        ``lost`` (paid, a new time is to be chosen), ``placed`` (it is booked), or ``over`` (cancelled or done).
        """
        self.ensure_one()
        if self.trouble == "late":
            return "lost"
        if self._get_book_order().state == "cancel":
            return "over"  # also when its time was only held
        if self.state == "held" and self._is_money_coming():
            return "waiting"
        if self.state == "held":
            return "open" if self._is_live() else "ended"
        if self.state in GONE:
            return "ended"
        return "placed" if self.state == "confirmed" else "over"

    def _get_kept_transaction(self):
        """Return the last transaction of the order that is on its way or done."""
        return self.order_ids.transaction_ids.filtered(lambda tx: tx.state not in UNPAID).sorted("id")[-1:]

    def _is_money_coming(self):
        """Return whether a payment is on its way, or has come and books in a moment; too little books nothing."""
        order = self._get_book_order()
        if not order or not self._get_kept_transaction():
            return False
        return order._is_covered() or order._is_confirmation_amount_reached()

    def _get_failed_transaction(self):
        """Return the last transaction of the order if it failed or was cancelled."""
        last = self.order_ids.transaction_ids.sorted("id")[-1:]
        return last if last.state in ("cancel", "error") else last.browse()

    def _get_seconds_left(self):
        """Return for how many seconds the time is kept still, 0 when it is not."""
        self.ensure_one()
        if self.state != "held":
            return 0
        return max(0, timing.to_stamp(self.expires_at) - int(timing.utc_now().timestamp()))

    def _take_same_again(self, holder):
        """Hold the same time once more after the hold ended.

        :raise NotBookable, TimeTaken: it cannot be had any more
        """
        self.ensure_one()
        if self._get_book_step() != "ended":
            return
        resources = self.resource_id if self.is_resource_chosen else None
        self._move_hold(self._get_book_choice(), holder=holder, resources=resources)

    def _give_back(self):
        """Give the held time back, as the customer wishes. What was typed waits for the next one."""
        self.ensure_one()
        if self._get_book_step() == "open":
            self._release(self.env._("Given back by the customer"))

    # ------------------------------------------------------------------
    # The order
    # ------------------------------------------------------------------

    def _get_book_order(self):
        """Return the order of this booking, empty before the customer has said who he is."""
        self.ensure_one()
        return self.order_ids[:1]

    def _sync_order(self, partner, note):
        """Create the draft order of this booking, or make it what is booked now, and return it."""
        self.ensure_one()
        order = self._get_book_order()
        if order.state not in (False, "draft", "sent"):
            raise UserError(self.env._("Order %(order)s can no longer be changed here.", order=order.name))
        values = {"partner_id": partner.id, "order_notes": note.strip() or False}
        if not order:
            orders = self.env["sale.order"].with_company(self.company_id)
            order = orders.create({**self._prepare_order_values(), **values, "order_line": self._prepare_lines()})
        elif order.partner_id != partner or not self._is_ordered(order):
            order.write({**values, "order_line": [Command.clear(), *self._prepare_lines()]})
        else:
            order.write(values)
        order._apply_payment_policy()
        order._portal_ensure_token()  # so that looking at the order later writes nothing
        return order

    def _is_ready_for_review(self):
        """Return whether the customer has said all that is needed to book."""
        self.ensure_one()
        order = self._get_book_order()
        needed = self.offer_id.question_ids.filtered("is_required")
        is_ordered = order.state in ("draft", "sent") and self._is_ordered(order)
        return is_ordered and needed <= self.answer_ids.question_id

    def _is_ordered(self, order):
        """Return whether the lines of ``order`` are what is booked."""
        booked = [(self._get_book_product(), self._get_book_quantity())]
        return [(line.product_id, line.product_uom_qty) for line in order.order_line] == booked

    def _prepare_order_values(self):
        """Return the values of the order. What a customer books himself needs no signature; the hold limits it."""
        return {
            "company_id": self.company_id.id,
            "service_point_id": self.point_id.id,
            "service_offer_id": self.offer_id.id,
            "reservation_id": self.id,
            "require_signature": False,
            "validity_date": False,
        }

    def _prepare_lines(self):
        """Return the commands of the order's lines."""
        values = {"product_id": self._get_book_product().id, "product_uom_qty": self._get_book_quantity()}
        return [Command.create(values)]

    def _place_booking(self):
        """Book what is paid at the shop, or costs nothing: the reservation and the order are confirmed, a mail is sent.

        Placing twice is once.

        :raise NotBookable, TimeTaken: the time has gone
        :raise UserError: it has to be paid first
        """
        self.ensure_one()
        order = self._get_book_order()
        if self._get_book_step() == "placed":
            return
        order._apply_payment_policy()  # he may have missed another appointment since he came to the first page
        if order._has_to_be_paid():
            raise UserError(self.env._("This appointment is paid when it is booked. Choose how to pay."))
        self._confirm()
        order._validate_order()
