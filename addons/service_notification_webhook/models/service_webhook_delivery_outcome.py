import random
from datetime import timedelta

from odoo import fields, models

from ..hooklib import retries
from .service_webhook_attempt import PROBLEMS


class ServiceWebhookDelivery(models.Model):
    """What a try makes of a delivery."""

    _inherit = "service.webhook.delivery"

    def _note(self, outcome):
        """Take note of a try, and of how the endpoint is; the rows are locked by the caller.

        A delivery that arrived has arrived, also when its endpoint was switched off meanwhile. Nothing else is made of
        one that is no longer waited for.

        :param outcome: `hooklib.sending.Outcome`
        """
        self.ensure_one()
        self._log_attempts(outcome.problem, outcome)
        if not outcome.problem:
            self._note_delivered(outcome)
        elif self.state == "waiting":
            self._note_failed(outcome)
        else:
            self.write({"is_claimed": False, "last_status": outcome.status})
        self.endpoint_id._note_outcome(outcome)

    def _note_delivered(self, outcome):
        self.write(
            {
                "state": "delivered",
                "dead_reason": False,
                "is_claimed": False,
                "next_attempt_at": False,
                "delivered_at": fields.Datetime.now(),
                "last_status": outcome.status,
            }
        )

    def _note_failed(self, outcome):
        """Plan the next try, or give up."""
        self.write({"is_claimed": False, "last_status": outcome.status})
        if outcome.status == 410:
            self._bury("gone")
            return
        delay = retries.next_delay(self.tries, outcome.retry_after, random.random())
        now = fields.Datetime.now()
        if delay is None or now + timedelta(seconds=delay) > self.round_began_at + retries.GIVE_UP:
            self._bury("tries")
            return
        self.next_attempt_at = now + timedelta(seconds=delay)
        self._send_soon(self.next_attempt_at)

    def _log_attempts(self, problem, outcome=None):
        """Add a line to the log of each of these deliveries."""
        # the many reasons to refuse a URL are one: it was checked when it was saved, and no longer holds
        values = {"problem": problem and (problem if problem in dict(PROBLEMS) else "url")}
        if outcome:
            names = ("milliseconds", "status", "detail", "excerpt")
            values |= {name: getattr(outcome, name) or False for name in names}
        self.env["service.webhook.attempt"].create([{**values, "delivery_id": delivery.id} for delivery in self])
