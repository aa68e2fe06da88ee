from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..hooklib import resolving, targets
from ..hooklib.refused import Refused
from ..hooklib.sending import CONNECT_SECONDS
from ..refusals import explain

ALLOWED_HOSTS = "service_notification_webhook.allowed_hosts"
RECENT = 20


class ServiceWebhookEndpoint(models.Model):
    """A URL of another system that is told what happens in a company."""

    _name = "service.webhook.endpoint"
    _description = "Webhook Endpoint"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, help="Whose system it is, for people.")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    url = fields.Char(
        "URL",
        required=True,
        tracking=True,
        help="Of the receiver, with https. Each event is sent there as a POST request.",
    )
    note = fields.Text("Description", help="What the receiver is for, and who looks after it.")
    is_all_events = fields.Boolean("All Events", default=True, tracking=True, help="Also those of addons to come.")
    event_ids = fields.Many2many("service.webhook.event", string="Events")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        domain=[("share", "=", False)],
        help="Is told when the endpoint is switched off.",
    )
    delivery_ids = fields.One2many("service.webhook.delivery", "endpoint_id")
    recent_delivery_ids = fields.Many2many(
        "service.webhook.delivery", string="Last Deliveries", compute="_compute_recent_delivery_ids"
    )
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    dead_count = fields.Integer("Not Delivered", compute="_compute_counts")

    # ------------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------------

    def _compute_recent_delivery_ids(self):
        for endpoint in self:
            endpoint.recent_delivery_ids = endpoint.recent_delivery_ids.search(
                [("endpoint_id", "=", endpoint._origin.id)], limit=RECENT
            )

    def _compute_counts(self):
        groups = self.env["service.webhook.delivery"]._read_group(
            Domain("endpoint_id", "in", self.ids) & Domain("state", "in", ("waiting", "dead")),
            ["endpoint_id", "state"],
            ["__count"],
        )
        counts = {(endpoint.id, state): count for endpoint, state, count in groups}
        for endpoint in self:
            endpoint.waiting_count = counts.get((endpoint._origin.id, "waiting"), 0)
            endpoint.dead_count = counts.get((endpoint._origin.id, "dead"), 0)

    # ------------------------------------------------------------------
    # Where it may go
    # ------------------------------------------------------------------

    @api.model
    def _get_days(self, parameter, default):
        """Return a number of days that the administrator set."""
        # sudo: parameters are not for everybody to read
        text = self.env["ir.config_parameter"].sudo().get_param(parameter) or ""
        return int(text) if text.isdigit() and int(text) else default

    @api.model
    def _get_allowed(self):
        """Return what the administrator allows by name, as `hooklib.targets.Allowance`."""
        # sudo: parameters are not for everybody to read
        return targets.parse_allowed(self.env["ir.config_parameter"].sudo().get_param(ALLOWED_HOSTS))

    def _get_refusal(self):
        """Return why this endpoint's URL is not sent to, as a sentence; empty when it may be. Looks up its name."""
        self.ensure_one()
        try:
            target = targets.parse(self.url, self._get_allowed())
            targets.check_addresses(target, resolving.resolve(target.host, target.port, CONNECT_SECONDS))
        except Refused as refused:
            return explain(self.env, refused)
        return ""

    @api.constrains("url", "active")
    def _check_url(self):
        problems = [
            self.env._("%(endpoint)s, %(url)s: %(reason)s", endpoint=endpoint.name, url=endpoint.url, reason=reason)
            for endpoint in self
            if endpoint.active and (reason := endpoint._get_refusal())
        ]
        if problems:
            raise ValidationError("\n".join(problems))

    @api.constrains("is_all_events", "event_ids")
    def _check_events(self):
        for endpoint in self:
            if not (endpoint.is_all_events or endpoint.event_ids):
                raise ValidationError(
                    self.env._("%(endpoint)s: choose events, or all of them.", endpoint=endpoint.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override to keep the URL in its one spelling and to make the secret."""
        endpoints = super().create([self._with_canonical_url(vals) for vals in vals_list])
        endpoints._make_secrets()
        return endpoints

    def write(self, vals):
        """Override to keep the URL in its one spelling."""
        return super().write(self._with_canonical_url(vals))

    @api.model
    def _with_canonical_url(self, vals):
        """Return values with the URL as it will be sent to; one that is refused is left for the check to name."""
        try:
            return {**vals, "url": targets.parse(vals["url"], self._get_allowed()).url} if vals.get("url") else vals
        except Refused:
            return vals

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_send_test(self):
        """Send a test through the queue, as every event goes, and show its delivery."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "off":
            raise UserError(self.env._("%(endpoint)s is switched off. Switch it on first.", endpoint=self.name))
        delivery = self._insert_deliveries("test", {"message": self.env._("This is a test.")})
        return delivery._open(self.env._("Test"))

    def action_open_deliveries(self):
        """Show the deliveries of this endpoint."""
        self.ensure_one()
        return self.delivery_ids.browse()._open(self.env._("Deliveries"), [("endpoint_id", "=", self.id)])

    def action_open_replay(self):
        """Ask from which moment on to send again."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replay Since"),
            "res_model": "service.webhook.replay",
            "view_mode": "form",
            "target": "new",
            "context": {"default_endpoint_id": self.id},
        }
