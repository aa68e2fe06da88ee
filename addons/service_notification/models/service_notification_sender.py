from contextlib import contextmanager

from odoo import models


class ServiceNotificationSender(models.AbstractModel):
    """What a channel does: the seam between the outbox and one way to reach people. No state, no fields."""

    _name = "service.notification.sender"
    _description = "Notification Sender"

    _is_transactional = False
    """Whether ``_deliver`` only writes to the database. Then a whole batch is one transaction, and nothing is ever sent
    twice; else each message is committed by itself as soon as it is out."""

    def _has_text(self, event):
        """Return whether an event has a text for this channel; one without is never queued for it."""
        raise NotImplementedError

    def _filter_partners(self, partners):
        """Return those of the partners whom the channel may reach at all; the others get no row in the outbox."""
        return partners

    def _is_choice_of(self, partner):
        """Return whether a person is asked about this channel on the page of his choices."""
        return True

    def _get_endpoints(self, event, records):
        """Return ``{record id: [(recipient, company id)]}`` for channels that reach machines, not persons.

        :return: ``recipient`` is a text that is the same for the same endpoint for ever, such as "webhook:7"
        """
        return {}

    def _find_obstacles(self, messages):
        """Return ``{message id: why it cannot be sent to its recipient}``; those without an obstacle are left out."""
        return {}

    def _prepare(self, messages):
        """Render messages, in batch.

        :return: ``({message id: payload}, {message id: DeliveryError})``; a payload is a dict whose "title" is kept in
            the outbox, the rest is the channel's own. Payloads hold no records: the cache is cleared while sending.
        """
        raise NotImplementedError

    @contextmanager
    def _open_session(self):
        """Give the block what lasts for a batch, such as connections; close it at the end."""
        yield None

    def _deliver(self, payloads, session):
        """Send payloads one after the other and yield ``(message id, None or a DeliveryError)`` after each.

        Whoever iterates may stop early: what was not yielded was not sent.

        :raise ChannelDown: nothing more can be sent now
        """
        raise NotImplementedError
