from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..problems import Problem

KEPT = timedelta(hours=24)
BATCH = 1000


class ServiceApiAnswer(models.Model):
    """The first answer to a POST that had an ``Idempotency-Key``; asked again within a day, it is given again.

    Only what was done is kept: a refusal changed nothing, and may turn out otherwise the next time.
    """

    _name = "service.api.answer"
    _description = "API Answer"
    _order = "id desc"

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    key = fields.Char(required=True)
    digest = fields.Char(required=True, help="Of the address and the body that were sent.")
    status = fields.Integer(required=True)
    headers = fields.Json()
    body = fields.Text()

    _once = models.Constraint("UNIQUE (user_id, key)", "This key was used already.")
    _old_idx = models.Index("(create_date)")

    @api.model
    def _wait_for_twin(self, key):
        """Take the lock of a key until the transaction ends, waiting for who has it; True when there was one.

        The caller then rolls back and calls again, for what the other has stored is in no snapshot taken before. The
        unique index stays the judge.
        """
        name = f"service.api.answer {self.env.uid} {key}"
        [(is_alone,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", name))
        if not is_alone:
            self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name))
        return not is_alone

    @api.model
    def _find(self, key, digest):
        """Return the answer of a key of the user, empty without one or when it is older than a day.

        :raise Problem: 422, the key was used for another request
        """
        found = self.search([("user_id", "=", self.env.uid), ("key", "=", key)])
        if found and found.create_date < fields.Datetime.now() - KEPT:
            found.unlink()
            return found.browse()
        if found and found.digest != digest:
            raise Problem(422, self.env._("This Idempotency-Key was used for another request."))
        return found

    @api.model
    def _store(self, key, digest, response):
        """Keep an answer, in the transaction that did what it tells."""
        kept = ("Content-Type", "ETag", "Location")
        self.create(
            {
                "user_id": self.env.uid,
                "key": key,
                "digest": digest,
                "status": response.status_code,
                "headers": {name: response.headers[name] for name in kept if name in response.headers},
                "body": response.get_data(as_text=True),
            }
        )
        self.flush_model()

    @api.autovacuum
    def _gc_old(self):
        """Delete what is not given again any more."""
        old = self.search([("create_date", "<", fields.Datetime.now() - KEPT)], limit=BATCH)
        old.unlink()
        return len(old), len(old) == BATCH
