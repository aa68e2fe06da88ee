from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessDenied
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, get_error

from ..models.res_users_apikeys import SCOPE

DAYS = (30, 90, 365)
LONGEST_NAME = 100
MOST_KEYS = 20


class ApiKeysPortal(CustomerPortal):
    """Customers make and delete the keys of their programs on the security page. Without JavaScript."""

    def _prepare_portal_layout_values(self):
        """Override of ``portal`` to know a customer's keys on the security page."""
        values = super()._prepare_portal_layout_values()
        if request.httprequest.path.startswith("/my/security"):
            values["api_keys"] = self._get_api_keys()
        return values

    @route("/my/security/api-keys/new", type="http", auth="user", website=True, methods=["POST"], sitemap=False)
    def portal_api_key_new(self, name="", days="", password="", **post):
        """Make a key and show it once; whoever sits at a screen that was left open has no password."""
        error = self._get_api_key_error(name, days, password)
        if error:
            return self._render_security(api_key_error=error, api_key_name=name, status=422)
        until = fields.Datetime.now() + timedelta(days=int(days))
        # sudo: core bounds what customers make for everything; this opens the API alone, as long as we offer above
        key = request.env["res.users.apikeys"].sudo()._generate(SCOPE, name.strip(), until)
        return self._render_security(new_api_key=key)

    @route("/my/security/api-keys/delete", type="http", auth="user", website=True, methods=["POST"], sitemap=False)
    def portal_api_key_delete(self, key_id="", **post):
        """Delete one of the customer's own keys."""
        self._get_api_keys().filtered(lambda key: str(key.id) == key_id)._remove()
        return request.redirect("/my/security#service_api_keys", code=303)

    def _get_api_keys(self):
        """Return the keys of this API that the user has; of those that have expired he sees it."""
        keys = request.env["res.users.apikeys"]
        return keys.search([("user_id", "=", request.env.uid), ("scope", "=", SCOPE)], order="id desc")

    def _get_api_key_error(self, name, days, password):
        """Return what keeps the user from making a key, "" when nothing does."""
        user = request.env.user
        if not user._is_portal():
            return request.env._("Staff make keys in their preferences.")
        if not 0 < len(name.strip()) <= LONGEST_NAME or "\0" in name or days not in map(str, DAYS):
            return request.env._("Say what the key is for, and how long it is valid.")
        if len(self._get_api_keys()) >= MOST_KEYS:
            return request.env._("You have %(count)s keys already. Delete one first.", count=MOST_KEYS)
        try:
            credential = {"type": "password", "login": user.login, "password": password}
            user._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            return request.env._("That is not your password.")
        return ""

    def _render_security(self, status=200, **extra):
        """Return the security page with ``extra`` values."""
        values = {
            **self._prepare_portal_layout_values(),
            "get_error": get_error,
            "allow_api_keys": False,
            "open_deactivate_modal": False,
            **extra,
        }
        headers = {
            "X-Frame-Options": "SAMEORIGIN",
            "Content-Security-Policy": "frame-ancestors 'self'",
            "Cache-Control": "no-store",
        }
        return request.render("portal.portal_my_security", values, headers=headers, status=status)
