from odoo.exceptions import AccessError, MissingError
from odoo.http import route

from odoo.addons.sale.controllers.portal import PaymentPortal


class ServicePaymentPortal(PaymentPortal):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """Override of ``sale``: before money is taken, the time must be held, or be had again.

        :raise NotBookable, TimeTaken: it is gone; the payment form shows the message
        """
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token)
            order_sudo._hold_again()
        except (AccessError, MissingError):
            return super().portal_order_transaction(order_id, access_token, **kwargs)  # which says what is wrong
        return super().portal_order_transaction(order_id, access_token, **kwargs)
