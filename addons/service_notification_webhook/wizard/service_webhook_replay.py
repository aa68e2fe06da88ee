from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain


class ServiceWebhookReplay(models.TransientModel):
    """Asks from which moment on to send an endpoint's deliveries again."""

    _name = "service.webhook.replay"
    _description = "Replay Webhooks"

    endpoint_id = fields.Many2one("service.webhook.endpoint", required=True, readonly=True, ondelete="cascade")
    since = fields.Datetime(required=True, default=lambda self: fields.Datetime.now() - timedelta(days=1))
    is_all = fields.Boolean("Also What Was Delivered", help="For a receiver that lost what it had.")

    def action_replay(self):
        """Send them again."""
        self.ensure_one()
        domain = Domain("endpoint_id", "=", self.endpoint_id.id) & Domain("create_date", ">=", self.since)
        domain &= Domain("state", "in", ("dead", "delivered") if self.is_all else ("dead",))
        return self.endpoint_id.delivery_ids.search(domain).action_replay()
