import logging
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.models.service_reservation_hold import GONE
from odoo.addons.service_schedule.sweeps import attempt

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """Paying for a time: the hold becomes a reservation with the money, or ends without it.

    A lost time never loses the money and never raises: the order is confirmed and asks for a new time.
    """

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # What has to be paid ahead
    # ------------------------------------------------------------------

    def _apply_payment_policy(self):
        """Demand what the offer wants to be paid ahead; an order at a service point needs no signature."""
        for order in self:
            share = order._get_prepaid_share()
            order.write(
                {
                    "require_signature": False,
                    "require_payment": bool(share),
                    **({"prepayment_percent": share} if share else {}),
                    "validity_date": False,
                }
            )

    def _get_prepaid_share(self):
        """Return the share of the total that has to be paid ahead, 0.0 when it is paid at the shop."""
        self.ensure_one()
        offer = self.sudo().service_offer_id  # sudo: customers may not read offers, yet the policy binds them
        if self.currency_id.is_zero(self.amount_total):
            return 0.0
        return offer._get_prepaid_share(self.partner_id)

    def _get_due_amount(self, is_whole=False):
        """Return what is still to be paid before the order is accepted, 0.0 when nothing is.

        :param bool is_whole: the whole price is to be paid, not only what is demanded
        """
        self.ensure_one()
        wanted = self.amount_total if is_whole else self._get_prepayment_required_amount()
        return max(0.0, self.currency_id.round(wanted - self._get_paid_amount()))

    def _is_part_paid(self):
        """Return whether a part of what this order of a service point demands was paid, and the rest is due."""
        self.ensure_one()
        return bool(self.service_point_id and self._has_to_be_paid() and self._get_paid_amount())

    def _must_be_prepaid(self):
        """Return whether the order's time is only held until money comes."""
        self.ensure_one()
        return (
            self.require_payment
            and self.state in ("draft", "sent")
            and not self.currency_id.is_zero(self.amount_total)
            and not self._is_confirmation_amount_reached()
        )

    # ------------------------------------------------------------------
    # The money comes, or does not
    # ------------------------------------------------------------------

    def _follow_payment(self, transaction, was_authorized=False):
        """Let the held time follow what became of a payment. Never raises for a lost time.

        :param bool was_authorized: the money had come before, and is only captured now
        """
        for order in self.filtered("service_point_id"):
            order.invalidate_recordset(["amount_paid"])  # core computes it once, before the payment's state changed
            if transaction.state in ("done", "authorized"):
                order._take_money(transaction, was_authorized)
            elif not order.reservation_id:
                continue
            elif transaction.state == "pending" and order.state != "cancel" and order._is_covered():
                order._keep_hold(transaction)
            elif transaction.state in ("cancel", "error"):
                order._drop_hold(transaction)

    def _take_money(self, transaction, was_authorized):
        """Settle the time with the money that has come; tell the staff, once, of money that books nothing."""
        self.ensure_one()
        if self.state != "cancel" and self._is_confirmation_amount_reached():
            self._settle_hold()
        elif was_authorized:
            return  # told already
        elif self.state == "cancel":
            # it was under way when the order was cancelled: no time was kept for it, so all of it goes back
            self._promise_amount(transaction.amount)
        else:
            self._plan_activity(
                self.env._("Too little was paid"),
                self.env._(
                    "%(paid)s came, %(due)s are needed to book. Ask for the rest, or give the money back.",
                    paid=self.currency_id.format(self.amount_paid),
                    due=self.currency_id.format(self._get_prepayment_required_amount()),
                ),
            )

    def _is_covered(self):
        """Return whether a payment is under way that, with what was paid, covers what is due: deposit or whole."""
        self.ensure_one()
        # sudo: only the sum is used
        pending = self.sudo().transaction_ids.filtered(lambda tx: tx.state == "pending" and tx.amount > 0)
        due = self._get_prepayment_required_amount() or self.amount_total
        paid = self._get_paid_amount() + sum(pending.mapped("amount"))
        return bool(pending) and self.currency_id.compare_amounts(paid, due) >= 0

    def _settle_hold(self):
        """Make reservations of the times that are held, or ask for new ones. May run again: it is done once."""
        for order in self.filtered("reservation_id"):
            reservation = order.sudo().reservation_id  # sudo: who pays or accepts the order settles its time
            if reservation.state != "held" and reservation.state not in GONE:
                continue
            was_told = reservation.trouble == "late"
            if not reservation._confirm_or_park() and not was_told:
                order._ask_for_new_time()

    def _keep_hold(self, transaction):
        """Keep the time while the money is under way, as long as the payment provider's rule says."""
        reservation = self.sudo().reservation_id  # sudo: the payment's rule decides, not the customer
        try:
            with self.env.cr.savepoint():
                if reservation.state in GONE and not reservation.trouble:
                    reservation._move_hold(self.service_offer_id.sudo()._get_choice_of(reservation))
                reservation._prolong(self._get_pending_end(transaction))
        except NotBookable:
            return  # the time is gone: when the money comes, a new one is asked for

    def _get_pending_end(self, transaction):
        """Return until when a pending payment keeps the time, naive UTC.

        The provider's hours, but no new ones for every payment that is announced and never made.
        """
        provider = transaction.sudo().provider_id  # sudo: only its rule is read
        reservation = self.sudo().reservation_id
        first = timing.to_stamp(reservation.first_held_at) if reservation.first_held_at else None
        if first is None:
            return provider._get_hold_end()
        bound = timing.to_field(reservation._get_hold_bound(first)) + timedelta(hours=provider.service_hold_hours)
        return min(provider._get_hold_end(), bound)

    def _drop_hold(self, transaction):
        """Give the time back after a payment failed, unless another one of the order may still succeed."""
        others = self.sudo().transaction_ids - transaction  # sudo: only their states are read
        reservation = self.sudo().reservation_id  # sudo: the payment's outcome decides
        if reservation.state == "held" and not others.filtered(
            lambda tx: tx.state in ("pending", "authorized", "done")
        ):
            reservation._release(self.env._("The payment was not made."))

    def _hold_again(self):
        """Make sure that a time is held before money is taken: keep the one there is, or take the same one again.

        :raise NotBookable, TimeTaken: it is gone
        :raise UserError: the order is cancelled
        """
        self.ensure_one()
        if self.service_point_id and self.state == "cancel":
            raise UserError(self.env._("Order %(order)s is cancelled: there is nothing to pay.", order=self.name))
        reservation = self.sudo().reservation_id  # sudo: who may pay the order may hold its time
        is_over = reservation.state in GONE or (reservation.state == "held" and not reservation._is_live())
        if is_over and not reservation.trouble:
            offer = self.service_offer_id.sudo()
            resources = reservation.resource_id if reservation.is_resource_chosen else None
            holder = f"partner:{self.partner_id.id}"
            reservation._move_hold(offer._get_choice_of(reservation), holder=holder, resources=resources)

    def _action_confirm(self):
        """Override of ``sale`` to make a reservation of the held time. Never raises for a lost one."""
        result = super()._action_confirm()
        self._settle_hold()
        return result

    # ------------------------------------------------------------------
    # A new time, a fee
    # ------------------------------------------------------------------

    def _ask_for_new_time(self):
        """Tell the customer, with a link to choose, and the staff, with something to do, that the time is gone."""
        self.ensure_one()
        self._portal_ensure_token()
        if self.currency_id.is_zero(self._get_paid_amount()):
            note = self.env._("It was confirmed after its time had gone to somebody else.")
        else:
            note = self.env._("The payment came after the time had gone to somebody else.")
        told = self._tell_new_time()
        end = self.env._("The customer has been told.") if told else self.env._("The customer could not be told: call.")
        self._plan_activity(self.env._("Choose a new time"), f"{note} {end}")
        self._announce("needs_new_time")

    def _tell_new_time(self):
        """Send the customer the link to choose a new time; False when that failed, which the log explains.

        A text that cannot be made must keep neither this order's money nor the next order from being settled.
        """
        template = self.env.ref("sale_service_schedule.mail_template_new_time", raise_if_not_found=False)

        def send(order_sudo):
            order_sudo._send_order_notification_mail(template)
            return True

        return bool(attempt(self.sudo(), send, _logger))  # sudo: the customer's payment causes it

    def _get_choose_url(self):
        """Return the link with which the customer chooses a new time, also without a log-in."""
        self.ensure_one()
        path = f"/my/service/{self.id}/reschedule?access_token={self.sudo()._portal_ensure_token()}"
        return f"{self.get_base_url()}{path}"

    def _get_resume_url(self):
        """Return where the customer goes on with what he did not finish while its time was held, without a log-in.

        A hook: addons with pages of their own for ordering lead back to them.
        """
        return self._get_choose_url()

    def _plan_activity(self, summary, note, kind="mail.mail_activity_data_todo"):
        """Give the staff something to do with this order.

        :param str kind: the XML id of the type of activity
        """
        # sudo: customers cause what the staff have to do
        self.sudo().activity_schedule(kind, summary=summary, note=note, user_id=self._get_responsible().id)

    def _get_responsible(self):
        """Return who looks after the order: its salesperson, else one of the staff, else whoever set the shop up."""
        point = self.sudo().service_point_id  # sudo: customers do not know the staff
        return self.sudo().user_id or point.user_ids[:1] or point.create_uid

    def _charge_fee(self, fee):
        """Add the fee of a late reschedule to the order.

        :param float fee: in the reservation's currency
        """
        self.ensure_one()
        order = self.sudo()  # sudo: the policy charges the customer, who may not write orders
        product = order.company_id._get_service_fee_product()
        order.order_line = [
            Command.create(
                {
                    "product_id": product.id,
                    "name": self.env._("Rescheduled: %(chain)s", chain=order.reservation_id._get_chain()),
                    "product_uom_qty": 1,
                    "price_unit": order._convert_fee(fee),
                }
            )
        ]

    def _convert_fee(self, fee):
        """Return a fee of the reservation's policy in the order's currency, as the line that charges it has it."""
        self.ensure_one()
        currency, today = self.reservation_id.currency_id, fields.Date.context_today(self)
        return currency._convert(fee, self.currency_id, self.company_id, today)

    def _get_fee_total(self, fee):
        """Return what a fee of the reservation's policy comes to on this order: in its currency, taxes included."""
        self.ensure_one()
        order = self.sudo()  # sudo: as _charge_fee
        product = order.company_id._get_service_fee_products()[:1]
        taxes = order.fiscal_position_id.map_tax(product.taxes_id._filter_taxes_by_company(order.company_id))
        amount = order._convert_fee(fee)
        return taxes.compute_all(amount, order.currency_id, 1, product, order.partner_id)["total_included"]
