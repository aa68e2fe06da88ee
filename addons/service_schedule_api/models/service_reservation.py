from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.schedlib import Reason

STAFF_GROUPS = "service_schedule.group_technician,sales_team.group_sale_salesman"


class ServiceReservation(models.Model):
    """What clients of the API do with reservations. Each step ends in the method that all other doors use."""

    _inherit = "service.reservation"

    @api.model
    def _find_for_api(self, public_id):
        """Return the reservation of a public id that the user may know of, empty for others'; as superuser.

        A customer's is his own; staff see what the rules show.
        """
        if self.env.user.share:
            return self._find_own(public_id)
        # sudo: the rules have shown it; its steps read what belongs to it
        return self.search([("public_id", "=", public_id.replace("\0", ""))]).sudo()

    @api.model
    def _check_api_staff(self):
        """Raise when an employee has nothing to do with orders and times: who only reads may not take steps."""
        if not self.env.user.share and not self.env.user.has_groups(STAFF_GROUPS):
            raise AccessError(self.env._("Only the staff of the shop may do this."))

    @api.model
    def _hold_by_api(self, offer, choice, resources, partner):
        """Keep a time for a while: a customer's own, within the bound on holds; for staff without one."""
        self._check_api_staff()
        if not self.env.user.share:
            return self._hold(offer, choice, resources=resources, partner=partner, by_staff=True).sudo()
        partner = self.env.user.partner_id
        holder = f"partner:{partner.id}"
        return self._hold(offer, choice, resources=resources, partner=partner, holder=holder).sudo()

    def _confirm_by_api(self):
        """Make a reservation of the hold; what has to be paid ahead is confirmed by its payment."""
        self.ensure_one()
        self._check_api_staff()
        partner = self.partner_id
        if self.env.user.share and self.state != "confirmed" and self.offer_id._get_prepaid_share(partner):
            raise NotBookable(self.env._("It is yours when it is paid: place an order for it."), [Reason.NOT_OFFERED])
        self._confirm()

    def _release_by_api(self):
        """Give a held time back."""
        self._check_api_staff()
        self._release()

    def _reschedule_by_api(self, choice, reason):
        """Move to another time; by its order when it has one, which knows what that costs."""
        self.ensure_one()
        self._check_api_staff()
        order = self.order_ids[:1]
        is_customer = self.env.user.share
        if order:
            order._reschedule_by_api(choice, reason)
        elif self.state == "held":
            self._move_hold(choice)
        else:
            self._reschedule(choice, by_staff=not is_customer, reason=reason)

    def _cancel_by_api(self, reason):
        """Cancel; by its order when it has one, which knows what is given back."""
        self.ensure_one()
        self._check_api_staff()
        order = self.order_ids[:1]
        if order and self.env.user.share:
            order._cancel_by_customer(reason)
        elif order:
            order._cancel_by_staff(reason=reason)
        else:
            self._cancel(by_staff=not self.env.user.share, reason=reason)

    def _no_show_by_api(self):
        """Say that the customer did not come: the staff's word."""
        if self.env.user.share:
            raise AccessError(self.env._("Only the staff of the shop may do this."))
        self._check_api_staff()
        self._no_show()
