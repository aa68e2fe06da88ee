import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CRON = "service_notification_webhook.ir_cron_send"


class ServiceWebhookEndpoint(models.Model):
    """Where events come in: one delivery for each endpoint that wants it, in the transaction of the change."""

    _inherit = "service.webhook.endpoint"

    @api.model
    def _publish(self, event_code, company, payload, record=None, revision=None, moment=None):
        """Make the deliveries of an event, to be sent after this transaction; return them, as superuser.

        An event of a record in a revision is delivered to an endpoint once, however often it is published. Without a
        record or a revision every call is an event of its own. The number of queries does not depend on anything.

        :param str event_code: of a `service.webhook.event`
        :param company: whose endpoints are told
        :param dict payload: of JSON's types; times as texts with an offset, money as text
        :param record: what it happened to; endpoints may be choosy, see `_accepts`
        :param int revision: of the record; receivers put events in order by it
        :param moment: naive UTC, when it happened; None is now
        :raise ValueError: no addon declared the event, or the payload is not JSON
        """
        endpoints = self._get_listeners(event_code, company).filtered(lambda endpoint: endpoint._accepts(record))
        return endpoints._insert_deliveries(event_code, payload, record, revision, moment)

    @api.model
    def _get_listeners(self, event_code, companies):
        """Return the endpoints of companies that are told of an event, as superuser; for whom payloads are dear.

        :raise ValueError: no addon declared the event
        """
        self.env["service.webhook.event"]._check_code(event_code)
        # sudo: whoever changes a record knows nothing of webhooks
        return self.sudo().search(
            Domain("company_id", "in", companies.ids)
            & Domain("state", "!=", "off")
            & (Domain("is_all_events", "=", True) | Domain("event_ids.code", "=", event_code))
        )

    def _accepts(self, record):
        """Return whether this endpoint is told of a record; a hook for addons that give endpoints places or teams.

        :param record: of any model, or None
        """
        self.ensure_one()
        return True

    def _insert_deliveries(self, event_code, payload, record=None, revision=None, moment=None):
        """Insert a delivery for each of these endpoints, except for what they have; return them as superuser."""
        # sudo: deliveries are written by their own steps only
        deliveries = self.env["service.webhook.delivery"].sudo()
        if not self:
            return deliveries
        now = fields.Datetime.now()
        body = _write_body(event_code, payload, revision, moment or now)
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO service_webhook_delivery (
                       endpoint_id, company_id, event_code, res_model, res_id, revision, body, message_id,
                       state, tries, is_claimed, next_attempt_at, round_began_at,
                       create_uid, write_uid, create_date, write_date)
                   SELECT e.id, e.company_id, %(code)s, %(model)s, %(res_id)s, %(revision)s, %(body)s,
                          'msg_' || replace(gen_random_uuid()::text, '-', ''),
                          'waiting', 0, false, %(now)s, %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s
                     FROM service_webhook_endpoint e WHERE e.id = ANY(%(ids)s) ORDER BY e.id
                   ON CONFLICT DO NOTHING RETURNING id""",
                code=event_code,
                model=record._name if record else None,
                res_id=record.id if record else None,
                revision=revision,
                body=body,
                now=now,
                uid=self.env.uid,
                ids=self.ids,
            )
        )
        if rows:
            self.invalidate_recordset(["delivery_ids", "recent_delivery_ids", "waiting_count"])
            deliveries._send_soon()
        return deliveries.browse(row[0] for row in rows)


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
