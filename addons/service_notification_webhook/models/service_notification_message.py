from odoo import api, models

from ..happening import Happening


class ServiceNotificationMessage(models.Model):
    """Beside people, endpoints of other systems are told."""

    _inherit = "service.notification.message"

    @api.model
    def _queue(self, event, records, *, channels=None, occasion="", moments=None, **kwargs):
        """Override to tell endpoints as well, of what happens now: reminders and single channels are for people.

        It is no row of the outbox: what endpoints are told is what was so at the change, and in what revision.
        """
        count = super()._queue(event, records, channels=channels, occasion=occasion, moments=moments, **kwargs)
        if event and records and not (channels or occasion or moments):
            # sudo: whoever changes a record tells systems of which he does not know
            self._publish_to_endpoints(event, records.sudo())
        return count

    @api.model
    def _publish_to_endpoints(self, event, records):
        """Publish an event of records that have something to tell."""
        payloads = records._get_notification_payload(event)
        told = records.filtered(lambda record: payloads.get(record.id))
        if not told:
            return
        companies, revisions = told._get_notification_company(), told._get_notification_revision()
        self.env["service.webhook.endpoint"]._publish_all(
            event.code,
            [
                Happening(companies[record.id], payloads[record.id], record, _to_number(revisions[record.id]))
                for record in told
            ],
        )


def _to_number(revision):
    """Return a revision as the number that receivers compare; None when it is none."""
    text = str(revision)
    return int(text) if text.isdecimal() else None
