import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, split_every
from odoo.tools.urls import urljoin

from ..clock import find_zone, next_digest
from .service_notification_event import AUDIENCES
from .service_notification_preference import DIGESTS

CRON = "service_notification.ir_cron_send"
ROWS = 1000
"""Rows that one INSERT makes."""

COLUMNS = (
    "event_id",
    "res_model",
    "res_id",
    "revision",
    "occasion",
    "channel_id",
    "recipient",
    "partner_id",
    "audience",
    "company_id",
    "mode",
    "not_before",
    "next_try_at",
    "expires_at",
    "reference",
    "state",
    "attempts",
    "create_uid",
    "create_date",
)


class ServiceNotificationMessage(models.Model):
    """The way into the outbox: rows are made in the transaction that causes them, once."""

    _inherit = "service.notification.message"

    @api.model
    def _queue(self, event, records, *, audiences=AUDIENCES, channels=None, occasion="", moments=None):
        """Put an event of records into the outbox, for all whom it concerns; what is there already stays as it is.

        The number of queries does not depend on the number of records (but one INSERT for each 1000 rows).

        :param event: ``service.notification.event`` as superuser
        :param records: of the event's model
        :param audiences: names of those who are told
        :param channels: only these, whatever the event's defaults are; None leaves it to the event and the recipients
        :param str occasion: tells messages about the same revision apart
        :param dict moments: ``{record id: (not before, expires at)}`` naive UTC; None is now and never
        :return: how many rows are new
        """
        records = records.sudo()  # sudo: whoever changes a record causes messages to people whom he may not know
        if not event or not records:
            return 0
        rows = self.sudo()._prepare_rows(event, records, audiences, channels, occasion, moments or {})
        count = sum(self._insert(chunk) for chunk in split_every(ROWS, rows, list))
        if count:
            self._wake({row["next_try_at"] for row in rows})
        return count

    def _prepare_rows(self, event, records, audiences, channels, occasion, moments):
        """Return dicts of :data:`COLUMNS`, the same recipient possibly several times."""
        now = fields.Datetime.now()
        common = self._prepare_common(event, records, occasion, moments, now)
        possible = event._get_channels()
        rows = []
        for audience in audiences:
            told = {
                channel: bool(channels) or channel in event._get_default_channels(audience)
                for channel in possible & (channels or possible)
                if channel.is_personal
            }
            rows += self._prepare_personal_rows(event, records, audience, told, common)
        for channel in possible.filtered(lambda channel: not channel.is_personal) & (channels or possible):
            for record_id, endpoints in channel._get_sender()._get_endpoints(event, records).items():
                for recipient, company_id in endpoints:
                    rows.append(
                        {
                            **common[record_id],
                            "channel_id": channel.id,
                            "recipient": recipient,
                            "company_id": company_id,
                            "reference": self._make_reference(),
                        }
                    )
        return rows

    def _prepare_common(self, event, records, occasion, moments, now):
        """Return ``{record id: what all rows about it share}``."""
        revisions = records._get_notification_revision()
        companies = records._get_notification_company()
        common = {}
        for record in records:
            not_before, expires_at = moments.get(record.id, (now, None))
            common[record.id] = {
                "event_id": event.id,
                "res_model": records._name,
                "res_id": record.id,
                "revision": str(revisions.get(record.id, "")),
                "occasion": occasion,
                "company_id": companies[record.id].id or None,
                "mode": "immediate",
                "not_before": not_before,
                "next_try_at": max(not_before, now),
                "expires_at": expires_at,
                "state": "queued",
                "attempts": 0,
                "create_uid": self.env.uid,
                "create_date": now,
                "partner_id": None,
                "audience": None,
            }
        return common

    def _prepare_personal_rows(self, event, records, audience, told, common):
        """Return the rows for the persons of one audience.

        :param dict told: ``{channel: whether those are told over it who have chosen nothing}``
        """
        recipients = records._get_notification_recipients(event, audience) if told else {}
        everybody = self.env["res.partner"].sudo().union(*recipients.values())
        if not everybody:
            return []
        modes = self.env["service.notification.preference"]._read_modes(everybody, event.group_id)
        zones = records._get_notification_zone()
        hours = self.env["service.notification.quiet"]._read_hours(everybody)
        rows = []
        for channel, is_default in told.items():
            # sudo: as above
            reachable = set(channel._get_sender()._filter_partners(everybody).ids)
            for record in records:
                for partner in recipients.get(record.id, ()):
                    mode = modes.get((partner.id, event.group_id.id, channel.id), "immediate" if is_default else "off")
                    if mode == "off" or partner.id not in reachable:
                        continue
                    rows.append(
                        {
                            **common[record.id],
                            "channel_id": channel.id,
                            "recipient": f"partner:{partner.id}",
                            "partner_id": partner.id,
                            "audience": audience,
                            "reference": self._make_reference(),
                            **self._prepare_digest_values(
                                event, partner, mode, zones.get(record.id), common[record.id]
                            ),
                            **self._prepare_quiet_values(
                                event, partner, channel, hours, zones.get(record.id), common[record.id]
                            ),
                        }
                    )
        return rows

    def _prepare_digest_values(self, event, partner, mode, zone_name, common):
        """Return what differs in a row that waits for the recipient's digest.

        Urgent events never wait, nor does what is of no use after a moment, such as a reminder.
        """
        if mode not in DIGESTS or event.is_urgent or common["expires_at"]:
            return {}
        at = next_digest(common["next_try_at"], find_zone(partner.tz, zone_name), mode)
        return {"mode": mode, "next_try_at": at}

    def _prepare_quiet_values(self, event, partner, channel, hours, zone_name, common):
        """Return what differs in a row that quiet hours would hold back until it is of no use: it goes before them."""
        if event.is_urgent or not common["expires_at"]:
            return {}
        quiet = self.env["service.notification.quiet"]._find(common["next_try_at"], partner, channel, hours, zone_name)
        before = quiet and quiet[0] - timedelta(minutes=1)
        if quiet and quiet[1] >= common["expires_at"] and before > common["create_date"]:
            return {"next_try_at": before}
        return {}

    def _make_reference(self):
        """Return what identifies a message for ever, in the form of a Message-Id (RFC 5322, 3.6.4)."""
        host = urljoin(self.get_base_url(), "/").split("//")[-1].split("/")[0].split(":")[0]
        return f"<{uuid.uuid4().hex}.notification@{host}>"

    def _insert(self, rows):
        """Insert rows but those that are there; return how many are new."""
        if not rows:
            return 0
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "INSERT INTO service_notification_message (%s) VALUES %s ON CONFLICT DO NOTHING",
                SQL(", ").join(SQL.identifier(column) for column in COLUMNS),
                SQL(", ").join(tuple(row[column] for column in COLUMNS) for row in rows),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _wake(self, moments=None):
        """Let the sender run at moments (naive UTC), to the minute; now when there are none.

        Each minute is asked for once, however many messages are due in it.
        """
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if not cron:
            return
        now = fields.Datetime.now()
        minutes = {self._to_minute(moment) for moment in moments or () if moment > now}
        if minutes:
            # sudo: customers cause messages by what they do
            asked = self.env["ir.cron.trigger"].sudo()
            asked = asked.search([("cron_id", "=", cron.id), ("call_at", "in", sorted(minutes))])
            minutes -= set(asked.mapped("call_at"))
        if not moments or any(moment <= now for moment in moments):
            minutes.add(now)
        if minutes:
            cron.sudo()._trigger(sorted(minutes))

    @staticmethod
    def _to_minute(moment):
        """Return the next full minute: the sender must not run before what it shall send is due."""
        full = moment.replace(second=0, microsecond=0)
        return full if full == moment else full + timedelta(minutes=1)
