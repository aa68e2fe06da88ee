from odoo import api, fields, models
from odoo.fields import Domain


class ServiceWebhookSecret(models.Model):
    """What an endpoint's webhooks are signed with: one, and while it is rotated the one before it, too.

    Nobody has rights on it: only our own code reads it, and people see it once, when it is new.
    """

    _name = "service.webhook.secret"
    _description = "Webhook Secret"
    _order = "id desc"

    endpoint_id = fields.Many2one("service.webhook.endpoint", required=True, index=True, ondelete="cascade")
    value = fields.Char(required=True, copy=False, prefetch=False, groups=fields.NO_ACCESS)
    is_seen = fields.Boolean(help="It has been shown, and is not shown again.")
    expires_at = fields.Datetime(help="Signs until then beside the newer one; empty: the current one.")

    @api.model
    def _get_live_domain(self):
        """Return the domain of the secrets that sign now."""
        return Domain("expires_at", "=", False) | Domain("expires_at", ">", fields.Datetime.now())

    @api.autovacuum
    def _gc_expired(self):
        """Delete secrets that no longer sign."""
        self.search([("expires_at", "<=", fields.Datetime.now())]).unlink()
