from odoo.exceptions import ValidationError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import PaymentPortal

from .access import find_booking


class BookPaymentPortal(PaymentPortal):
    """Paying a hold: through the order's own door, which holds the time again if need be."""

    @route("/book/<string:public_id>/transaction", type="jsonrpc", auth="public")
    def book_transaction(self, public_id, token="", access_token="", **kwargs):
        """Create a transaction for the order of a hold; return its processing values.

        :raise ValidationError: it is booked or paid already, in another tab; the customer reads why
        :raise NotBookable, TimeTaken: the hold has ended and its time has gone
        """
        hold = find_booking(public_id, token or request.httprequest.args.get("token", ""))
        order = hold._get_book_order() if hold else hold.order_ids
        if not order or hold._get_book_step() not in ("open", "ended"):
            raise ValidationError(request.env._("There is nothing to pay here any more. Reload this page."))
        return self.portal_order_transaction(order.id, order.access_token, **kwargs)
