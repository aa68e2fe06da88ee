from odoo import api, fields, models, tools


class ServiceWebhookEvent(models.Model):
    """Something that endpoints can subscribe to. An addon declares its own with a data record each."""

    _name = "service.webhook.event"
    _description = "Webhook Event"
    _order = "sequence, name, id"

    code = fields.Char(required=True, help="The type that receivers see.")
    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True, help="When it is sent.")
    sequence = fields.Integer(default=10)

    _code_uniq = models.Constraint("UNIQUE (code)", "There is an event with that code already.")

    @api.model
    def _check_code(self, code):
        """Raise a `ValueError` for a code that no addon declared: nobody could subscribe to it."""
        if code not in self._get_codes():
            raise ValueError(f"there is no webhook event {code!r}")

    @tools.ormcache()
    def _get_codes(self):
        # sudo: whoever causes an event knows nothing of webhooks
        return frozenset(self.sudo().search([]).mapped("code"))

    @api.model_create_multi
    def create(self, vals_list):
        """Override to forget which codes there are."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Override to forget which codes there are."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Override to forget which codes there are."""
        self.env.registry.clear_cache()
        return super().unlink()
