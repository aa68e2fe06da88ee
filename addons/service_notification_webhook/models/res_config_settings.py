from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hooklib import targets
from ..hooklib.refused import Refused
from ..refusals import explain
from .service_webhook_delivery import DEFAULT_KEEP_DAYS, KEEP_DAYS
from .service_webhook_endpoint import ALLOWED_HOSTS
from .service_webhook_endpoint_health import DEFAULT_OFF_DAYS, OFF_DAYS


class ResConfigSettings(models.TransientModel):
    """What the administrator decides about webhooks, for the whole database."""

    _inherit = "res.config.settings"

    webhook_allowed_hosts = fields.Char(
        "Hosts in Private Networks",
        config_parameter=ALLOWED_HOSTS,
        help="Names of hosts that webhooks may go to although they are inside a private network, apart by blanks: "
        "erp.lan, erp.lan:8069 for another port, http://erp.lan without encryption.",
    )
    webhook_off_days = fields.Integer(
        "Switched Off After (days)",
        config_parameter=OFF_DAYS,
        default=DEFAULT_OFF_DAYS,
        help="An endpoint that fails for so many days is switched off.",
    )
    webhook_keep_days = fields.Integer(
        "Delivery Log (days)",
        config_parameter=KEEP_DAYS,
        default=DEFAULT_KEEP_DAYS,
        help="Deliveries are kept for so many days, and can be replayed.",
    )

    @api.constrains("webhook_allowed_hosts")
    def _check_webhook_allowed_hosts(self):
        for settings in self:
            try:
                targets.parse_allowed(settings.webhook_allowed_hosts)
            except Refused as refused:
                raise ValidationError(explain(self.env, refused)) from refused

    @api.constrains("webhook_off_days", "webhook_keep_days")
    def _check_webhook_days(self):
        for settings in self:
            if settings.webhook_off_days < 1 or settings.webhook_keep_days < 4:
                raise ValidationError(
                    self.env._(
                        "Endpoints are given at least 1 day, and deliveries kept for 4: retries take three days."
                    )
                )
