from urllib.parse import urlencode

from odoo.http import request, route

from .access import get_session_key
from .book import BookPortal


class BookWaitPortal(BookPortal):
    """Waiting for a full day or window of an offer."""

    @route("/book/<int:offer_id>/wait", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def book_ask_wait(self, offer_id, **query):
        """Ask whether the customer wants to be told when something gets free; nothing is joined by looking."""
        offer = self._get_booking()._find_offer(offer_id)
        return self._render_wait(offer, query) if offer else self._render_missing()

    @route("/book/<int:offer_id>/wait", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def book_wait(self, offer_id, **post):
        """Join the waitlist and show the place in line."""
        booking = self._get_booking()
        booking._wait_for_twin(get_session_key())
        offer = booking._find_offer(offer_id)
        if not offer:
            return self._render_missing()
        address = request.httprequest.remote_addr
        entry, refusal = self._attempt(lambda: booking._join_waitlist(offer, post, address))
        if refusal:
            return self._render_wait(offer, post, refusal)
        token = entry._get_token() if request.env.user._is_public() else None
        return request.redirect(entry._get_portal_url(token=token), code=303)

    def _render_wait(self, offer, post, refusal=None):
        """Return the page to wait."""
        values = self._get_booking()._get_wait_values(offer, post, self._get_refusal_errors(refusal))
        path = f"{request.httprequest.path}?{request.httprequest.query_string.decode()}"
        values["login_address"] = f"/web/login?{urlencode({'redirect': path})}"
        return self._render_book("book_wait", {**values, "step": "when"}, refusal)
