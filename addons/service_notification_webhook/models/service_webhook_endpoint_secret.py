from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..hooklib import signing

LIVE = 2
"""Secrets that sign at once, the newest and the one that it replaces."""


class ServiceWebhookEndpoint(models.Model):
    """The secrets of an endpoint: made, shown once, rotated."""

    _inherit = "service.webhook.endpoint"

    is_secret_unseen = fields.Boolean(compute="_compute_secrets")
    old_secret_until = fields.Datetime(
        compute="_compute_secrets", help="Until then webhooks are signed with both secrets."
    )

    def _compute_secrets(self):
        secrets = self._get_secrets()
        for endpoint in self:
            live = secrets.get(endpoint._origin.id, self.env["service.webhook.secret"])
            endpoint.is_secret_unseen = bool(live) and not live[0].is_seen
            endpoint.old_secret_until = live[1:].expires_at

    def _get_secrets(self):
        """Return ``{endpoint id: secret and older secret}``, those that sign now, as superuser; one query."""
        # sudo: nobody has rights on secrets
        secrets = self.env["service.webhook.secret"].sudo()
        found = secrets.search(Domain("endpoint_id", "in", self.ids) & secrets._get_live_domain())
        return {endpoint.id: live[:LIVE] for endpoint, live in found.grouped("endpoint_id").items()}

    def _make_secrets(self):
        """Give each endpoint a new secret, not shown yet."""
        # sudo: as _get_secrets
        return (
            self.env["service.webhook.secret"]
            .sudo()
            .create([{"endpoint_id": endpoint.id, "value": signing.make_secret()} for endpoint in self])
        )

    def _rotate_secret(self, overlap):
        """Make a new secret and return it; the present one signs beside it for `overlap`, older ones no more.

        :param timedelta overlap: zero when the present one is known to others
        """
        self.ensure_one()
        self.check_access("write")
        live = self._get_secrets().get(self.id, self.env["service.webhook.secret"])
        kept = live[:1] if overlap > timedelta(0) else live.browse()
        (live - kept).unlink()
        kept.write({"expires_at": fields.Datetime.now() + overlap})
        self._make_secrets()
        self.invalidate_recordset(["is_secret_unseen", "old_secret_until"])
        self.message_post(body=self.env._("The secret was changed."))
        return self._reveal_secret()

    def _reveal_secret(self):
        """Return the current secret the one time that it is shown.

        :raise UserError: it was shown before
        """
        self.ensure_one()
        self.check_access("write")
        current = self._get_secrets().get(self.id, self.env["service.webhook.secret"])[:1]
        if not current.try_lock_for_update() or current.is_seen:
            raise UserError(
                self.env._("The secret of %(endpoint)s has been shown. Make a new one.", endpoint=self.name)
            )
        current.is_seen = True
        self.invalidate_recordset(["is_secret_unseen"])
        return current.value

    def action_show_secret(self):
        """Show the secret, once."""
        return self._show_secret(self._reveal_secret())

    def action_rotate_secret(self):
        """Ask how long the present secret shall hold beside the new one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Secret"),
            "res_model": "service.webhook.rotation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_endpoint_id": self.id},
        }

    @api.model
    def _show_secret(self, value):
        """Return the action that shows a secret; as with Odoo's API keys nothing of it is stored."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Secret"),
            "res_model": "service.webhook.secret.show",
            "view_mode": "form",
            "target": "new",
            "context": {"default_secret": value},
        }
