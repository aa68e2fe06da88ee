from odoo import fields, models

from .. import timing
from ..schedlib import stamp
from .service_reservation import stamp_of


class ServiceReservation(models.Model):
    """What changes cost, by the policy in force when it was booked.

    Whoever moves his time late does not win back what a cancellation at that moment would have cost him: otherwise he
    would move to a far day first, and cancel there free of charge.
    """

    _inherit = "service.reservation"

    currency_id = fields.Many2one(related="company_id.currency_id")
    free_minutes = fields.Integer(
        "Free Until (minutes)", readonly=True, help="Until how long before the start changes are free; 0 is always."
    )
    refund_percent = fields.Integer("Refund (%)", readonly=True, default=100)
    refund_limit_percent = fields.Integer(
        "Refund at Most (%)",
        readonly=True,
        copy=False,
        default=100,
        help="The customer moved it late: cancelling gives back no more than it would have given then.",
    )
    reschedule_fee = fields.Monetary(readonly=True)
    grace_minutes = fields.Integer(readonly=True)

    def _is_free_change(self, by_staff=False, now=None):
        """Return whether moving it now costs nothing, and cancelling it no more than an earlier late move."""
        self.ensure_one()
        if by_staff or self.trouble or not self.free_minutes or self.state == "held":  # nothing is booked yet
            return True
        return stamp(now or timing.utc_now()) + self.free_minutes * 60 <= stamp_of(self.start)

    def _get_refund_percent(self, by_staff=False, now=None):
        """Return the share of what was paid that cancelling now gives back."""
        self.ensure_one()
        if by_staff or self.trouble:
            return 100  # the shop's own doing never counts against the customer
        share = 100 if self._is_free_change(now=now) else self.refund_percent
        return min(share, self.refund_limit_percent)

    def _get_fee(self, by_staff=False, now=None):
        """Return what moving it now costs, in ``currency_id``."""
        return 0.0 if self._is_free_change(by_staff, now) else self.reschedule_fee

    def _prepare_reschedule_values(self, start, by_staff, now):
        """Return the values that rescheduling to ``start`` (stamp) at this moment changes, apart from the time.

        A hold that is still to be paid stays one, no longer than until its time; all else is confirmed, also what was
        paid too late and is held anew. A late move limits what is given back later.
        """
        if self.state == "held" and self.trouble != "late":
            return {"expires_at": min(self.expires_at, timing.to_field(start)), "trouble": False}
        if self._is_free_change(by_staff, now):
            return self._prepare_confirmed_values()
        return {**self._prepare_confirmed_values(), "refund_limit_percent": self._get_refund_percent(now=now)}
