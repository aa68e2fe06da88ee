import contextlib
import socket
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase

from ..hooklib import sending
from .receiver import Certificate, Receiver

HOST = "hooks.example.com"
PUBLIC = "93.184.216.34"
CRON = "service_notification_webhook.ir_cron_send"
real_getaddrinfo = socket.getaddrinfo


class Names:
    """The name servers of the world: what each lookup of a name answers, one after another, the last one for ever."""

    def __init__(self, **answers):
        self.answers = {name.replace("_", "."): list(lists) for name, lists in answers.items()}
        self.asked = []

    def __call__(self, host, port, *args, **kwargs):
        if host not in self.answers:
            return real_getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
        self.asked.append(host)
        lists = self.answers[host]
        addresses = lists.pop(0) if len(lists) > 1 else lists[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def use(self):
        """Return the block in which the world asks these."""
        return patch.object(socket, "getaddrinfo", self)


class WebhookCase(TransactionCase):
    """An endpoint at a receiver on this machine, which the administrator allows by name, and a record to tell of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = Certificate(HOST, "localhost")
        context = cls.certificate.make_client_context()
        cls.enterClassContext(patch.object(sending, "make_context", lambda: context))
        cls.names = Names(hooks_example_com=[["127.0.0.1"]])
        cls.enterClassContext(cls.names.use())
        cls.company = cls.env["res.company"].create({"name": "Hook Company"})
        cls.env.user.company_ids += cls.company
        cls.endpoints = cls.env["service.webhook.endpoint"]
        cls.event_a, cls.event_b = cls.env["service.webhook.event"].create(
            [{"code": "thing.made", "name": "Made"}, {"code": "thing.gone", "name": "Gone"}]
        )
        cls.record = cls.env["res.partner"].create({"name": "A thing"})

    def open_receiver(self, answer=None):
        """Return a receiver with TLS until the end of the test; its port of `HOST` is allowed."""
        receiver = self.enterContext(Receiver(answer, self.certificate))
        self.allow(f"{HOST}:{receiver.port}")
        return receiver

    def allow(self, *hosts):
        """Allow hosts beside those that are."""
        key = "service_notification_webhook.allowed_hosts"
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(key, " ".join([parameters.get_param(key) or "", *hosts]))

    @classmethod
    def make_endpoint(cls, receiver=None, **values):
        """Return an endpoint at a receiver, or at a public address."""
        url = f"https://{HOST}:{receiver.port}/in?a=1" if receiver else f"https://{PUBLIC}/in"
        return cls.endpoints.create({"name": "Books", "url": url, "company_id": cls.company.id, **values})

    @classmethod
    def publish(cls, code="thing.made", revision=None, **kwargs):
        """Publish an event of the record."""
        payload = {"order_id": 7, "amount": "12.50", "text": "Grüße"}
        return cls.endpoints._publish(code, cls.company, payload, cls.record, revision, **kwargs)

    def run_cron(self):
        """Let the sender send what is due."""
        self.env.flush_all()
        cron = self.env.ref(CRON)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(cron.failure_count, 0)

    def let_due(self, deliveries):
        """Let the time of the next attempt have come."""
        deliveries.sudo().next_attempt_at = fields.Datetime.now() - timedelta(seconds=1)
        deliveries.endpoint_id.paused_until = False

    def get_keys(self, endpoint):
        """Return the secrets that sign, the newest first."""
        return [secret.value for secret in endpoint._get_secrets()[endpoint.id]]

    @contextlib.contextmanager
    def assert_quick(self, seconds):
        """Give requests that many seconds instead of fifteen."""
        with patch.object(sending, "TOTAL_SECONDS", seconds), patch.object(sending, "CONNECT_SECONDS", seconds):
            yield
