from odoo import fields, models


class ServiceNotificationChannel(models.Model):
    """A way to reach people. What it does is in a class of its own, ``service.notification.sender.<code>``.

    An addon adds a channel with one record of this model and one abstract model that inherits
    ``service.notification.sender``.
    """

    _name = "service.notification.channel"
    _description = "Notification Channel"
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True, copy=False)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="What is queued for an inactive channel waits until it is active again.")
    is_personal = fields.Boolean(
        default=True, readonly=True, help="It reaches persons, who choose what they get. Others reach machines."
    )
    is_loud = fields.Boolean(
        help="It may wake somebody up: it is silent at night for those who have not chosen quiet hours themselves."
    )
    can_digest = fields.Boolean(readonly=True, help="Messages can be collected to one a day or week.")

    _code_uniq = models.Constraint("UNIQUE (code)", "There is a channel with that code already.")

    def _get_sender(self):
        """Return the (empty) model that sends over this channel.

        :raise ValueError: no addon brings a sender for it
        """
        self.ensure_one()
        name = f"service.notification.sender.{self.code}"
        if name not in self.env:
            raise ValueError(f"no model {name} sends over the channel {self.code}")
        return self.env[name]
