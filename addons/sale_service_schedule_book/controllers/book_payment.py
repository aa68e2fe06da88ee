from odoo.exceptions import ValidationError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import PaymentPortal

from .access import find_booking


class BookPaymentPortal(PaymentPortal):
    """Paying a hold: through the order's own door, as long as there is a time to pay for."""

    @route("/book/<string:public_id>/transaction", type="jsonrpc", auth="public")
    def book_transaction(self, public_id, token="", access_token="", **kwargs):
        """Create a transaction for the order of a hold; return its processing values.

        :raise ValidationError: the hold has ended, or is booked already in another tab; the customer reads why
        """
        hold = find_booking(public_id, token or request.httprequest.args.get("token", ""))
        step = hold._get_book_step() if hold else ""
        if step == "ended":
            raise ValidationError(
                request.env._("The time is not kept for you any more. Reload this page to take it again.")
            )
        if step != "open":
            raise ValidationError(request.env._("There is nothing to pay here any more. Reload this page."))
        order = hold._get_book_order()
        return self.portal_order_transaction(order.id, order.access_token, **kwargs)
