from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..calls import WINDOW, Call

KEEP_DAYS = "service_schedule_api.keep_days"
DEFAULT_KEEP_DAYS = 90
LIMITS = {
    "staff": ("service_schedule_api.staff_limit", 600),
    "customer": ("service_schedule_api.customer_limit", 120),
    "nobody": ("service_schedule_api.nobody_limit", 60),
}
"""Calls a minute of one key, and of one address without a key; a key can have a limit of its own."""
BATCH = 1000


class ServiceApiCall(models.Model):
    """One call of the API: who, with which key, from where, what became of it. Also what the limits count.

    Rows are written on a cursor of their own: a GET runs on a readonly one, and what is refused is rolled back. So a
    call counts wherever it is answered, by whichever process or machine.
    """

    _name = "service.api.call"
    _description = "API Call"
    _order = "id desc"
    _rec_name = "path"
    _log_access = False

    began_at = fields.Datetime("When", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Who", readonly=True, index="btree_not_null", ondelete="set null")
    key_ref = fields.Integer("Key's ID", readonly=True, aggregator=None, help="0 without a valid key.")
    key_name = fields.Char("Key", readonly=True)
    address = fields.Char(readonly=True, help="The client's internet address.")
    method = fields.Char(required=True, readonly=True)
    path = fields.Char(required=True, readonly=True)
    status = fields.Integer(readonly=True, aggregator=None, help="Of the answer; 0 while there is none.")
    milliseconds = fields.Integer(readonly=True, aggregator="avg")
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    change = fields.Char("What Changed", readonly=True, help="Or why it was refused.")

    _key_idx = models.Index("(key_ref, began_at DESC)")
    _address_idx = models.Index("(address, began_at DESC) WHERE key_ref = 0")
    _old_idx = models.Index("(began_at)")

    @api.model
    def _begin(self, key, httprequest):
        """Write down that somebody calls, and count his calls of this minute; return a ``Call``.

        It is committed before it is counted: of calls at once each sees those that were first, so no more than the
        limit get through. Two that are the last ones at the same moment can keep each other out.

        :param key: what ``res.users.apikeys._find_for_api`` returns, None without a valid key
        :param httprequest: werkzeug's request
        """
        now = fields.Datetime.now()
        address = httprequest.remote_addr or ""
        rows = self.env.execute_query(
            SQL(
                # a crash may cost the last rows of the trail, never what was done; waiting for the disk costs each call
                """SET LOCAL synchronous_commit = off;
                   INSERT INTO service_api_call (began_at, user_id, key_ref, key_name, address, method, path, status)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, 0) RETURNING id""",
                now,
                key.user_id if key else None,
                key.id if key else 0,
                key.name if key else None,
                address,
                httprequest.method,
                httprequest.path[:500].replace("\0", ""),
            )
        )
        self.env.cr.commit()  # pylint: disable=invalid-commit
        limit = self._get_limit(key)
        start = now - timedelta(seconds=int(now.timestamp()) % WINDOW)
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT 1 FROM service_api_call WHERE %s AND began_at >= %s LIMIT %s) AS calls",
                SQL("key_ref = %s", key.id) if key else SQL("key_ref = 0 AND address = %s", address),
                start,
                limit + 1,
            )
        )
        return Call(rows[0][0], key, limit, count, WINDOW - int((now - start).total_seconds()))

    @api.model
    def _get_limit(self, key):
        """Return how many calls a minute are allowed: the key's own, else that of its kind of user."""
        if key and key.limit:
            return key.limit
        kind = "nobody" if not key else "customer" if key.is_share else "staff"
        parameter, default = LIMITS[kind]
        text = self.env["ir.config_parameter"].get_param(parameter) or ""
        return int(text) if text.isdigit() and int(text) else default

    @api.model
    def _end(self, call, status, milliseconds, detail):
        """Write down what became of a call.

        :param Call call: with what was changed, if anything was
        :param str detail: why it was refused
        """
        model, res_id = call.record if call.record else (None, None)
        self.env.execute_query(
            SQL(
                """SET LOCAL synchronous_commit = off;
                   UPDATE service_api_call SET status = %s, milliseconds = %s, res_model = %s, res_id = %s, change = %s
                    WHERE id = %s RETURNING id""",
                status,
                milliseconds,
                model,
                res_id,
                (detail or call.change or "")[:1000] or None,
                call.id,
            )
        )

    @api.autovacuum
    def _gc_old(self):
        """Delete what is older than the trail is kept; the last call of a key stays, to show when it was used."""
        days = self.env["ir.config_parameter"].get_param(KEEP_DAYS) or ""
        kept = timedelta(days=int(days) if days.isdigit() and int(days) else DEFAULT_KEEP_DAYS)
        last = self._read_group([("key_ref", "!=", 0)], ["key_ref"], ["id:max"])
        old = Domain("began_at", "<", fields.Datetime.now() - kept) & Domain("id", "not in", [row[1] for row in last])
        calls = self.search(old, limit=BATCH, order="id")
        calls.unlink()
        return len(calls), len(calls) == BATCH
