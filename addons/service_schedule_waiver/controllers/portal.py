import subprocess

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..exceptions import WaiverRefused

UNSTORED = [("Cache-Control", "no-store")]
"""Whether there is something to sign changes with the day."""
REFUSED = [("Cache-Control", "private, no-cache")]
"""Of the answer to a refused form, which has no address of its own: without a copy in the browser, going back to it
ends on the browser's own error page."""
PAGE = "/my/waiver/<string:public_id>"


class WaiverPortal(CustomerPortal):
    # ------------------------------------------------------------------
    # My waivers
    # ------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        """Override of ``portal`` to count the customer's waivers, and those that he can sign now."""
        values = super()._prepare_home_portal_values(counters)
        reservations = request.env["service.reservation"]
        if "waiver_count" in counters:
            values["waiver_count"] = reservations._count_portal_waivers()
        if "waiver_to_sign_count" in counters:
            values["waiver_to_sign_count"] = reservations._count_portal_waivers(to_sign=True)
        return values

    @route(["/my/waivers", "/my/waivers/page/<int:page>"], type="http", auth="user", website=True, sitemap=False)
    def portal_my_waivers(self, page=1, **query):
        """List the customer's appointments that ask for a waiver, the latest first."""
        reservations = request.env["service.reservation"]
        total = reservations._count_portal_waivers()
        pager = portal_pager(url="/my/waivers", total=total, page=page, step=self._items_per_page)
        values = {
            **self._prepare_portal_layout_values(),
            "rows": reservations._get_portal_waivers(pager["offset"], self._items_per_page),
            "pager": pager,
            "page_name": "waivers",
            "default_url": "/my/waivers",
        }
        return request.render("service_schedule_waiver.portal_my_waivers", values, headers=UNSTORED)

    # ------------------------------------------------------------------
    # One waiver
    # ------------------------------------------------------------------

    @route(PAGE, type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def portal_waiver(self, public_id, token="", **query):
        """Show the text to sign, what was signed, or why there is nothing to sign."""
        reservation = self._find_reservation(public_id, token)
        if reservation:
            return self._render_waiver(reservation, token)
        if not token and request.env.user._is_public():
            return request.redirect_query("/web/login", {"redirect": request.httprequest.full_path})
        raise request.not_found()

    @route("/w/<int:reservation_id>-<string:code>", type="http", auth="public", methods=["GET"], sitemap=False)
    def portal_waiver_short(self, reservation_id, code, **query):
        """Lead from the short address of a text message to the page; 404 for what is not one of ours."""
        reservation = request.env["service.reservation"]._find_by_short_code(reservation_id, code)
        if not reservation:
            raise request.not_found()
        return request.redirect(reservation._get_waiver_url(with_token=True), code=303)

    @route(PAGE, type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def portal_waiver_sign(self, public_id, token="", **post):
        """Sign, then send the browser back to the page, so that reloading it repeats nothing."""
        reservation = self._find_reservation(public_id, token)
        if not reservation:
            raise request.not_found()
        try:
            reservation._sign_waiver(
                name=post.get("signer"),
                version=reservation._find_waiver_version(post.get("version")),
                channel="portal",
                picture=post.get("signature"),
            )
        except WaiverRefused as refusal:
            return self._render_waiver(reservation, token, refusal, post)
        return request.redirect_query(f"/my/waiver/{public_id}", {"token": token} if token else {}, code=303)

    @route(f"{PAGE}/document", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def portal_waiver_document(self, public_id, token="", **query):
        """Show the signed document: as it is kept, or made for this once while it is not kept yet."""
        reservation = self._find_reservation(public_id, token)
        signature = reservation and reservation._get_waiver_signature()
        if not signature:
            raise request.not_found()
        if signature.document_id:
            return request.env["ir.binary"]._get_stream_from(signature.document_id).get_response()
        try:
            content, kind = signature._render_document()
        except (UserError, OSError, subprocess.SubprocessError):
            return self._render_waiver(reservation, token, is_document_late=True)
        mimetype = "application/pdf" if kind == "pdf" else "text/html"
        return request.make_response(content, [("Content-Type", mimetype), *UNSTORED])

    def _find_reservation(self, public_id, token):
        """Return the reservation that the visitor may sign for, as superuser; empty for others'.

        By the token of a link, or because it belongs to the company or person who is logged in.
        """
        reservations = request.env["service.reservation"]
        found = reservations._find_by_token(public_id, token) if token else reservations.browse()
        return found or reservations._find_own(public_id)

    def _render_waiver(self, reservation, token, refusal=None, post=None, is_document_late=False):
        """Return the page of a waiver; a refused signature says so by its status."""
        status = 503 if is_document_late else getattr(refusal, "http_status", 422) if refusal else 200
        values = {
            **self._prepare_portal_layout_values(),
            **reservation._get_waiver_page_values(),
            "token": token,
            "error": str(refusal) if refusal else "",
            "typed": (post or {}).get("signer"),
            "is_document_late": is_document_late,
            "page_name": "waiver",
        }
        headers = REFUSED if refusal else UNSTORED
        return request.render("service_schedule_waiver.portal_waiver", values, status=status, headers=headers)
