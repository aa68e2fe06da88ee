from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

UNSTORED = [("Cache-Control", "no-store")]


class NotificationPortal(CustomerPortal):
    """The page on which people choose how they are told. It works without JavaScript."""

    @route("/my/notifications", type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def portal_my_notifications(self, **query):
        """Show what the user gets, and can choose."""
        choice = request.env["service.notification.choice"]
        values = {
            **self._prepare_portal_layout_values(),
            **choice._get_page_values(),
            "page_name": "notifications",
            "message": query.get("message"),
        }
        return request.render("service_notification.portal_my_notifications", values, headers=UNSTORED)

    @route("/my/notifications", type="http", auth="user", website=True, methods=["POST"], sitemap=False)
    def portal_save_notifications(self, **post):
        """Keep what the user chose."""
        message = request.env["service.notification.choice"]._save_page(post)
        return request.redirect(f"/my/notifications?message={message}", code=303)
