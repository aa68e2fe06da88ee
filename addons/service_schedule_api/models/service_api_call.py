from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..calls import WINDOW, Call, get_network

KEEP_DAYS = "service_schedule_api.keep_days"
DEFAULT_KEEP_DAYS = 90
LIMITS = {
    "staff": ("service_schedule_api.staff_limit", 600),
    "customer": ("service_schedule_api.customer_limit", 120),
    "nobody": ("service_schedule_api.nobody_limit", 60),
}
"""Calls a minute: of one key of the staff, of all keys of a customer, of one address without a key. A key can have a
limit of its own, and is then counted alone."""
BATCH = 1000
MOST_ADDRESSES = 30
"""Rows of a minute without a valid key; the addresses beyond have one together, so no number of them fills a table."""
OTHERS = "*"
TRIES = 3
LONGEST_PATH = 500


class ServiceApiCall(models.Model):
    """One call of the API: who, with which key, from where, what became of it. Also what the limits count.

    Without a valid key a row is a whole minute of an address: how often it called, what it asked for first.

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
    address = fields.Char(
        readonly=True,
        help="The client's internet address. * without a key: all that were beyond the first of a minute.",
    )
    budget = fields.Char(readonly=True, help="Calls of the same budget are counted together.")
    calls = fields.Integer(readonly=True, default=1, help="More than one for those of a minute without a valid key.")
    method = fields.Char(required=True, readonly=True)
    path = fields.Char(required=True, readonly=True)
    status = fields.Integer(readonly=True, aggregator=None, help="Of the answer; 0 while there is none.")
    milliseconds = fields.Integer(readonly=True, aggregator="avg")
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    change = fields.Char("What Changed", readonly=True, help="Or why it was refused.")

    _key_idx = models.Index("(key_ref, began_at DESC)")
    _budget_idx = models.Index("(budget, began_at DESC) WHERE key_ref != 0")
    _stranger_idx = models.UniqueIndex("(began_at, budget) WHERE key_ref = 0 AND budget IS NOT NULL")
    _old_idx = models.Index("(began_at)")

    @api.model
    def _begin(self, key, httprequest):
        """Write down that somebody calls, and count his calls of this minute; return a ``Call``.

        :param key: what ``res.users.apikeys._find_for_api`` returns, None without a valid key
        :param httprequest: werkzeug's request
        """
        now = fields.Datetime.now()
        start = now - timedelta(seconds=int(now.timestamp()) % WINDOW)
        row = {
            "address": httprequest.remote_addr or "",
            "method": httprequest.method,
            "path": "".join(char if char.isprintable() else "\ufffd" for char in httprequest.path[:LONGEST_PATH]),
            "calls": 1,
        }
        limit = self._get_limit(key)
        seconds = WINDOW - int((now - start).total_seconds())
        if not key:
            return Call(None, None, limit, self._count_stranger({**row, "began_at": start}, limit), seconds)
        row |= {
            "began_at": now,
            "user_id": key.user_id,
            "key_ref": key.id,
            "key_name": key.name,
            "budget": f"user {key.user_id}" if key.is_share and not key.limit else f"key {key.id}",
            "status": 0,
        }
        return Call(*self._insert_and_count(row, start, key, limit), seconds)

    def _insert_and_count(self, row, start, key, limit):
        """Return ``(row's id, key, limit, calls of this minute)``.

        It is committed before it is counted: of calls at once each sees those that were first, so no more than the
        limit get through. Two that are the last ones at the same moment can keep each other out.
        """
        # one more than the limit is enough to know
        count = SQL(
            """SELECT count(*) FROM (SELECT 1 FROM service_api_call
                                      WHERE key_ref != 0 AND budget = %s AND began_at >= %s LIMIT %s) AS calls""",
            row["budget"],
            start,
            limit + 1,
        )
        id_ = self._insert_unless_flooded(row, count, limit)
        self.env.cr.commit()  # pylint: disable=invalid-commit
        [(counted,)] = self.env.execute_query(count)
        return id_, key, limit, counted

    def _insert_unless_flooded(self, row, count, limit):
        """Insert a row and return its id; None when one of this minute was refused already, so a flood fills no table.

        :param SQL count: the calls of this minute
        """
        # a crash may cost the last rows of the trail, never what was done; waiting for the disk costs each call
        rows = self.env.execute_query(
            SQL(
                """SET LOCAL synchronous_commit = off;
                   INSERT INTO service_api_call (%s) SELECT %s WHERE (%s) <= %s RETURNING id""",
                SQL(", ").join(SQL.identifier(name) for name in row),
                SQL(", ").join(SQL("%s", value) for value in row.values()),
                count,
                limit,
            )
        )
        return rows[0][0] if rows else None

    def _count_stranger(self, row, limit):
        """Write down a call without a valid key; return how many of its address there were this minute.

        Calls of one address at once may be in each other's way; who is so again and again has called too often.
        """
        query = SQL(
            """SET LOCAL synchronous_commit = off;
               WITH minute AS (
                   SELECT count(*) >= %(most)s AND NOT bool_or(budget = %(budget)s) AS is_full
                     FROM service_api_call WHERE key_ref = 0 AND began_at = %(began_at)s)
               INSERT INTO service_api_call AS known (key_ref, status, began_at, method, path, calls, address, budget)
               SELECT 0, 401, %(began_at)s, %(method)s, %(path)s, 1,
                      CASE WHEN is_full THEN %(others)s ELSE %(address)s END,
                      CASE WHEN is_full THEN %(others)s ELSE %(budget)s END
                 FROM minute
               ON CONFLICT (began_at, budget) WHERE key_ref = 0 AND budget IS NOT NULL
               DO UPDATE SET calls = known.calls + 1, status = CASE WHEN known.calls < %(limit)s THEN 401 ELSE 429 END
               RETURNING calls""",
            **row,
            budget=get_network(row["address"]),
            others=OTHERS,
            most=MOST_ADDRESSES,
            limit=limit,
        )
        for _try in range(TRIES):
            try:
                self.env.cr.execute(query, log_exceptions=False)
            except SerializationFailure:
                self.env.cr.rollback()
            else:
                return self.env.cr.fetchone()[0]
        return limit + 1

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
