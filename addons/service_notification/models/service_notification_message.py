from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .service_notification_preference import MODES

STATES = [
    ("queued", "Queued"),
    ("collected", "In a Digest"),
    ("sending", "Being Sent"),
    ("sent", "Sent"),
    ("skipped", "Skipped"),
    ("dead", "Failed"),
]
KEEP_DAYS = 365
GC_LIMIT = 10_000


class ServiceNotificationMessage(models.Model):
    """The outbox: one row for each (event, record, revision, occasion, channel, recipient), ever.

    A row has no text. Whether it is still true, and what it says, is decided when it is sent.

    ``queued`` → ``sending`` → ``sent``, or ``skipped`` with its reason, or back to ``queued`` with the next try, or
    ``dead`` after the last. Rows for a digest go ``queued`` → ``collected`` → ``sent``.
    """

    _name = "service.notification.message"
    _description = "Notification"
    _order = "id desc"
    _rec_name = "reference"

    event_id = fields.Many2one("service.notification.event", required=True, readonly=True, ondelete="cascade")
    group_id = fields.Many2one(related="event_id.group_id")
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True, readonly=True)
    revision = fields.Char(required=True, readonly=True, help="Of the record, when it was queued.")
    occasion = fields.Char(
        readonly=True, default="", help="Tells messages of one revision apart: which reminder, which digest."
    )
    channel_id = fields.Many2one("service.notification.channel", required=True, readonly=True, ondelete="cascade")
    recipient = fields.Char(required=True, readonly=True, help="What makes it unique: a person, or an endpoint.")
    partner_id = fields.Many2one("res.partner", "Person", readonly=True, ondelete="cascade", index="btree_not_null")
    audience = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade", index=True)
    reference = fields.Char(required=True, readonly=True, help="The Message-Id of an e-mail, the same for every try.")

    state = fields.Selection(STATES, required=True, readonly=True, default="queued")
    mode = fields.Selection(MODES, readonly=True, help="How the recipient wanted it when it was queued.")
    not_before = fields.Datetime("Due", readonly=True)
    expires_at = fields.Datetime(readonly=True, help="From then on it is of no use and is not sent.")
    next_try_at = fields.Datetime("Next Try", readonly=True)
    attempts = fields.Integer(readonly=True, help="How often sending failed.")
    claim = fields.Integer(readonly=True, help="Which run of the sender has it.")
    last_error = fields.Text(readonly=True)
    reason = fields.Char("Why Skipped", readonly=True)
    title = fields.Char(readonly=True, help="The subject or the text that was sent.")
    sent_at = fields.Datetime(readonly=True)
    digest_id = fields.Many2one(
        "service.notification.message", readonly=True, ondelete="set null", index="btree_not_null"
    )
    entry_ids = fields.One2many("service.notification.message", "digest_id", "Collected")
    delivery = fields.Selection(
        [("pending", "On its Way"), ("delivered", "Delivered"), ("failed", "Not Delivered")],
        readonly=True,
        help="What the provider of text messages reported.",
    )
    record_name = fields.Char("About", compute="_compute_record_name")

    _once_uniq = models.Constraint(
        "UNIQUE (event_id, res_model, res_id, revision, occasion, channel_id, recipient)",
        "That message is in the outbox already.",
    )
    _due_idx = models.Index("(next_try_at, id) WHERE state = 'queued'")
    _claim_idx = models.Index("(claim) WHERE state = 'sending'")
    _record_idx = models.Index("(res_model, res_id)")
    _state_idx = models.Index("(state, id)")

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model, messages in self.grouped("res_model").items():
            names = {}
            if model in self.env:
                # sudo: managers of the outbox see what a message is about, not the record
                records = self.env[model].sudo().browse(messages.mapped("res_id")).exists()
                names = {record.id: record.display_name for record in records}
            for message in messages:
                message.record_name = names.get(message.res_id, self.env._("Deleted"))

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_send_again(self):
        """Queue again what failed, for one or many; what is not dead stays as it is."""
        self.check_access("write")
        dead = self.filtered(lambda message: message.state == "dead")
        # sudo: nobody may write the outbox but by its buttons
        dead.sudo().write({"state": "queued", "attempts": 0, "next_try_at": fields.Datetime.now(), "delivery": False})
        self._wake()

    def action_open_record(self):
        """Open what the message is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # Old rows
    # ------------------------------------------------------------------

    @api.autovacuum
    def _gc_messages(self):
        """Delete what was sent or skipped a year ago; dead letters stay until somebody looks at them."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.env.cr.execute(
            SQL(
                """DELETE FROM service_notification_message WHERE id IN (
                       SELECT id FROM service_notification_message
                        WHERE state IN ('sent', 'skipped') AND next_try_at < %s LIMIT %s)""",
                before,
                GC_LIMIT,
            )
        )
        done = self.env.cr.rowcount
        return done, done == GC_LIMIT
