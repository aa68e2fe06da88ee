import logging
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ..hooklib.sending import Job, Sender

_logger = logging.getLogger(__name__)

PARALLEL = 16
"""Requests at once, by one scheduled action."""
SHARE = 4
"""Of them for one endpoint: one that is slow leaves room for the others."""
PROBES = 4
"""Of them for all endpoints that fail, one each: they may all be slow."""
LEASE_SECONDS = 60
"""A claimed delivery is due again after that: whoever claimed it is no more, for a request takes 15 s at most."""
LOOK_SECONDS = 1
"""While requests are under way, how often to look for what has become due."""
TRIES = 5


class ServiceWebhookSender(models.AbstractModel):
    """Sends what is due, many at once; the only one who does.

    Claim and commit, send, note the result and commit: no transaction is open while the receivers think, and what is
    killed in between is sent again, under the same id. Threads have jobs and outcomes, no cursor.
    """

    _name = "service.webhook.sender"
    _description = "Webhook Sender"

    @api.model
    def _cron_send(self):
        """Send what is due until nothing is, or this run's time is over."""
        crons = self.env["ir.cron"]
        seconds = crons._commit_progress(remaining=self._count_due())
        sender = self._make_sender()
        flying = {}
        with ThreadPoolExecutor(PARALLEL, thread_name_prefix="webhook") as pool:
            while True:
                jobs = self._claim(list(flying.values())) if seconds > 0 else []
                seconds = crons._commit_progress()
                flying |= {pool.submit(sender.send, job): job for job in jobs}
                if not flying:
                    break
                for future in wait(flying, LOOK_SECONDS, FIRST_COMPLETED).done:
                    seconds = self._record(flying.pop(future), future.result())
        crons._commit_progress(remaining=self._count_due())

    @api.model
    def _make_sender(self):
        """Return the `hooklib.sending.Sender` of this run."""
        return Sender(self.env["service.webhook.endpoint"]._get_allowed())

    # ------------------------------------------------------------------
    # Claiming
    # ------------------------------------------------------------------

    @api.model
    def _claim(self, flying):
        """Claim what may be sent beside the jobs that are under way; return the new jobs, to be sent after a commit.

        A claim is a lease: the delivery counts as tried and is due again when the lease ends.
        """
        claimed = self._retry(lambda: self._claim_rows(flying))
        deliveries = self.env["service.webhook.delivery"]
        if claimed:
            deliveries.browse(row[0] for row in claimed if row[1])._log_attempts("interrupted")
            deliveries._send_soon(fields.Datetime.now() + timedelta(seconds=LEASE_SECONDS + 1))
        return self._make_jobs(deliveries.browse(row[0] for row in claimed or ()))

    @api.model
    def _claim_rows(self, flying):
        """Claim for endpoints that answer first, then for those that fail; return as `_claim_some`."""
        probes = sum(job.is_probe for job in flying)
        room = PARALLEL - len(flying)
        claimed = self._claim_some("on", flying, SHARE, room)
        return claimed + self._claim_some("failing", flying, 1, min(room - len(claimed), PROBES - probes))

    @api.model
    def _claim_some(self, state, flying, share, limit):
        """Claim deliveries of endpoints in a state; return ``[(id, whether an earlier claim was never ended)]``.

        First come endpoints with the least under way, then what has waited longest.
        """
        if limit <= 0:
            return []
        busy = Counter(job.endpoint_id for job in flying)
        now = fields.Datetime.now()
        query = SQL(
            """WITH due AS (
                   SELECT d.id, d.is_claimed
                     FROM service_webhook_endpoint e
                LEFT JOIN unnest(%(endpoints)s::int[], %(counts)s::int[]) busy (endpoint_id, number)
                       ON busy.endpoint_id = e.id
               CROSS JOIN LATERAL (
                       SELECT id, is_claimed, next_attempt_at FROM service_webhook_delivery
                        WHERE endpoint_id = e.id AND state = 'waiting' AND next_attempt_at <= %(now)s
                        ORDER BY next_attempt_at, id
                        LIMIT greatest(%(share)s - coalesce(busy.number, 0), 0)
                          FOR NO KEY UPDATE SKIP LOCKED) d
                    WHERE e.active AND e.state = %(state)s
                      AND (e.paused_until IS NULL OR e.paused_until <= %(now)s)
                    ORDER BY coalesce(busy.number, 0), d.next_attempt_at, d.id LIMIT %(limit)s)
               UPDATE service_webhook_delivery d
                  SET is_claimed = true, tries = tries + 1,
                      next_attempt_at = %(now)s + %(lease)s * interval '1 second'
                 FROM due WHERE d.id = due.id RETURNING d.id, due.is_claimed""",
            endpoints=list(busy),
            counts=list(busy.values()),
            state=state,
            share=share,
            limit=limit,
            now=now,
            lease=LEASE_SECONDS,
        )
        return self._execute(query)

    @api.model
    def _execute(self, query):
        """Return the rows of a query that stands at the beginning of a transaction; losing a race is no fault to log.

        :raise SerializationFailure: it lost one
        """
        self.env.invalidate_all()
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchall()

    @api.model
    def _retry(self, act):
        """Return what `act` returns, tried again in a new transaction when it lost a race; None when it always did."""
        for number in range(TRIES):
            try:
                return act()
            except SerializationFailure:
                self.env.cr.rollback()
                time.sleep(0.05 * number)
        return None

    @api.model
    def _make_jobs(self, deliveries):
        """Return the jobs of deliveries: all that a thread needs to know."""
        secrets = deliveries.endpoint_id._get_secrets()
        return [
            Job(
                delivery_id=delivery.id,
                endpoint_id=delivery.endpoint_id.id,
                url=delivery.endpoint_id.url,
                message_id=delivery.message_id,
                body=delivery.body,
                secrets=tuple(secret.value for secret in secrets.get(delivery.endpoint_id.id, ())),
                is_probe=delivery.endpoint_id.state == "failing",
            )
            for delivery in deliveries
        ]

    @api.model
    def _count_due(self):
        """Return how many deliveries can be sent now."""
        now = fields.Datetime.now()
        return self.env["service.webhook.delivery"].search_count(
            [
                ("state", "=", "waiting"),
                ("next_attempt_at", "<=", now),
                ("endpoint_id.active", "=", True),
                ("endpoint_id.state", "!=", "off"),
                "|",
                ("endpoint_id.paused_until", "=", False),
                ("endpoint_id.paused_until", "<=", now),
            ]
        )

    # ------------------------------------------------------------------
    # Noting
    # ------------------------------------------------------------------

    @api.model
    def _record(self, job, outcome):
        """Note what became of a job, and commit; return the seconds left of this run.

        Delivery and endpoint are locked by the first statement, so nothing after it can lose a race. When it loses one
        itself too often, the lease ends and the delivery is sent again.
        """
        lock = SQL(
            """SELECT d.id FROM service_webhook_delivery d JOIN service_webhook_endpoint e ON e.id = d.endpoint_id
                WHERE d.id = %s FOR NO KEY UPDATE""",
            job.delivery_id,
        )

        def note():
            if self._execute(lock):
                self.env["service.webhook.delivery"].browse(job.delivery_id)._note(outcome)
            return self.env["ir.cron"]._commit_progress(1)

        seconds = self._retry(note)
        if seconds is None:
            _logger.info("the result of webhook delivery %s could not be noted; it is sent again", job.delivery_id)
            seconds = self.env["ir.cron"]._commit_progress()
        return seconds
