from odoo import models


class ServiceNotificationMixin(models.AbstractModel):
    """What webhooks tell of a record."""

    _inherit = "service.notification.mixin"

    def _get_notification_payload(self, event):
        """Return ``{record id: what other systems are told}``; of records that are left out they are told nothing.

        Called in the transaction of the change, as superuser.

        :param event: ``service.notification.event``
        :return: dicts of JSON's types; times as texts with an offset, money as text
        """
        return {}
