from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

OFF_DAYS = "service_notification_webhook.off_days"
DEFAULT_OFF_DAYS = 5
FORGET = timedelta(days=2)
"""Failures further apart are not one failing: between two rare events nobody knows how the receiver was."""


class ServiceWebhookEndpoint(models.Model):
    """How an endpoint is: answers, fails, or is switched off because it is gone."""

    _inherit = "service.webhook.endpoint"

    state = fields.Selection(
        [("on", "On"), ("failing", "Failing"), ("off", "Off")],
        "Health",
        default="on",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    off_reason = fields.Selection(
        [
            ("hand", "Switched off by hand"),
            ("gone", "The receiver answered that it is gone (410)"),
            ("failing", "It failed for too long"),
        ],
        "Why Off",
        readonly=True,
        copy=False,
    )
    failing_since = fields.Datetime(readonly=True, copy=False)
    last_failure_at = fields.Datetime("Last Failure", readonly=True, copy=False)
    paused_until = fields.Datetime(readonly=True, copy=False, help="The receiver asked not to be called before.")

    def _note_outcome(self, outcome):
        """Take note of a try; the row is locked by the caller.

        :param outcome: `hooklib.sending.Outcome`
        """
        self.ensure_one()
        if self.state == "off":
            return
        if not outcome.problem:
            self._note_success()
        elif outcome.status == 410:
            self._switch_off("gone")
        else:
            self._note_failure(outcome)

    def _note_success(self):
        if self.state != "on" or self.paused_until:
            self.write({"state": "on", "failing_since": False, "paused_until": False})

    def _note_failure(self, outcome):
        now = fields.Datetime.now()
        is_new = not self.failing_since or not self.last_failure_at or self.last_failure_at < now - FORGET
        values = {"state": "failing", "last_failure_at": now}
        if is_new:
            values["failing_since"] = now
        if outcome.retry_after and outcome.status in (429, 503):
            values["paused_until"] = now + timedelta(seconds=outcome.retry_after)
        self.write(values)
        if now - self.failing_since >= timedelta(days=self._get_days(OFF_DAYS, DEFAULT_OFF_DAYS)):
            self._switch_off("failing")

    def _switch_off(self, reason):
        """Send nothing more to these endpoints; what waits is kept as not delivered, to be replayed."""
        # sudo: deliveries are written by their own steps only
        self.sudo().write({"state": "off", "off_reason": reason, "paused_until": False})
        waiting = self.env["service.webhook.delivery"].sudo()
        waiting.search([("endpoint_id", "in", self.ids), ("state", "=", "waiting")])._bury("off")
        if reason != "hand":
            for endpoint in self:
                endpoint._tell_responsible()

    def _tell_responsible(self):
        """Write to the responsible that the endpoint was switched off, in his language."""
        endpoint = self.with_context(lang=self.user_id.lang or self.env.lang)
        reason = dict(endpoint._fields["off_reason"]._description_selection(endpoint.env))[endpoint.off_reason]
        body = endpoint.env._(
            "The webhook endpoint %(name)s (%(url)s) was switched off: %(reason)s. What was not delivered is kept. "
            "Mend the receiver, switch the endpoint on again, and choose Replay Since.",
            name=endpoint.name,
            url=endpoint.url,
            reason=reason,
        )
        endpoint.message_post(
            body=body,
            subject=endpoint.env._("Webhook endpoint switched off: %(name)s", name=endpoint.name),
            partner_ids=endpoint.user_id.partner_id.ids,
            message_type="notification",
            subtype_xmlid="mail.mt_comment",
        )

    def action_switch_off(self):
        """Switch off by hand."""
        self.check_access("write")
        self._switch_off("hand")

    def action_switch_on(self):
        """Switch on again, if the URL may still be sent to."""
        self.check_access("write")
        problems = [reason for endpoint in self if (reason := endpoint._get_refusal())]
        if problems:
            raise UserError("\n".join(problems))
        self.write({"state": "on", "off_reason": False, "failing_since": False, "paused_until": False})
