from odoo import models

from odoo.addons.service_schedule.reasons import minutes_text


class SaleOrder(models.Model):
    """What the customer reads before he moves or cancels: what it costs, what he gets back, and why."""

    _inherit = "sale.order"

    def _get_portal_move_terms(self):
        """Return what rescheduling now costs, and what it does to a later refund; "" when it is free."""
        reservation = self.reservation_id
        if not reservation or reservation._is_free_change():
            return ""
        sentences = []
        if fee := reservation._get_fee():
            amount = self.currency_id.format(self._get_fee_total(fee))
            sentences.append(self.env._("Rescheduling this late costs %(amount)s.", amount=amount))
        percent = reservation._get_refund_percent()
        if percent < 100:
            sentences.append(
                self.env._(
                    "Cancelling would give back %(percent)s%% of what you paid, now and also after you have moved it.",
                    percent=percent,
                )
            )
        return " ".join(sentences)

    def _get_portal_cancel_terms(self):
        """Return what the customer gets back when he cancels now and why, "" when he has paid nothing."""
        paid = self._get_paid_amount()
        if self.currency_id.is_zero(paid):
            return ""
        percent, fees = self._get_refund_terms()
        text = self.env._(
            "You get back %(amount)s of the %(paid)s that you have paid.",
            amount=self.currency_id.format(self._get_refund_amount(percent, fees)),
            paid=self.currency_id.format(paid),
        )
        return " ".join([text, *self._get_portal_refund_reasons(percent, fees)])

    def _get_portal_refund(self):
        """Return what goes back to the customer of a cancelled order, or went; "" when nothing does."""
        if self.fulfilment_state != "cancelled":
            return ""
        if self.refund_due:
            return self.env._("We give back %(amount)s.", amount=self.currency_id.format(self.refund_due))
        given = sum(payment._get_refunded_amount() for payment in self._get_payments())
        if self.currency_id.is_zero(given):
            return ""
        return self.env._("We have given back %(amount)s.", amount=self.currency_id.format(given))

    def _get_portal_refund_reasons(self, percent, fees):
        """Return the sentences why not all of it is given back."""
        reasons = []
        if not self.currency_id.is_zero(fees):
            amount = self.currency_id.format(fees)
            reasons.append(self.env._("The fee of %(amount)s for moving it late is not given back.", amount=amount))
        if percent == 100:
            return reasons
        reservation = self.reservation_id
        names = {"percent": percent, "free": minutes_text(self.env, reservation.free_minutes)}
        if reservation._is_free_change():
            text = self.env._(
                "You moved it when less than %(free)s were left: then cancelling gave back %(percent)s%%, and it still "
                "does."
            )
        else:
            text = self.env._(
                "Less than %(free)s before the time, cancelling gives back %(percent)s%% of what was paid."
            )
        return [*reasons, text % names]
