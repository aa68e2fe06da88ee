from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

UNSTORED = [("Cache-Control", "no-store")]


class WaitlistPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        """Override of ``portal`` to count what the customer waits for, and what waits for his answer."""
        values = super()._prepare_home_portal_values(counters)
        # sudo: only the customer's own, see the domain
        entries = request.env["service.waitlist.entry"].sudo()
        in_line = entries._get_portal_domain(in_line=True)
        if "waitlist_count" in counters:
            values["waitlist_count"] = entries.search_count(in_line)
        if "waitlist_offered_count" in counters:
            values["waitlist_offered_count"] = entries.search_count(in_line & Domain("state", "=", "offered"))
        return values

    @route("/my/waitlist", type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def portal_my_waitlist(self, **query):
        """List what the customer waits for."""
        # sudo: only the customer's own, see the domain
        entries = request.env["service.waitlist.entry"].sudo()
        values = {
            **self._prepare_portal_layout_values(),
            "entries": entries._get_portal_page(),
            "left": query.get("message") == "left",
            "page_name": "waitlist",
        }
        return request.render("service_schedule_waitlist.portal_my_waitlist", values, headers=UNSTORED)

    @route("/my/waitlist/<string:public_id>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def portal_waitlist_entry(self, public_id, token=None, **query):
        """Show one entry, also to a guest who comes by the link of a message."""
        return self._render_entry(public_id, token, "portal_waitlist_entry")

    @route(
        "/my/waitlist/<string:public_id>/leave",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def portal_waitlist_ask_leave(self, public_id, token=None, **query):
        """Ask whether the customer wants to leave; nothing is left by looking."""
        return self._render_entry(public_id, token, "portal_waitlist_leave")

    @route(
        "/my/waitlist/<string:public_id>/leave",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_waitlist_leave(self, public_id, token=None, **post):
        """Leave the waitlist; doing so twice is once."""
        entry = self._get_own_entry(public_id, token)
        if not entry:
            return request.redirect("/my/waitlist", code=303)
        entry._leave()
        if request.env.user._is_public():
            return request.redirect_query(f"/my/waitlist/{public_id}", {"token": token}, code=303)
        return request.redirect("/my/waitlist?message=left", code=303)

    def _get_own_entry(self, public_id, token):
        """Return the entry that the visitor may see and leave, as superuser in his name; None for others'."""
        # sudo: the token, or the domain of the customer's own, is the right
        entries = request.env["service.waitlist.entry"].sudo()
        if token:
            return entries._find_by_token(public_id, token) or None
        if request.env.user._is_public():
            return None
        return entries.search(entries._get_portal_domain() & entries._get_public_id_domain(public_id)) or None

    def _render_entry(self, public_id, token, template):
        """Return a page about one entry; who has no right to it is sent to his own list."""
        entry = self._get_own_entry(public_id, token)
        if not entry:
            return request.redirect("/my/waitlist", code=303)
        values = {
            **self._prepare_portal_layout_values(),
            "entry": entry,
            "token": token,
            "page_name": "waitlist_entry",
        }
        return request.render(f"service_schedule_waitlist.{template}", values, headers=UNSTORED)
