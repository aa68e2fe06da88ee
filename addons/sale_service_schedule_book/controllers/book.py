from urllib.parse import urlencode

from odoo.http import request, route

from odoo.addons.sale_service_schedule.controllers.portal import REFUSED, UNSTORED, ServicePortal
from odoo.addons.sale_service_schedule.models.service_order_form import text_of

from .access import find_booking, get_address, get_remembered, get_session_key, remember

PICKED = ("product_id", "quantity", "resource_id", "origin", "token", "hold", "new")
"""What the second page remembers from one look to the next, in its address."""


class BookPortal(ServicePortal):
    """The booking wizard up to the hold: what, who and when."""

    # ------------------------------------------------------------------
    # What
    # ------------------------------------------------------------------

    @route("/book", type="http", auth="public", website=True, methods=["GET"], sitemap=True)
    def book(self, **query):
        """List what can be booked."""
        holds = request.env["service.reservation"]._find_open(get_remembered())
        values = {"catalogue": self._get_booking()._get_catalogue(), "holds": holds, "step": "what"}
        return self._render_book("book_catalogue", values)

    @route("/book/<int:offer_id>/image", type="http", auth="public", methods=["GET"], readonly=True, sitemap=False)
    def book_image(self, offer_id, **query):
        """Return the picture of what an offer sells: anybody may see it as long as the offer is published."""
        booking = self._get_booking()
        product = booking._get_pictured(booking._get_products(booking._find_offer(offer_id)))[:1]
        if not product:
            return request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(product, "image_512")
        return stream.get_response(as_attachment=False, max_age=3600)

    # ------------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------------

    @route("/book/<int:offer_id>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def book_offer(self, offer_id, **query):
        """Show whom and when one can book."""
        offer = self._get_booking()._find_offer(offer_id)
        return self._render_picker(offer, query) if offer else self._render_missing()

    @route(
        ["/book/hold", "/book/<int:offer_id>"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def book_hold(self, offer_id=0, **post):
        """Hold the chosen time and go on to its page; or turn the pages of the picker; or say why it cannot be."""
        is_placed = text_of(post, "go", "place") == "place"
        if is_placed:
            # first of all: it begins the transaction anew, and what was read before would be read again
            self._get_booking()._wait_for_twin(get_session_key())
        offer = self._get_booking()._find_offer(read_id(offer_id))
        if not offer:
            return self._render_missing()
        if not is_placed:
            return self._show_picked(offer, post)
        hold = self._find_picked_hold(offer, post)
        if hold and hold._get_book_step() not in ("open", "ended"):
            return request.redirect(get_address(hold, text_of(post, "token")), code=303)
        held, refusal = self._hold_picked(offer, post, hold)
        if refusal:
            return self._render_picker(offer, post, refusal)
        remember(held)
        return request.redirect(get_address(held, step="review" if held._is_ready_for_review() else ""), code=303)

    def _hold_picked(self, offer, post, hold):
        """Return ``(hold, refusal)``."""
        booking, origin, key = self._get_booking(), self._find_origin(offer, post), get_session_key()
        holder = booking._get_holder(request.httprequest.remote_addr)
        return self._attempt(lambda: booking._take(offer, post, holder, key, hold=hold, origin=origin))

    def _find_picked_hold(self, offer, post):
        """Return the hold that a choice moves: the one named, else the one that was begun and not finished."""
        named = find_booking(text_of(post, "hold"), text_of(post, "token"))
        if named:
            return named if named.offer_id == offer else named.browse()
        if text_of(post, "new"):
            return named.browse()
        origin = self._find_origin(offer, post)
        return request.env["service.reservation"]._find_current(offer, get_remembered(), origin)

    def _find_origin(self, offer, post):
        """Return the customer's own appointment that may lead to ``offer``, empty when none was named."""
        origin = find_booking(text_of(post, "origin"), text_of(post, "token"))
        return origin if offer in origin.offer_id.follow_up_offer_ids else origin.browse()

    def _show_picked(self, offer, post):
        """Show the picker as was asked: to the page's script the form alone, to others the page at its own address."""
        if text_of(post, "fragment"):
            return self._render_picker(offer, post)
        picked = {name: text_of(post, name) for name in PICKED if text_of(post, name)}
        kind, _colon, value = text_of(post, "go").partition(":")
        anchor = "service_times" if kind == "day" else "service_choice"
        shown = {kind: value} if kind in ("day", "month") else {"day": text_of(post, "day")}
        return request.redirect(f"/book/{offer.id}?{urlencode({**picked, **shown})}#{anchor}", code=303)

    def _render_picker(self, offer, post, refusal=None):
        """Return the second page, or only its form when the page's script asks for it."""
        origin = self._find_origin(offer, post)
        hold = self._find_picked_hold(offer, post)
        if hold and hold._get_book_step() not in ("open", "ended"):
            hold = hold.browse()
        if text_of(post, "month") and not text_of(post, "go"):
            post = {**post, "go": f"month:{text_of(post, 'month')}"}
        values = self._get_booking()._get_picker_values(offer, post, hold, self._get_refusal_errors(refusal))
        values.update(origin=origin, token=text_of(post, "token"), is_new=bool(text_of(post, "new")), step="when")
        template = "book_picker_form" if text_of(post, "fragment") else "book_offer"
        return self._render_book(template, values, refusal)

    # ------------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------------

    def _get_booking(self):
        """Return the wizard's model. sudo: it decides itself what the user may use, see there."""
        return request.env["service.booking"].sudo()

    def _render_book(self, template, values, refusal=None, status=None):
        """Return a page of the wizard; a refused form says so by its status."""
        status = status or (getattr(refusal, "http_status", 422) if refusal else 200)
        values = {"page_name": "book", "errors": {}, **values}
        headers = REFUSED if refusal else UNSTORED
        return request.render(f"sale_service_schedule_book.{template}", values, status=status, headers=headers)

    def _render_missing(self):
        """Return the page for whatever is not there, or none of the visitor's business."""
        return self._render_book("book_missing", {}, status=404)


def read_id(value):
    """Return an id that came as a number or a text, 0 for what is none."""
    return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) <= 9 else 0
