from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from .service_notification_event import AUDIENCES

OCCASION = "reminder/"
"""With what the occasion of every reminder begins; the rule's id follows."""

AUDIENCE_LABELS = [
    ("customer", "Customer"),
    ("assigned", "Who is Assigned"),
    ("staff", "Staff"),
    ("follower", "Followers"),
]


class ServiceNotificationReminder(models.Model):
    """A rule: so long before the moment of a record, somebody is reminded of it."""

    _name = "service.notification.reminder"
    _description = "Reminder Rule"
    _order = "event_id, minutes_before desc, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    event_id = fields.Many2one("service.notification.event", required=True, ondelete="cascade", index=True)
    model = fields.Char(related="event_id.model")
    minutes_before = fields.Integer(required=True, default=1440, help="Before the moment of the record; 1440 is a day.")
    audience = fields.Selection(AUDIENCE_LABELS, "Who", required=True, default="customer")
    channel_ids = fields.Many2many(
        "service.notification.channel",
        string="By",
        help="Only by these. Empty: as the event's defaults and the wishes of the recipients say.",
    )
    domain = fields.Char("Only for", default="[]", required=True, help="Only for records that match.")
    company_id = fields.Many2one("res.company", ondelete="cascade", help="Empty: for all companies.")

    _minutes_positive = models.Constraint("CHECK (minutes_before >= 0)", "A reminder is sent before, not after.")

    @api.constrains("domain", "event_id")
    def _check_domain(self):
        for rule in self:
            try:
                self.env[rule.sudo().event_id.model].search(rule._get_domain(), limit=1)
            except Exception as error:  # whatever a wrong domain makes the evaluation or the search raise
                raise ValidationError(
                    self.env._("The reminder %(name)s has a faulty filter: %(error)s", name=rule.name, error=error)
                ) from error

    def _get_domain(self):
        self.ensure_one()
        return Domain(safe_eval(self.domain or "[]"))

    @api.model
    def _arm(self, records, audiences=AUDIENCES):
        """Queue the reminders of records; the number of queries grows with the rules, not with the records.

        :param audiences: names of those who are reminded
        :return: how many messages are new
        """
        # sudo: whoever books causes reminders by rules that he does not see
        records = records.sudo()
        rules = self.sudo().search(
            [("event_id.model", "=", records._name), ("event_id.active", "=", True), ("audience", "in", audiences)]
        )
        if not rules or not records:
            return 0
        moments = records._get_notification_moment()
        companies = records._get_notification_company()
        return sum(rule._arm_rule(records, moments, companies) for rule in rules)

    def _arm_rule(self, records, moments, companies):
        """Queue the reminders of one rule: for records that match and whose reminder is not due yet."""
        self.ensure_one()
        now = fields.Datetime.now()
        ahead = timedelta(minutes=self.minutes_before)
        due = {
            record.id: (moments[record.id] - ahead, moments[record.id])
            for record in records
            if moments.get(record.id)
            and moments[record.id] - ahead > now
            and self.company_id in (companies[record.id], self.env["res.company"])
        }
        matching = records.browse(due)._filter_reminded(self)
        return self.env["service.notification.message"]._queue(
            self.event_id,
            matching,
            audiences=(self.audience,),
            channels=self.channel_ids or None,
            occasion=f"{OCCASION}{self.id}",
            moments=due,
        )
