from odoo import fields, models
from odoo.fields import Domain

CUSTOMERS = ("customer",)
STAFF = ("assigned", "staff")
"""The audiences to which somebody belongs who chooses as a customer, or as one of the staff."""


class ServiceNotificationGroup(models.Model):
    """Events that people want or do not want together: "Appointments", "Orders"."""

    _name = "service.notification.group"
    _description = "Notification Group"
    _order = "sequence, id"

    code = fields.Char(required=True, copy=False)
    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True, help="One sentence for the people who choose.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_for_customers = fields.Boolean(default=True, help="Customers choose how they hear of it.")
    is_for_staff = fields.Boolean(default=True, help="The staff choose how they hear of it.")
    event_ids = fields.One2many("service.notification.event", "group_id")

    _code_uniq = models.Constraint("UNIQUE (code)", "There is a group with that code already.")

    def _get_choice_domain(self, is_staff):
        """Return the domain of what a person can choose about: groups that have events."""
        audience = Domain("is_for_staff" if is_staff else "is_for_customers", "=", True)
        return audience & Domain("event_ids", "!=", False)

    def _get_channels(self):
        """Return the channels over which people can hear of a group."""
        self.ensure_one()
        channels = self.env["service.notification.channel"].browse()
        for event in self.event_ids:
            channels |= event._get_channels()
        return channels.filtered("is_personal").sorted()

    def _get_usual(self, channel, is_staff):
        """Return how those hear of a group over a channel who have chosen nothing: "on", "off", or "some" of it."""
        self.ensure_one()
        audiences = STAFF if is_staff else CUSTOMERS
        told = [event._is_usual(channel, audiences) for event in self.event_ids if channel in event._get_channels()]
        if all(told):
            return "on" if told else "off"
        return "some" if any(told) else "off"
