import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .service_webhook_endpoint_publish import CRON

KEEP_DAYS = "service_notification_webhook.keep_days"
DEFAULT_KEEP_DAYS = 30
BATCH = 1000


class ServiceWebhookDelivery(models.Model):
    """One event on its way to one endpoint: what is sent, and how far it got.

    Rows are made by `service.webhook.endpoint._publish` and written by the steps below only.
    """

    _name = "service.webhook.delivery"
    _description = "Webhook Delivery"
    _order = "id desc"
    _rec_name = "message_id"

    endpoint_id = fields.Many2one("service.webhook.endpoint", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", related="endpoint_id.company_id", store=True, index=True)
    message_id = fields.Char("Webhook ID", required=True, readonly=True, help="The same however often it is sent.")
    event_code = fields.Char("Event", required=True, readonly=True, index=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    revision = fields.Integer(readonly=True, help="Of the record; what is sent may arrive in another order.")
    body = fields.Text(required=True, readonly=True, help="As it is signed and sent.")
    body_shown = fields.Text("Payload", compute="_compute_body_shown")
    state = fields.Selection(
        [("waiting", "Waiting"), ("delivered", "Delivered"), ("dead", "Not Delivered")],
        required=True,
        readonly=True,
        default="waiting",
    )
    dead_reason = fields.Selection(
        [
            ("tries", "It failed each time"),
            ("gone", "The receiver answered that it is gone (410)"),
            ("off", "The endpoint was switched off"),
        ],
        "Why Not",
        readonly=True,
    )
    tries = fields.Integer(readonly=True, help="Since it was published, or last replayed.")
    is_claimed = fields.Boolean("Being Sent", readonly=True)
    next_attempt_at = fields.Datetime("Next Attempt", readonly=True)
    round_began_at = fields.Datetime("Published", readonly=True, help="Or last replayed.")
    delivered_at = fields.Datetime("Delivered On", readonly=True)
    attempt_ids = fields.One2many("service.webhook.attempt", "delivery_id", readonly=True)
    last_status = fields.Integer(readonly=True, aggregator=None)

    _once = models.Constraint(
        "UNIQUE (endpoint_id, event_code, res_model, res_id, revision)", "An endpoint is told once of a revision."
    )
    _message_id_uniq = models.Constraint("UNIQUE (message_id)", "A webhook has an id of its own.")
    _due = models.Index("(endpoint_id, next_attempt_at) WHERE state = 'waiting'")
    _log = models.Index("(endpoint_id, id DESC)")

    @api.depends("body")
    def _compute_body_shown(self):
        for delivery in self:
            delivery.body_shown = json.dumps(json.loads(delivery.body or "{}"), ensure_ascii=False, indent=2)

    # ------------------------------------------------------------------
    # Its steps; `_note` has those that a try makes
    # ------------------------------------------------------------------

    @api.model
    def _send_soon(self, at=None):
        """Let the sender come; now, or at a moment (naive UTC)."""
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)  # sudo: everybody causes events

    def _bury(self, reason):
        """Give up; the row stays, to be looked at and replayed."""
        self.write({"state": "dead", "dead_reason": reason, "next_attempt_at": False, "is_claimed": False})

    def _replay(self):
        """Send again, each under its own id, from the first try on; what is being sent just now is left alone.

        :raise UserError: endpoints are switched off
        """
        off = self.endpoint_id.filtered(lambda endpoint: endpoint.state == "off" or not endpoint.active)
        if off:
            raise UserError(
                self.env._("Switched off: %(endpoints)s. Switch it on first.", endpoints=", ".join(off.mapped("name")))
            )
        now = fields.Datetime.now()
        again = self.filtered(lambda delivery: not delivery.is_claimed)
        again.write(
            {"state": "waiting", "dead_reason": False, "tries": 0, "next_attempt_at": now, "round_began_at": now}
        )
        if again:
            self._send_soon()
        return again

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_replay(self):
        """Send these again."""
        self.endpoint_id.check_access("write")
        # sudo: deliveries are written by their own steps only
        count = len(self.sudo()._replay())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s on their way again.", count=count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _open(self, name, domain=None):
        """Return the action that shows this delivery, or those of a domain."""
        action = {"type": "ir.actions.act_window", "name": name, "res_model": self._name}
        if domain is not None:
            return {**action, "view_mode": "list,kanban,form", "domain": domain}
        return {**action, "view_mode": "form", "res_id": self.id}

    # ------------------------------------------------------------------
    # Keeping house
    # ------------------------------------------------------------------

    @api.autovacuum
    def _gc_old(self):
        """Delete what is over and older than the log is kept; in batches."""
        days = self.endpoint_id._get_days(KEEP_DAYS, DEFAULT_KEEP_DAYS)
        before = fields.Datetime.now() - timedelta(days=days)
        old = self.search(
            Domain("state", "!=", "waiting") & Domain("round_began_at", "<", before), limit=BATCH, order="id"
        )
        old.unlink()
        return len(old), len(old) == BATCH
