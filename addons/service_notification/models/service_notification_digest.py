from odoo import fields, models
from odoo.tools import SQL

from ..clock import find_zone, next_digest
from .service_notification_preference import DIGESTS

EVENT = "service_notification.event_digest"


class ServiceNotificationMessage(models.Model):
    """Digests: what a person wants once a day or week is collected under one row, which is sent like any other.

    The row of the digest is about the person (``res.partner``), its revision is the moment for which it was collected.
    What comes too late for one digest goes into the next.
    """

    _inherit = "service.notification.message"

    def _collect_digests(self):
        """Put what is due for digests under the rows of the digests; one run at a time."""
        event = self.env.ref(EVENT, raise_if_not_found=False)
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", ["service_notification.digest"])
        if not self.env.cr.fetchone()[0] or not event:
            return
        entries = self.search([("state", "=", "queued"), ("mode", "in", DIGESTS), ("next_try_at", "<=", self._now())])
        for (partner, channel, mode, moment), mine in entries.grouped(self._get_digest_key).items():
            digest = self._get_digest(event, partner, channel, mode, moment, mine[0])
            if digest.state == "queued":
                mine.write({"state": "collected", "digest_id": digest.id})
            else:
                # that one is on its way or out: the next is for them
                mine.next_try_at = next_digest(self._now(), find_zone(partner.tz), mode)
                self._wake(set(mine.mapped("next_try_at")))
        self.env.flush_all()

    @staticmethod
    def _now():
        return fields.Datetime.now()

    @staticmethod
    def _get_digest_key(entry):
        return entry.partner_id, entry.channel_id, entry.mode, entry.next_try_at

    def _get_digest(self, event, partner, channel, mode, moment, entry):
        """Return the row of a digest, locked, made when it is not there."""
        key = {
            "event_id": event.id,
            "res_model": "res.partner",
            "res_id": partner.id,
            "revision": fields.Datetime.to_string(moment),
            "occasion": mode,
            "channel_id": channel.id,
            "recipient": f"partner:{partner.id}",
        }
        values = {
            "partner_id": partner.id,
            "audience": "customer",
            "company_id": entry.company_id.id or None,
            "mode": "immediate",
            "not_before": moment,
            "next_try_at": moment,
            "expires_at": None,
            "reference": self._make_reference(),
            "state": "queued",
            "attempts": 0,
            "create_uid": self.env.uid,
            "create_date": self._now(),
        }
        self._insert([{**key, **values}])
        return self.search([(name, "=", value) for name, value in key.items()]).try_lock_for_update()[:1]

    def _find_empty_digests(self, messages, now):
        """Skip what is no longer true or wanted of what digests collected; return the digests with nothing left."""
        event = self.env.ref(EVENT, raise_if_not_found=False)
        digests = messages.filtered(lambda message: message.event_id == event)
        entries = digests._get_entries()
        if entries:
            entries._skip(entries._find_reasons(now, is_entry=True))
        left = digests - digests._get_entries().digest_id
        return dict.fromkeys(left.ids, self.env._("Nothing is left of what it collected"))

    def _get_entries(self):
        """Return what these digests collected and have to tell, the oldest first."""
        if not self:
            return self
        return self.search([("digest_id", "in", self.ids), ("state", "=", "collected")], order="id")

    def _conclude_entries(self, entry_ids, now):
        """Write down that what was told under this digest is out."""
        self.env.cr.execute(
            SQL(
                """UPDATE service_notification_message SET state = 'sent', sent_at = %s
                    WHERE id IN %s AND digest_id = %s AND state = 'collected'""",
                now,
                tuple(entry_ids),
                self.id,
            )
        )
