from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class SaleOrder(models.Model):
    """What clients of the API do with orders. Each step ends in the method that the portal or the backend uses."""

    _inherit = "sale.order"

    @api.model
    def _get_api_domain(self):
        """Return the domain of the orders that the user may know of: a customer's own, else what the rules show."""
        if self.env.user.share:
            return self._get_portal_service_domain()
        return Domain("service_point_id", "!=", False)

    @api.model
    def _search_for_api(self, domain, order, limit):
        """Return orders of the user, a customer's as superuser in his name: of his own he may read shop and time."""
        found = self.search_fetch(self._get_api_domain() & domain, ["name"], order=order, limit=limit)
        return found.sudo() if self.env.user.share else found

    @api.model
    def _find_for_api(self, order_id):
        """Return one order as ``_search_for_api``, empty for what is not there or not his."""
        return self._search_for_api(Domain("id", "=", order_id), None, 1)

    def _update_by_api(self, status, minutes):
        """Take a step, say how long the preparation takes, or both; what is so already changes nothing.

        :param status: a fulfilment state, None for no step
        :param minutes: of preparation, None to leave them
        :raise AccessError: a customer can only cancel
        :raise NotBookable, UserError: as the portal and the backend say it
        """
        self.ensure_one()
        if self.env.user.share:
            if status != "cancelled" or minutes is not None:
                raise AccessError(self.env._("Customers can cancel their orders; the rest is the shop's."))
            self._cancel_by_customer()
            return
        self.reservation_id._check_api_staff()
        self.check_access("write")
        if minutes is not None and minutes != self.prep_minutes:
            self.prep_minutes = minutes
            if status in (None, self.fulfilment_state):
                self._announce("order_update")
        if status == "cancelled":
            self._cancel_by_staff()
        elif status:
            self._update_fulfilment(status)

    def _reschedule_by_api(self, choice, reason):
        """Give the order another time; see ``_schedule`` and ``_reschedule_by_customer``."""
        self.ensure_one()
        if not self.env.user.share:
            self.reservation_id._check_api_staff()
            self.check_access("write")
            self._schedule(choice, by_staff=True, reason=reason)
            return
        # the rules that the portal checks; the time itself is judged where it is taken
        self._check_may_schedule()
        if self.reservation_id and not self._is_hold_over():
            self.reservation_id._check_may_change()
        self._schedule(choice, reason=reason)
