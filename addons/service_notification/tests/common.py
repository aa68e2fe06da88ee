"""A stand-in for a model that people are told of: partners, with the moment in `ref`, the revision in `color`.

A test-only model would need a test-only addon; `res.partner` has the mixin anyway, and its hooks can be replaced for
the time of a test.
"""

import contextlib
import email
import email.policy
from datetime import datetime

from odoo import Command, fields
from odoo.tests import HttpCase, TransactionCase

from odoo.addons.base.tests.common import MockSmtplibCase

NOW = datetime(2030, 3, 12, 15, 0)
"""A Tuesday; 11:00 in New York, 16:00 in Paris. In the future, for Odoo judges its triggers by the database's clock."""

CRON = "service_notification.ir_cron_send"


class NotificationCase(TransactionCase, MockSmtplibCase):
    """An event of partners, mailed to them in their language; and the sender, with a mail server that takes all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={"tracking_disable": True, "no_reset_password": True, "lang": "en_US"})
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.config_parameter"].set_param("web.base.url", "https://shop.example.com")
        cls.email = cls.env.ref("service_notification.channel_email")
        cls.sms = cls.env.ref("service_notification.channel_sms")
        cls.company = cls.env["res.company"].create({"name": "Blue Reef", "email": "shop@reef.example"})
        cls.group = cls.env["service.notification.group"].create({"code": "test", "name": "Dives"})
        cls.template = cls.create_template("Dive {{ object.name }}", '<p>Your dive, <t t-out="object.name"/>.</p>')
        cls.event = cls.create_event("test_dive", mail_template_id=cls.template.id)
        cls.record = cls.create_partner("Anna Dive", email="anna@example.com")

    def setUp(self):
        super().setUp()
        self.env["service.notification.message"].search([]).unlink()
        self.patch_hooks()

    def patch_hooks(self):
        """Let partners have a moment and a revision, and be stale when archived."""
        partners = self.env.registry["res.partner"]

        def get_moment(records):
            return {record.id: fields.Datetime.to_datetime(record.ref) or False for record in records}

        def get_revision(records):
            return {record.id: record.color for record in records}

        def is_stale(records, messages, base=partners._is_notification_stale):
            gone = records.filtered(lambda record: not record.active)
            cancelled = messages.filtered(lambda message: message.res_id in gone.ids)
            return {**base(records, messages), **dict.fromkeys(cancelled.ids, "Cancelled")}

        self.patch(partners, "_get_notification_moment", get_moment)
        self.patch(partners, "_get_notification_revision", get_revision)
        self.patch(partners, "_is_notification_stale", is_stale)

    # -- Data -----------------------------------------------------------------------------------

    @classmethod
    def create_template(cls, subject, body, model="res.partner", **values):
        """Return a mail template."""
        model_id = cls.env["ir.model"]._get_id(model)
        return cls.env["mail.template"].create(
            {"name": subject, "model_id": model_id, "subject": subject, "body_html": body, **values}
        )

    @classmethod
    def create_event(cls, code, **values):
        """Return an event of partners of which customers are told by e-mail."""
        return cls.env["service.notification.event"].create(
            {
                "code": code,
                "name": code,
                "group_id": cls.group.id,
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "customer_channel_ids": [Command.set(cls.email.ids)],
                **values,
            }
        )

    @classmethod
    def create_partner(cls, name, **values):
        """Return a partner of the company."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "email": f"{name.split()[0].lower()}@example.com",
                "company_id": cls.company.id,
                "tz": "America/New_York",
                "lang": "en_US",
                **values,
            }
        )

    def choose(self, partner, mode, channel=None):
        """Let a partner choose how he hears of the group."""
        self.env["service.notification.preference"]._choose(partner, self.group, channel or self.email, mode)

    # -- The outbox -----------------------------------------------------------------------------

    def get_messages(self, **values):
        """Return the rows of the outbox with such values, in the order in which they were made."""
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["service.notification.message"].search(domain, order="id")

    def in_test_mode(self):
        """Return what makes the sender's cursor part of the test; a test with a server is in that mode already."""
        return contextlib.nullcontext() if isinstance(self, HttpCase) else self.enter_registry_test_mode()

    def send(self):
        """Run the sender once, as Odoo does; return the mails that it sent."""
        with self.mock_smtplib_connection(), self.in_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.assertEqual(self.env.ref(CRON).failure_count, 0)
        return [email.message_from_string(mail["message"], policy=email.policy.default) for mail in self.emails]

    def notify_and_send(self, record=None):
        """Tell of the event and return the one mail about it."""
        (record or self.record)._notify(self.event.code)
        [mail] = self.send()
        return mail

    @staticmethod
    def get_part(mail, kind):
        """Return the text of the "plain" or "html" part of a mail."""
        return mail.get_body((kind,)).get_content().replace("\r\n", "\n")

    def get_triggers(self):
        """Return when the sender is to run, in order."""
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.env.ref(CRON).id)])
        return sorted(triggers.mapped("call_at"))
