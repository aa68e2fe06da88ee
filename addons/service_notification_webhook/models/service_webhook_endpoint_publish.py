import json
import uuid

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ..happening import Happening

CRON = "service_notification_webhook.ir_cron_send"
ROWS = 1000
"""Rows that one INSERT makes."""
COLUMNS = (
    "endpoint_id",
    "company_id",
    "event_code",
    "res_model",
    "res_id",
    "revision",
    "body",
    "message_id",
    "state",
    "tries",
    "is_claimed",
    "next_attempt_at",
    "round_began_at",
    "create_uid",
    "write_uid",
    "create_date",
    "write_date",
)


class ServiceWebhookEndpoint(models.Model):
    """Where events come in: one delivery for each endpoint that wants it, in the transaction of the change."""

    _inherit = "service.webhook.endpoint"

    @api.model
    def _publish(self, event_code, company, payload, record=None, revision=None, moment=None):
        """Make the deliveries of an event, to be sent after this transaction; return them, as superuser.

        An event of a record in a revision is delivered to an endpoint once, however often it is published. Without a
        record or a revision every call is an event of its own. The number of queries does not depend on anything.

        :param str event_code: of a `service.notification.event`; nobody is told of an inactive one
        :param company: whose endpoints are told
        :param dict payload: of JSON's types; times as texts with an offset, money as text
        :param record: what it happened to; endpoints may be choosy, see `_accepts`
        :param int revision: of the record; receivers put events in order by it
        :param moment: naive UTC, when it happened; None is now
        :raise ValueError: no addon declared the event, or the payload is not JSON
        """
        return self._publish_all(event_code, [Happening(company, payload, record, revision)], moment)

    @api.model
    def _publish_all(self, event_code, happenings, moment=None):
        """Publish an event of many records as `_publish` does; the number of queries is the same.

        :param happenings: `Happening` of each
        """
        deliveries = self.env["service.webhook.delivery"].sudo()
        if not self.env["service.notification.event"]._get_by_code(event_code):
            return deliveries
        companies = deliveries.company_id.union(*(happening.company for happening in happenings))
        # sudo: whoever changes a record knows nothing of webhooks
        endpoints = self.sudo().search_fetch(
            Domain("company_id", "in", companies.ids)
            & Domain("state", "!=", "off")
            & (Domain("is_all_events", "=", True) | Domain("event_ids.code", "=", event_code)),
            ["company_id"],
        )
        return self._insert_deliveries(
            [
                (endpoint, happening)
                for happening in happenings
                for endpoint in endpoints
                if endpoint.company_id == happening.company and endpoint._accepts(happening.record)
            ],
            event_code,
            moment,
        )

    def _accepts(self, record):
        """Return whether this endpoint is told of a record; a hook for addons that give endpoints places or teams.

        It is asked for each record and must not query for it.

        :param record: of any model, or None
        """
        self.ensure_one()
        return True

    @api.model
    def _insert_deliveries(self, pairs, event_code, moment=None):
        """Insert a delivery for each pair of endpoint and `Happening` that has none; return them as superuser."""
        # sudo: deliveries are written by their own steps only
        deliveries = self.env["service.webhook.delivery"].sudo()
        now = fields.Datetime.now()
        rows = [self._prepare_row(endpoint, event_code, happening, moment or now, now) for endpoint, happening in pairs]
        ids = [row_id for chunk in split_every(ROWS, rows, list) for row_id in self._insert_rows(chunk)]
        if ids:
            self.browse(endpoint.id for endpoint, _happening in pairs).invalidate_recordset(
                ["delivery_ids", "recent_delivery_ids", "waiting_count"]
            )
            deliveries._send_soon()
        return deliveries.browse(ids)

    @api.model
    def _insert_rows(self, rows):
        """Insert dicts of `COLUMNS` but those that are there; return the ids of the new rows."""
        found = self.env.execute_query(
            SQL(
                "INSERT INTO service_webhook_delivery (%s) VALUES %s ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(SQL.identifier(column) for column in COLUMNS),
                SQL(", ").join(tuple(row[column] for column in COLUMNS) for row in rows),
            )
        )
        return [row_id for (row_id,) in found]

    @api.model
    def _prepare_row(self, endpoint, event_code, happening, moment, now):
        """Return the row of a delivery."""
        company, payload, record, revision = happening
        return {
            "endpoint_id": endpoint.id,
            "company_id": company.id,
            "event_code": event_code,
            "res_model": record._name if record else None,
            "res_id": record.id if record else None,
            "revision": revision,
            "body": _write_body(event_code, payload, revision, moment),
            "message_id": f"msg_{uuid.uuid4().hex}",
            "state": "waiting",
            "tries": 0,
            "is_claimed": False,
            "next_attempt_at": now,
            "round_began_at": now,
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": now,
            "write_date": now,
        }


def _write_body(event_code, payload, revision, moment):
    """Return the text that is signed and sent: the same for the same event, whatever the order of its parts."""
    content = {
        "type": event_code,
        "timestamp": moment.isoformat(timespec="seconds") + "Z",
        "revision": revision,
        "data": payload,
    }
    try:
        return json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    except TypeError as error:
        raise ValueError(f"the payload of {event_code!r} is not JSON: {error}") from error
