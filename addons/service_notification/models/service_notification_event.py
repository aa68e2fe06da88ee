from odoo import api, fields, models, tools

AUDIENCES = ("customer", "assigned", "staff", "follower")
"""Whom an event can concern; who is in several is told as the first of them."""


class ServiceNotificationEvent(models.Model):
    """Something that happens to a record and that people are told of.

    An addon declares one with a data record, and tells of it with ``record._notify("code")``.
    """

    _name = "service.notification.event"
    _description = "Notification Event"
    _order = "group_id, sequence, id"

    code = fields.Char(required=True, copy=False)
    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True, help="When it happens.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="Nobody is told of an inactive event.")
    group_id = fields.Many2one(
        "service.notification.group", ondelete="restrict", index=True, help="People choose by group how they are told."
    )
    model_id = fields.Many2one(
        "ir.model", required=True, ondelete="cascade", domain=[("transient", "=", False)], help="Of what it tells."
    )
    model = fields.Char("Model Name", related="model_id.model", store=True, index=True)
    is_urgent = fields.Boolean(help="It is sent at once, also in quiet hours and to those who collect digests.")
    customer_channel_ids = fields.Many2many(
        "service.notification.channel",
        "service_notification_event_customer_rel",
        string="Customers by",
        help="Unless they choose otherwise.",
    )
    assigned_channel_ids = fields.Many2many(
        "service.notification.channel",
        "service_notification_event_assigned_rel",
        string="Who is assigned by",
        help="Unless they choose otherwise.",
    )
    staff_channel_ids = fields.Many2many(
        "service.notification.channel",
        "service_notification_event_staff_rel",
        string="Staff by",
        help="Unless they choose otherwise.",
    )
    follower_channel_ids = fields.Many2many(
        "service.notification.channel",
        "service_notification_event_follower_rel",
        string="Followers by",
        help="Unless they choose otherwise.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        ondelete="restrict",
        domain="[('model_id', '=', model_id)]",
        help="Subject, body and sender. The greeting and the foot come from the layout; recipients from the event.",
    )
    sms_template_id = fields.Many2one(
        "sms.template", ondelete="restrict", domain="[('model_id', '=', model_id)]", string="SMS Template"
    )
    reminder_ids = fields.One2many("service.notification.reminder", "event_id")

    _code_uniq = models.Constraint("UNIQUE (code)", "There is an event with that code already.")

    @api.model
    def _get_by_code(self, code):
        """Return the event of a code as superuser, empty when it is inactive.

        :raise ValueError: there is none
        """
        event_id = self._get_id_by_code(code)
        if not event_id:
            raise ValueError(f"there is no notification event {code!r}")
        # sudo: whoever changes a record causes messages, and does not see how they are made
        return self.sudo().browse(event_id).filtered("active")

    @tools.ormcache("code")
    def _get_id_by_code(self, code):
        return self.sudo().with_context(active_test=False).search([("code", "=", code)]).id

    @api.model_create_multi
    def create(self, vals_list):
        """Override to forget which codes there are."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Override to forget which codes there are."""
        if "code" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Override to forget which codes there are."""
        self.env.registry.clear_cache()
        return super().unlink()

    def _get_default_channels(self, audience):
        """Return the channels by which those of an audience are told who have chosen nothing."""
        return self[f"{audience}_channel_ids"]

    def _is_usual(self, channel, audiences):
        """Return whether one of some audiences is told over a channel without having chosen it.

        Of reminders the rules decide, where they name channels of their own.
        """
        rules = self.reminder_ids.filtered(lambda rule: rule.audience in audiences)
        if self.reminder_ids:
            return any(channel in (rule.channel_ids or self._get_default_channels(rule.audience)) for rule in rules)
        return any(channel in self._get_default_channels(audience) for audience in audiences)

    def _get_channels(self):
        """Return the channels that the event has a text for, whoever is told."""
        channels = self.env["service.notification.channel"].search([])
        return channels.filtered(lambda channel: channel._get_sender()._has_text(self))

    def action_preview(self):
        """Show what people get, with a record of the database."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "service.notification.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_id": self.id},
        }
