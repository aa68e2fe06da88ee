from odoo import models


class ResPartner(models.Model):
    """Persons as what a message is about: digests are, and events of addons that concern a person alone."""

    _name = "res.partner"
    _inherit = ["res.partner", "service.notification.mixin"]

    def _get_notification_recipients(self, event, audience):
        """Override: he himself."""
        if audience == "customer":
            return {partner.id: partner for partner in self}
        return super()._get_notification_recipients(event, audience)

    def _get_notification_zone(self):
        """Override: his own zone, when it is known."""
        zones = super()._get_notification_zone()
        return {partner.id: partner.tz or zones[partner.id] for partner in self}

    def _get_notification_url(self):
        """Override: the page on which he chooses what he gets."""
        return dict.fromkeys(self.ids, "/my/notifications")
