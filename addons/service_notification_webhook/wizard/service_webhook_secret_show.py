from odoo import fields, models


class ServiceWebhookSecretShow(models.AbstractModel):
    """Shows a secret; without a table, as Odoo's own for API keys."""

    _name = "service.webhook.secret.show"
    _description = "Show Webhook Secret"

    # the field 'id' is needed by the onchange that returns the value
    id = fields.Id()
    secret = fields.Char(readonly=True)
