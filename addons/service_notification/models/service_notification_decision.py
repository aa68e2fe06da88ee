from odoo import fields, models
from odoo.tools import SQL, groupby

from .service_notification_reminder import OCCASION


class ServiceNotificationMessage(models.Model):
    """What is decided at the moment of sending: is it still true, still wanted, and is the recipient awake."""

    _inherit = "service.notification.message"

    def _decide(self):
        """Skip or put off what must not be sent now; return the rest. In batch: no query for each message."""
        now = fields.Datetime.now()
        reasons = self._find_reasons(now)
        self._skip(reasons)
        wanted = self.filtered(lambda message: message.id not in reasons)
        later = wanted._find_quiet_ends(now)
        wanted._put_off(later)
        return wanted.filtered(lambda message: message.id not in later)

    def _find_reasons(self, now, is_entry=False):
        """Return ``{message id: why it is not sent}``.

        :param bool is_entry: these are parts of digests, which are sent with the digest
        """
        reasons = {}
        finders = [self._find_expired, self._find_stale, self._find_unwanted, self._find_superseded]
        finders += [] if is_entry else [self._find_empty_digests, self._find_unreachable]
        for find in finders:
            left = self.filtered(lambda message: message.id not in reasons)
            reasons.update(find(left, now))
        return reasons

    def _find_unreachable(self, messages, now):
        """Ask the channels."""
        reasons = {}
        for channel, mine in messages.grouped("channel_id").items():
            reasons.update(channel._get_sender()._find_obstacles(mine))
        return reasons

    def _find_expired(self, messages, now):
        late = messages.filtered(lambda message: message.expires_at and message.expires_at <= now)
        return dict.fromkeys(late.ids, self.env._("Too late: what it was about has begun"))

    def _find_superseded(self, messages, now):
        """Return the reminders in whose place a later one of the same record is due, on its way or out: after an
        outage nobody gets all at once that he missed."""
        reminders = messages.filtered(lambda message: (message.occasion or "").startswith(OCCASION))
        if not reminders:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM service_notification_message m
                    WHERE m.id IN %s AND EXISTS (
                          SELECT FROM service_notification_message later
                           WHERE (later.res_model, later.res_id, later.event_id, later.revision)
                               = (m.res_model, m.res_id, m.event_id, m.revision)
                             AND (later.channel_id, later.recipient) = (m.channel_id, m.recipient)
                             AND starts_with(later.occasion, %s) AND later.not_before > m.not_before
                             AND least(later.not_before, later.next_try_at) <= %s
                             AND later.state IN ('queued', 'sending', 'sent'))""",
                tuple(reminders.ids),
                OCCASION,
                now,
            )
        )
        return dict.fromkeys((row[0] for row in rows), self.env._("A later reminder has taken its place"))

    def _find_stale(self, messages, now):
        """Ask the records, model by model."""
        reasons = {}
        for model, mine in messages.grouped("res_model").items():
            records = self.env[model].browse(set(mine.mapped("res_id"))) if model in self.env else self.browse()
            records = records.sudo().exists()  # sudo: the sender acts for nobody in particular
            alive = mine.filtered(lambda message, ids=set(records.ids): message.res_id in ids)
            reasons.update(dict.fromkeys((mine - alive).ids, self.env._("The record no longer exists")))
            if alive:
                found = records._is_notification_stale(alive)
                reasons.update({message_id: reason for message_id, reason in found.items() if reason})
        return reasons

    def _find_unwanted(self, messages, now):
        """Return those that have meanwhile been switched off: by the recipient, or the event for all."""
        inactive = messages.filtered(lambda message: not message.event_id.active)
        personal = messages.filtered("partner_id")
        modes = self.env["service.notification.preference"]._read_modes(personal.partner_id, personal.event_id.group_id)
        off = personal.filtered(
            lambda message: (
                modes.get((message.partner_id.id, message.event_id.group_id.id, message.channel_id.id), message.mode)
                == "off"
            )
        )
        return {
            **dict.fromkeys(off.ids, self.env._("The recipient does not want it any more")),
            **dict.fromkeys(inactive.ids, self.env._("Nobody is told of that event any more")),
        }

    def _find_quiet_ends(self, now):
        """Return ``{message id: when the quiet hours of its recipient end}`` for those that must wait."""
        quiet = self.env["service.notification.quiet"]
        waiting = self.filtered(lambda message: message.partner_id and not message.event_id.is_urgent)
        hours = quiet._read_hours(waiting.partner_id)
        zones = waiting._read_zones()
        found = {
            message.id: quiet._find(now, message.partner_id, message.channel_id, hours, zones.get(message.id))
            for message in waiting
        }
        return {message_id: span[1] for message_id, span in found.items() if span}

    def _read_zones(self):
        """Return ``{message id: zone name of its record}``; the records exist."""
        zones = {}
        for model, messages in self.grouped("res_model").items():
            # sudo: the sender acts for nobody in particular
            of_records = self.env[model].sudo().browse(set(messages.mapped("res_id")))._get_notification_zone()
            zones.update({message.id: of_records.get(message.res_id) for message in messages})
        return zones

    def _skip(self, reasons):
        """Skip messages for ever, one UPDATE for each distinct reason."""
        for reason, ids in groupby(reasons, key=reasons.get):
            messages = self.browse(ids)
            messages._get_entries().write({"state": "skipped", "reason": reason})
            messages.write({"state": "skipped", "reason": reason, "claim": 0})

    def _put_off(self, moments):
        """Queue again for later, without counting a failure."""
        for moment, ids in groupby(moments, key=moments.get):
            self.browse(ids).write({"state": "queued", "next_try_at": moment, "claim": 0})
        if moments:
            self._wake(set(moments.values()))
