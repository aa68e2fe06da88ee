from datetime import timedelta

from standardwebhooks import Webhook

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import WebhookCase

MODELS = ("endpoint", "delivery", "attempt", "event", "secret", "rotation", "replay", "secret.show")


@tagged("post_install", "-at_install")
class TestSecret(WebhookCase):
    """What webhooks are signed with is shown once and is nowhere else."""

    def test_shown_once(self):
        """A new endpoint's secret is shown on the first click, and refused on the second."""
        endpoint = self.make_endpoint()
        self.assertTrue(endpoint.is_secret_unseen)
        action = endpoint.action_show_secret()
        value = action["context"]["default_secret"]
        self.assertEqual([value], self.get_keys(endpoint))
        self.assertTrue(value.startswith("whsec_"))
        self.assertFalse(endpoint.is_secret_unseen)
        with self.assertRaisesRegex(UserError, "has been shown"):
            endpoint.action_show_secret()
        self.assertNotEqual(self.get_keys(self.make_endpoint()), [value])

    def test_rotation(self):
        """During a rotation both secrets verify; when the old one is over, the new one only."""
        receiver = self.open_receiver()
        endpoint = self.make_endpoint(receiver)
        old = endpoint._reveal_secret()
        wizard = self.env["service.webhook.rotation"].create({"endpoint_id": endpoint.id, "overlap_hours": "24"})
        new = wizard.action_rotate()["context"]["default_secret"]
        self.assertFalse(endpoint.is_secret_unseen)
        delay = endpoint.old_secret_until - fields.Datetime.now()
        self.assertAlmostEqual(delay.total_seconds(), 86400, delta=600)
        self.publish()
        self.run_cron()
        for key in (old, new):
            Webhook(key).verify(receiver.received[0].body, receiver.received[0].headers)
        secrets = endpoint._get_secrets()[endpoint.id]
        secrets[1].expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.publish()
        self.run_cron()
        last = receiver.received[1]
        Webhook(new).verify(last.body, last.headers)
        self.assertEqual(len(last.headers["webhook-signature"].split()), 1)
        with self.assertRaisesRegex(Exception, "No matching signature"):
            Webhook(old).verify(last.body, last.headers)
        self.env["service.webhook.secret"]._gc_expired()
        self.assertFalse(secrets[1].exists())

    def test_rotated_twice(self):
        """There are two at most: the one before the last signs no more. One that others know ends at once."""
        endpoint = self.make_endpoint()
        first = endpoint._reveal_secret()
        second, third = (endpoint._rotate_secret(timedelta(days=1)) for _number in range(2))
        self.assertEqual(self.get_keys(endpoint), [third, second])
        self.assertNotIn(first, self.get_keys(endpoint))
        last = endpoint._rotate_secret(timedelta(0))
        self.assertEqual(self.get_keys(endpoint), [last])
        self.assertFalse(endpoint.old_secret_until)

    def test_nowhere_else(self):
        """Not even the administrator reads, exports or copies it; the chatter and the wizard do not hold it."""
        endpoint = self.make_endpoint()
        value = endpoint._reveal_secret()
        admin = new_test_user(self.env, "root@hooks", groups="base.group_system")
        admin.write({"company_ids": [Command.link(self.company.id)]})
        secrets = endpoint._get_secrets()[endpoint.id]
        mine = secrets.with_user(admin).sudo(False)
        for act in (lambda: mine.read(["value"]), lambda: mine.export_data(["value"]), lambda: mine.search([])):
            with self.assertRaises(AccessError):
                act()
        self.assertNotEqual(self.get_keys(endpoint.copy()), [value])
        wizard = self.env["service.webhook.rotation"].create({"endpoint_id": endpoint.id})
        new = wizard.action_rotate()["context"]["default_secret"]
        texts = str(endpoint.read()) + str(wizard.read()) + str(endpoint.message_ids.mapped("body"))
        self.assertNotIn(value, texts)
        self.assertNotIn(new, texts)


@tagged("post_install", "-at_install")
class TestSecurity(WebhookCase):
    """Who sees webhooks: administrators, each those of his companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endpoint = cls.make_endpoint()
        cls.delivery = cls.publish()
        cls.delivery._log_attempts("interrupted")

    def test_others(self):
        """Employees and customers have no rights on any of it, and cannot press the buttons."""
        for groups in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"{groups}@hooks", groups=groups)
            for name in MODELS:
                self.assertFalse(self.env[f"service.webhook.{name}"].with_user(user).has_access("read"), name)
            endpoint = self.endpoint.with_user(user)
            for act in (
                endpoint.action_send_test,
                endpoint.action_switch_off,
                endpoint.action_show_secret,
                self.delivery.with_user(user).sudo(False).action_replay,
            ):
                with self.assertRaises(AccessError):
                    act()

    def test_administrators(self):
        """An administrator makes endpoints, reads the log and replays, but does not write the log."""
        admin = new_test_user(
            self.env,
            "root@hooks",
            groups="base.group_system",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        endpoint, delivery = self.endpoint.with_user(admin), self.delivery.with_user(admin).sudo(False)
        self.assertTrue(endpoint.has_access("write"))
        self.assertTrue(delivery.has_access("read") and delivery.attempt_ids.has_access("read"))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(delivery.has_access(operation), operation)
        delivery.action_replay()
        endpoint.action_send_test()
        endpoint.action_switch_off()
        endpoint.action_switch_on()
        endpoint.action_rotate_secret()
        self.assertTrue(endpoint.copy())
        self.assertTrue(endpoint.unlink())

    def test_companies_keep_apart(self):
        """An administrator of another company sees nothing of it."""
        company = self.env["res.company"].create({"name": "Other"})
        admin = new_test_user(
            self.env,
            "other@hooks",
            groups="base.group_system",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for records in (self.endpoint, self.delivery, self.delivery.attempt_ids):
            self.assertFalse(records.with_user(admin).sudo(False).has_access("read"), records)
            self.assertFalse(records.with_user(admin).sudo(False).search([("id", "in", records.ids)]))
