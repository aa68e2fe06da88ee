from urllib.parse import urlencode

from odoo.http import request, route

from .access import find_booking, get_address
from .book import BookPortal

BEFORE = ("open", "ended")
"""The steps in which there is still something to do; later ones have one page, which shows the present state."""


class BookHoldPortal(BookPortal):
    """The booking wizard from the hold to the end: details, review, done."""

    # ------------------------------------------------------------------
    # Details
    # ------------------------------------------------------------------

    @route("/book/<string:public_id>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def book_details(self, public_id, token="", **query):
        """Ask what the shop wants to know; or say that the hold has ended."""
        hold = find_booking(public_id, token)
        if not hold:
            return self._render_missing()
        step = hold._get_book_step()
        if step not in BEFORE:
            return request.redirect(get_address(hold, token, "done"), code=303)
        return self._render_details(hold, token) if step == "open" else self._render_ended(hold, token)

    @route("/book/<string:public_id>", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def book_save(self, public_id, token="", **post):
        """Keep the answers and go on to the review; or show what is wrong; nothing that was typed is lost."""
        hold = self._find_alone(public_id, token)
        if not hold:
            return self._render_missing()
        if hold._get_book_step() != "open":
            self._get_booking()._keep_draft(hold, post)
            return request.redirect(get_address(hold, token), code=303)
        credential, refusal = self._attempt(lambda: self._get_booking()._save_details(hold, post))
        if refusal:
            self._get_booking()._keep_draft(hold, post)
            return self._render_details(hold, token, post, refusal)
        if credential:
            request.session.authenticate(request.env, credential)
        return request.redirect(get_address(hold, token, "review"), code=303)

    def _render_details(self, hold, token, post=None, refusal=None):
        """Return the third page."""
        values = self._get_booking()._get_details_values(hold, post, self._get_refusal_errors(refusal))
        values["login_address"] = f"/web/login?{urlencode({'redirect': get_address(hold, token)})}"
        return self._render_step("book_details", hold, token, {**values, "step": "details"}, refusal)

    @route("/book/<string:public_id>/draft", type="http", auth="public", methods=["POST"], sitemap=False)
    def book_draft(self, public_id, token="", **post):
        """Keep what was typed so far; the page's script sends it when the page is hidden or the hold ends."""
        hold = self._find_alone(public_id, token)
        if not hold:
            return request.not_found()
        self._get_booking()._keep_draft(hold, post)
        return request.make_response("", status=204)

    @route("/book/<string:public_id>/status", type="http", auth="public", methods=["GET"], readonly=True, sitemap=False)
    def book_status(self, public_id, token="", **query):
        """Tell the page's script where the hold stands, and for how many seconds it lasts."""
        hold = find_booking(public_id, token)
        if not hold:
            return request.not_found()
        state = {"step": hold._get_book_step(), "seconds": hold._get_seconds_left()}
        return request.make_json_response(state, headers=[("Cache-Control", "no-store")])

    # ------------------------------------------------------------------
    # The end of a hold
    # ------------------------------------------------------------------

    @route("/book/<string:public_id>/again", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def book_again(self, public_id, token="", **post):
        """Take the same time once more after the hold ended, and go on where the customer was."""
        hold = self._find_alone(public_id, token)
        if not hold:
            return self._render_missing()
        holder = self._get_booking()._get_holder(request.httprequest.remote_addr)
        _done, refusal = self._attempt(lambda: hold._take_same_again(holder))
        if refusal:
            return self._render_ended(hold, token, refusal)
        return request.redirect(get_address(hold, token, "review" if hold._get_book_order() else ""), code=303)

    @route(
        "/book/<string:public_id>/release", type="http", auth="public", website=True, methods=["POST"], sitemap=False
    )
    def book_release(self, public_id, token="", **post):
        """Give the time back."""
        hold = self._find_alone(public_id, token)
        if not hold:
            return self._render_missing()
        hold._give_back()
        return request.redirect("/book", code=303)

    def _render_ended(self, hold, token, refusal=None):
        """Return the page that says that the hold has ended, and how to go on."""
        values = {
            "failed": hold._get_failed_transaction(),
            "errors": self._get_refusal_errors(refusal),
            "step": "when",
            "is_ended": True,
        }
        return self._render_step("book_ended", hold, token, values, refusal)

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------

    @route("/book/<string:public_id>/review", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def book_review(self, public_id, token="", **query):
        """Show all of it, and how it is paid."""
        hold = find_booking(public_id, token)
        if not hold:
            return self._render_missing()
        step = hold._get_book_step()
        if step == "open" and hold._is_ready_for_review():
            return self._render_review(hold, token)
        return request.redirect(get_address(hold, token, "" if step in BEFORE else "done"), code=303)

    @route("/book/<string:public_id>/review", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def book_place(self, public_id, token="", **post):
        """Book what is paid at the shop."""
        hold = self._find_alone(public_id, token)
        if not hold:
            return self._render_missing()
        if hold._get_book_step() not in BEFORE:
            return request.redirect(get_address(hold, token, "done"), code=303)
        if not hold._is_ready_for_review():
            return request.redirect(get_address(hold, token), code=303)
        _done, refusal = self._attempt(hold._place_booking)
        if refusal:
            if hold._get_book_order():
                hold._get_book_order()._apply_payment_policy()  # undone with the refusal: the page asks for the money
            is_open = hold._get_book_step() == "open"
            return (self._render_review if is_open else self._render_ended)(hold, token, refusal)
        return request.redirect(get_address(hold, token, "done"), code=303)

    def _render_review(self, hold, token, refusal=None):
        """Return the fourth page, with Odoo's own payment form when something is due now."""
        order = hold._get_book_order()
        values = {**hold._prepare_review(), "errors": self._get_refusal_errors(refusal), "step": "review"}
        if order._has_to_be_paid():
            payment = self._get_payment_values(order, is_down_payment=order.prepayment_percent < 1)
            payment["transaction_route"] = get_address(hold, token, "transaction")
            payment["landing_route"] = get_address(hold, token, "done")
            payment["pay_label"] = request.env._("Pay %(amount)s", amount=order.currency_id.format(payment["amount"]))
            values.update(payment)
        return self._render_step("book_review", hold, token, values, refusal)

    # ------------------------------------------------------------------
    # Done
    # ------------------------------------------------------------------

    @route("/book/<string:public_id>/done", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def book_done(self, public_id, token="", **query):
        """Show what became of it: booked, waiting for the money, or to be given a new time."""
        hold = find_booking(public_id, token)
        if not hold:
            return self._render_missing()
        if hold._get_book_step() in BEFORE:
            return request.redirect(get_address(hold, token), code=303)
        return self._render_step("book_done", hold, token, {**hold._prepare_done(), "step": "done"})

    @route(
        "/book/<string:public_id>/appointment.ics",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def book_calendar(self, public_id, token="", **query):
        """Lead to the file for the customer's own calendar, for links that are out there."""
        hold = find_booking(public_id, token)
        if not hold or hold._get_book_step() != "placed":
            return request.not_found()
        return request.redirect(hold._get_calendar_url())

    # ------------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------------

    def _find_alone(self, public_id, token):
        """Return the booking as ``find_booking`` does, after whoever changes it at this moment has finished."""
        self._get_booking()._wait_for_twin(public_id)
        return find_booking(public_id, token)

    def _render_step(self, template, hold, token, values, refusal=None):
        """Return a page about one hold."""
        common = {
            "hold": hold,
            "order": hold._get_book_order(),
            "summary": hold._prepare_summary(request.httprequest.cookies.get("tz", "")),
            "token": token,
            "get_address": lambda step="": get_address(hold, token, step),
        }
        return self._render_book(template, {**common, **values}, refusal)
