from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

from odoo import fields, models
from odoo.tools import format_time

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.reasons import minutes_text
from odoo.addons.service_schedule.schedlib import local


class ServiceReservation(models.Model):
    """What the wizard's pages tell the customer about his booking."""

    _inherit = "service.reservation"

    def _prepare_summary(self, browser_tz=""):
        """Return what every page about a hold shows beside its form.

        :param str browser_tz: the zone of the customer's browser, as its cookie says it
        """
        self.ensure_one()
        point, product = self.point_id, self._get_book_product()
        quantity = self._get_book_quantity()
        return {
            "what": product.with_context(display_default_code=False).display_name or self.offer_id.name,
            "quantity": quantity if quantity > 1 else 0,
            "who": self._get_who(),
            "when": self._get_label(),
            "own_when": self._get_own_label(browser_tz),
            "start": f"{self.start.isoformat()}Z",
            "tz": self.tz,
            "tz_label": self.tz.replace("_", " "),
            "duration": "" if self.window_id else minutes_text(self.env, self._get_minutes()),
            "kind": self.offer_id.kind_id,
            "shop": point.name,
            "address": "" if self.offer_id.kind_id.is_remote else point._get_address_text(),
            "phone": point.partner_id.phone or self.company_id.phone or "",
            "seconds": self._get_seconds_left(),
            "until": self._get_until_label(),
        }

    def _get_minutes(self):
        """Return how long the appointment is, in minutes."""
        return int((self.stop - self.start).total_seconds() // 60)

    def _get_who(self):
        """Return the name of the person who will serve the customer, "" when it is no person."""
        return self.resource_id.name if self.resource_id.resource_type == "user" else ""

    def _get_until_label(self):
        """Return until when the time is held, on the shop's clock; "" when it is not."""
        if self.state != "held":
            return ""
        moment = local(timing.to_stamp(self.expires_at), self._get_zone())
        return format_time(self.env, moment.time(), time_format="short")

    def _get_own_label(self, browser_tz):
        """Return the time on the customer's own clock, "" when it shows the same or is not known."""
        name = browser_tz or ("" if self.env.user._is_public() else self.env.user.tz) or ""
        if self.window_id or name not in available_timezones():
            return ""
        zone, stamp = ZoneInfo(name), timing.to_stamp(self.start)
        if local(stamp, zone).replace(tzinfo=None) == local(stamp, self._get_zone()).replace(tzinfo=None):
            return ""
        return f"{self._format_label(zone, stamp)} ({name.replace('_', ' ')})"

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------

    def _prepare_review(self):
        """Return what the fourth page shows: the price, what is due now, and the rules for changes."""
        self.ensure_one()
        order = self._get_book_order()
        return {
            "policy": self._get_policy_lines(),
            "due": self._get_due(order),
            "is_prepaid_by_rule": self._is_prepaid_by_rule(),
        }

    def _get_due(self, order):
        """Return ``{"paid", "now", "later"}``: what was paid, what is paid at once, and what remains for the shop."""
        paid, now = order._get_paid_amount(), order._get_due_amount()
        return {"paid": paid, "now": now, "later": max(0.0, order.currency_id.round(order.amount_total - paid - now))}

    def _is_prepaid_by_rule(self):
        """Return whether missed appointments are why it has to be paid ahead."""
        customer = self._get_book_order().partner_id
        return self.offer_id.payment != "full" and self.offer_id._demands_everything(customer)

    def _get_policy_lines(self):
        """Return the rules for changing and cancelling, as sentences."""
        self.ensure_one()
        last = self._format_moment(self.cutoff_minutes)
        if self.start - timedelta(minutes=self.cutoff_minutes) <= fields.Datetime.now():
            lines = [self.env._("Once it is booked, it cannot be changed or cancelled online.")]
        elif self.free_minutes <= self.cutoff_minutes:
            lines = [self.env._("You can change or cancel it free of charge until %(moment)s.", moment=last)]
        else:
            lines = self._get_change_lines(last)
        if self.offer_id.auto_no_show:
            grace = minutes_text(self.env, self.grace_minutes)
            lines.append(self.env._("Please be on time: after %(grace)s your place may go to others.", grace=grace))
        return lines

    def _get_change_lines(self, last):
        """Return the rules of changes that are free at first, unless that is over already, and then are not.

        :param str last: the label of the cut-off
        """
        if self.start - timedelta(minutes=self.free_minutes) <= fields.Datetime.now():
            return [self._get_late_line(self.env._("Until %(moment)s:", moment=last))]
        free = self._format_moment(self.free_minutes)
        return [
            self.env._("You can change or cancel it free of charge until %(moment)s.", moment=free),
            self._get_late_line(self.env._("After that, until %(moment)s:", moment=last)),
        ]

    def _get_late_line(self, heading):
        """Return what changes cost when they are not free any more, after a ``heading`` that says when that is."""
        if self.reschedule_fee:
            order = self._get_book_order()
            total = order._get_fee_total(self.reschedule_fee) if order else self.reschedule_fee
            fee = (order or self).currency_id.format(total)
            moving = self.env._("another time costs %(fee)s;", fee=fee)
        else:
            moving = self.env._("another time costs nothing;")
        if self.refund_percent:
            percent = self.refund_percent
            cancelling = self.env._(
                "cancelling gives back %(percent)s%% of what you paid, also after you have moved it then.",
                percent=percent,
            )
        else:
            cancelling = self.env._(
                "cancelling gives back nothing of what you paid, also after you have moved it then."
            )
        return f"{heading} {moving} {cancelling}"

    def _format_moment(self, minutes):
        """Return the moment that many minutes before the start, on the shop's clock."""
        return self._format_label(self._get_zone(), timing.to_stamp(self.start - timedelta(minutes=minutes)))

    # ------------------------------------------------------------------
    # Done
    # ------------------------------------------------------------------

    def _prepare_done(self):
        """Return what the last page shows: the present state, and what can come next."""
        self.ensure_one()
        offers = self.offer_id.follow_up_offer_ids.filtered("is_published")
        booking = self.env["service.booking"]
        return {
            "state": self._get_book_step(),
            "transaction": self._get_kept_transaction(),
            "policy": self._get_policy_lines() if self._get_book_step() == "placed" else [],
            "paid": self._get_book_order()._get_paid_amount() if self._get_book_order() else 0.0,
            "until": self._format_label(self._get_zone(), timing.to_stamp(self.expires_at)) if self.expires_at else "",
            "follow_ups": offers.filtered(lambda offer: booking._find_offer(offer.id)),
            "follow_token": self._get_token(),
        }
