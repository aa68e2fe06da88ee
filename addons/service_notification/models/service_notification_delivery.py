# What this file is about is when to commit.
# pylint: disable=invalid-commit
import logging
import random
import secrets
import time
from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..exceptions import ChannelDown, DeliveryError

_logger = logging.getLogger(__name__)

LOCK_CLASS = 0x4E4F5449
"""The first key of our advisory locks ("NOTI"); the second is the claim."""

CLAIM_SIZE = 200
"""Rows that a run takes at once."""

CHUNK_SIZE = 50
"""Rows that are decided and rendered together."""

FRESH_SECONDS = 5
"""What was decided longer ago is decided anew before it is sent."""

BACKOFF_MINUTES = (1, 5, 15, 60, 180, 720, 1440)
"""Until the next try after so many failures; after the last a message is dead."""

CLAIM_TRIES = 5


class ServiceNotificationMessage(models.Model):
    """The way out of the outbox.

    A run claims rows and commits, so that no other run takes them, and holds an advisory lock of its database session
    for as long as it lives. Rows of a claim whose lock nobody holds belong to a run that died, and are queued again by
    the next one. A message is committed as sent directly after it was handed over, one by one. So nothing is ever
    lost, and what may be sent twice is the single message that a dying run had handed over and not yet committed.
    """

    _inherit = "service.notification.message"

    @api.model
    def _cron_send(self):
        """Send what is due; several runs at once share the work."""
        # sudo: the sender acts for nobody in particular
        messages = self.sudo()
        with messages._hold_claim() as claim:
            messages._prepare_run()
            while messages._send_batch(claim):
                pass

    def _prepare_run(self):
        """Take up what others left and what is due for digests."""
        for _attempt in range(CLAIM_TRIES):
            try:
                self._requeue_abandoned()
                self._collect_digests()
                self.env.cr.commit()
                return
            except SerializationFailure:
                # another run was at the same rows: look again, they may be dealt with
                self.env.cr.rollback()

    @api.model
    @contextmanager
    def _hold_claim(self):
        """Give the block a number that is locked until the block, or the database session, ends.

        What the block leaves unsent is queued again.
        """
        claim = secrets.randbelow(2**31 - 1) + 1
        self.env.cr.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, claim])
        self.env.cr.commit()
        try:
            yield claim
        finally:
            self.env.cr.rollback()
            self._release(claim)
            self.env.cr.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, claim])
            self.env.cr.commit()

    def _release(self, claim):
        """Queue again what a claim has left."""
        self.env.cr.execute(
            SQL(
                "UPDATE service_notification_message SET state = 'queued', claim = 0"
                " WHERE state = 'sending' AND claim = %s",
                claim,
            )
        )
        return self.env.cr.rowcount

    def _requeue_abandoned(self):
        """Queue again what runs had claimed that are no more."""
        self.env.cr.execute("SELECT DISTINCT claim FROM service_notification_message WHERE state = 'sending'")
        for (claim,) in self.env.cr.fetchall():
            # held to the end of this transaction; free means that nobody lives who has it
            self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, claim])
            if self.env.cr.fetchone()[0]:
                count = self._release(claim)
                _logger.info("%s notifications of a sender that died are queued again", count)
            else:
                # it lives, or the database has not noticed yet that it died: look again
                self._wake([fields.Datetime.now() + timedelta(minutes=1)])

    # ------------------------------------------------------------------
    # Batches
    # ------------------------------------------------------------------

    def _send_batch(self, claim):
        """Claim and send a batch; return whether to go on."""
        messages = self._claim(claim)
        if not messages:
            return False
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=len(messages) + self._count_due())
        for channel, mine in messages.grouped("channel_id").items():
            channel_code = channel.code
            sender = channel._get_sender()
            try:
                with sender._open_session() as session:
                    for ids in split_every(CHUNK_SIZE, mine.ids):
                        self.browse(ids)._send_isolated(claim, sender, session)
                        # written down in small steps: a run that is killed again and again has done something
                        progress._commit_progress(len(ids))
            except ChannelDown as error:
                _logger.warning("The channel %s does not work: %s", channel_code, error)
                self._fail_rest(claim, mine.ids, error)
        left = self._count_due()
        return progress._commit_progress(remaining=left) > 0 and left > 0

    def _count_due(self):
        self.env.cr.execute(
            SQL("SELECT count(*) FROM service_notification_message m WHERE %s", self._get_due_sql(SQL("m")))
        )
        return self.env.cr.fetchone()[0]

    def _get_due_sql(self, alias):
        """Return the condition on rows that are to be sent now. Rows for a digest go with the digest.

        While somebody is being told of a record, what else there is to tell him of it waits: another run could be
        quicker, and the last that he reads would be what was true before.
        """
        return SQL(
            """%(m)s.state = 'queued' AND %(m)s.mode = 'immediate' AND %(m)s.next_try_at <= %(now)s
               AND EXISTS (SELECT FROM service_notification_channel c WHERE c.id = %(m)s.channel_id AND c.active)
               AND NOT EXISTS (
                   SELECT FROM service_notification_message o
                    WHERE o.state = 'sending' AND o.id != %(m)s.id AND o.res_id = %(m)s.res_id
                      AND o.res_model = %(m)s.res_model AND o.channel_id = %(m)s.channel_id
                      AND o.recipient = %(m)s.recipient)""",
            m=alias,
            now=fields.Datetime.now(),
        )

    def _claim(self, claim):
        """Take the rows that are due the longest and commit; rows that another run is taking are passed over."""
        for _attempt in range(CLAIM_TRIES):
            try:
                self.env.cr.execute(
                    SQL(
                        # a subquery could be carried out for each row, and the limit with it
                        """WITH due AS MATERIALIZED (
                               SELECT m.id FROM service_notification_message m WHERE %s
                                ORDER BY m.next_try_at, m.id LIMIT %s FOR UPDATE SKIP LOCKED)
                           UPDATE service_notification_message m SET state = 'sending', claim = %s
                             FROM due WHERE m.id = due.id RETURNING m.id""",
                        self._get_due_sql(SQL("m")),
                        CLAIM_SIZE,
                        claim,
                    ),
                    log_exceptions=False,
                )
            except SerializationFailure:
                # another run took some of them after our snapshot: look again
                self.env.cr.rollback()
                continue
            ids = sorted(row[0] for row in self.env.cr.fetchall())
            self.env.cr.commit()
            return self.browse(ids)
        return self.browse()

    def _send_isolated(self, claim, sender, session):
        """Send a chunk; a fault in one message, such as of its record's hooks, fails that one and no other."""
        try:
            self._send_chunk(claim, sender, session)
        except (ChannelDown, OperationalError, InterfaceError):
            raise
        except Exception as error:
            self.env.cr.rollback()
            left = self._filter_claimed(claim)
            if len(left) == 1:
                _logger.warning("Notification %s cannot be sent", left.id, exc_info=True)
                left._fail(claim, DeliveryError(f"{type(error).__name__}: {error}"))
                self.env.cr.commit()
            else:
                for message in left:
                    message._send_isolated(claim, sender, session)

    def _filter_claimed(self, claim):
        """Return those that a claim still has."""
        self.env.cr.execute(
            SQL(
                """SELECT id FROM service_notification_message
                    WHERE state = 'sending' AND claim = %s AND id IN %s ORDER BY id""",
                claim,
                tuple(self.ids),
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _send_chunk(self, claim, sender, session):
        """Decide, render and send; what could not be sent soon enough is decided anew."""
        pending = self
        while pending:
            wanted = pending._decide()
            payloads, errors = sender._prepare(wanted) if wanted else ({}, {})
            for message_id, error in errors.items():
                self.browse(message_id)._fail(claim, error)
            self.env.flush_all()
            done = set(pending.ids) - set(payloads)
            self.env.cr.commit()
            done |= self._deliver(claim, sender, payloads, session)
            pending = pending.filtered(lambda message, done=done: message.id not in done)

    def _deliver(self, claim, sender, payloads, session):
        """Hand payloads over and write down each; return the ids of those that were dealt with."""
        done = set()
        until = time.monotonic() + FRESH_SECONDS
        for message_id, error in sender._deliver(payloads, session) if payloads else ():
            self.browse(message_id)._conclude(claim, payloads[message_id], error)
            done.add(message_id)
            if not sender._is_transactional:
                # from the moment that it was handed over until here it could be sent again
                self.env.cr.commit()
            if time.monotonic() > until:
                break
        self.env.cr.commit()
        return done

    # ------------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------------

    def _conclude(self, claim, payload, error):
        """Write down what came of sending one message, and with it those that it collected."""
        self.ensure_one()
        if error:
            self._fail(claim, error)
            return
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """UPDATE service_notification_message
                      SET state = 'sent', sent_at = %s, title = %s, last_error = NULL, reason = NULL, claim = 0
                    WHERE id = %s AND claim = %s""",
                now,
                payload["title"],
                self.id,
                claim,
            )
        )
        if not self.env.cr.rowcount:
            raise RuntimeError(f"notification {self.id} was taken from the run that sent it")
        if payload.get("entry_ids"):
            self._conclude_entries(payload["entry_ids"], now)

    def _fail(self, claim, error):
        """Put off one message to its next try, or give up."""
        self.env.cr.execute(
            SQL(
                "SELECT attempts FROM service_notification_message WHERE id = %s AND claim = %s FOR UPDATE",
                self.id,
                claim,
            )
        )
        [attempts] = self.env.cr.fetchone()
        self._write_failure(attempts, str(error), error.is_permanent)

    def _write_failure(self, attempts, text, is_permanent):
        """Write down a failure, the one after ``attempts`` earlier ones."""
        is_over = is_permanent or attempts >= len(BACKOFF_MINUTES)
        next_try_at = self._get_next_try(attempts)
        values = {"attempts": attempts + 1, "last_error": text, "claim": 0}
        self.write(
            {**values, "state": "dead"} if is_over else {**values, "state": "queued", "next_try_at": next_try_at}
        )
        if not is_over:
            self._wake([next_try_at])
        self.flush_recordset()

    def _get_next_try(self, attempts):
        """Return the moment of the next try, with a fifth of chance: what failed together does not come back so."""
        minutes = BACKOFF_MINUTES[min(attempts, len(BACKOFF_MINUTES) - 1)]
        return fields.Datetime.now() + timedelta(seconds=round(minutes * 60 * random.uniform(0.8, 1.2)))

    def _fail_rest(self, claim, ids, error):
        """Put off all that is left of a claim when its channel does not work."""
        self.env.cr.rollback()
        for attempts, messages in self.browse(ids)._filter_claimed(claim).grouped("attempts").items():
            messages._write_failure(attempts, str(error), error.is_permanent)
        self.env.cr.commit()
