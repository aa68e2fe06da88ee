from datetime import timedelta

from odoo import fields, models


class ServiceWebhookRotation(models.TransientModel):
    """Asks how long the present secret shall hold beside a new one."""

    _name = "service.webhook.rotation"
    _description = "New Webhook Secret"

    endpoint_id = fields.Many2one("service.webhook.endpoint", required=True, readonly=True, ondelete="cascade")
    overlap_hours = fields.Selection(
        [("24", "for a day"), ("72", "for three days"), ("168", "for a week"), ("0", "not at all: others know it")],
        "The Old One Holds",
        required=True,
        default="72",
        help="Meanwhile webhooks are signed with both, so that the receiver can change to the new one without a gap.",
    )

    def action_rotate(self):
        """Make a new secret and show it, once."""
        self.ensure_one()
        value = self.endpoint_id._rotate_secret(timedelta(hours=int(self.overlap_hours)))
        return self.endpoint_id._show_secret(value)
