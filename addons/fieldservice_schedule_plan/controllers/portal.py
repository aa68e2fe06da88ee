from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

UNSTORED = [("Cache-Control", "no-store")]
PAGE = {"type": "http", "auth": "user", "website": True, "sitemap": False}


class ServicePreferencePortal(CustomerPortal):
    """The page on which a customer says how he wants to be served. It works without JavaScript."""

    @route("/my/preferences", methods=["GET"], **PAGE)
    def portal_my_preferences(self, **query):
        """Show the preferences of the user's own company or, for a private customer, his own."""
        return self._render_preferences(is_saved=query.get("message") == "saved")

    @route("/my/preferences", methods=["POST"], **PAGE)
    def portal_save_preferences(self, **sent):
        """Keep what the customer chose; what is refused is shown again, with the reason."""
        try:
            with request.env.cr.savepoint():
                request.env["service.preference.page"]._save(request.env.user.partner_id, sent)
        except UserError as error:
            return self._render_preferences(sent=sent, error=str(error))
        return request.redirect("/my/preferences?message=saved", code=303)

    def _render_preferences(self, sent=None, error=None, is_saved=False):
        values = {
            **self._prepare_portal_layout_values(),
            **request.env["service.preference.page"]._get_values(request.env.user.partner_id, sent),
            "page_name": "preferences",
            "error": error,
            "is_saved": is_saved,
        }
        response = request.render("fieldservice_schedule_plan.portal_my_service", values, headers=UNSTORED)
        response.status_code = 422 if error else 200
        return response
