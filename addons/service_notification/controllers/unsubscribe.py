from odoo.http import Controller, request, route
from odoo.tools import verify_hash_signed

from ..models.service_notification_renderer import UNSUBSCRIBE_SCOPE

PUBLIC = {"type": "http", "auth": "public", "website": True, "sitemap": False}
UNSTORED = [("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer")]


class NotificationUnsubscribe(Controller):
    """Unsubscribing by the links of messages, without a log-in (RFC 8058).

    Looking changes nothing: programs that check links look at every one of them. The POST carries no CSRF token, for
    mail programs send it; the signed link is the right.
    """

    @route("/notifications/unsubscribe/<string:token>", methods=["GET"], **PUBLIC)
    def ask(self, token, **query):
        """Ask whether somebody wants to unsubscribe."""
        return self._render(token)

    @route("/notifications/unsubscribe/<string:token>", methods=["POST"], csrf=False, **PUBLIC)
    def unsubscribe(self, token, **post):
        """Switch such messages off; doing so twice is once."""
        return self._choose(token, "off")

    @route("/notifications/subscribe/<string:token>", methods=["POST"], csrf=False, **PUBLIC)
    def subscribe(self, token, **post):
        """Switch them on again, for who unsubscribed by mistake."""
        return self._choose(token, "immediate")

    def _choose(self, token, mode):
        parts = self._read(token)
        if parts:
            request.env["service.notification.preference"]._choose(*parts, mode)
        return self._render(token, is_back=mode != "off")

    def _render(self, token, is_back=False):
        partner, group, channel = self._read(token) or (None, None, None)
        values = {"token": token, "group": group, "channel": channel, "is_back": is_back, "is_off": False}
        if group:
            modes = request.env["service.notification.preference"]._read_modes(partner, group)
            values["is_off"] = modes.get((partner.id, group.id, channel.id)) == "off"
        response = request.render("service_notification.unsubscribe", values, headers=UNSTORED)
        response.status_code = 200 if group else 404
        return response

    def _read(self, token):
        """Return ``(partner, group, channel)`` as superuser, or None when the link is not one of ours."""
        # sudo: the signature is the right
        env = request.env(su=True)
        try:
            ids = verify_hash_signed(env, UNSUBSCRIBE_SCOPE, token)
        except ValueError:  # not even Base64
            return None
        if not ids:
            return None
        models = ("res.partner", "service.notification.group", "service.notification.channel")
        parts = [env[model].browse(id_).exists() for model, id_ in zip(models, ids, strict=True)]
        return parts if all(parts) else None
