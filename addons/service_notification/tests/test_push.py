from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import NOW, NotificationCase
from .push_device import Device, PushReceiver, verify_vapid

CORE = "odoo.addons.mail.tools.web_push"


@tagged("post_install", "-at_install")
class TestPush(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.push = cls.env.ref("service_notification.channel_push")
        cls.user = new_test_user(
            cls.env, "anna", groups="base.group_user,base.group_partner_manager", name="Anna Dive", email="a@b.example"
        )
        cls.user.write({"company_ids": [Command.link(cls.company.id)], "company_id": cls.company.id})
        cls.record = cls.user.partner_id
        cls.record.write({"company_id": cls.company.id, "tz": "America/New_York", "lang": "en_US"})
        cls.env["mail.push.device"].search([]).unlink()

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOW))
        self.receiver = self.enterContext(PushReceiver())
        self.phone, self.laptop = (Device(self.receiver, name) for name in ("phone", "laptop"))
        self.phone_record = self.phone.register(self.env, self.user)
        self.choose(self.record, "off")
        self.choose(self.record, "immediate", self.push)

    def tell(self):
        """Tell of the event; return the row of the outbox for devices, after it was dealt with."""
        self.record._notify("test_dive")
        with mute_logger(CORE):
            self.send()
        [message] = self.get_messages(channel_id=self.push.id)
        return message

    def test_arrives(self):
        """A device reads who writes and what the e-mail's subject says, no more; a click opens the record."""
        message = self.tell()
        self.assertEqual((message.state, message.title), ("sent", "Dive Anna Dive"))
        [content] = self.phone.read_messages()
        self.assertEqual(content["title"], "Blue Reef")
        options = content["options"]
        self.assertEqual(options.pop("icon"), "/web/static/img/odoo-icon-192x192.png")
        self.assertEqual(
            options,
            {
                "body": "Dive Anna Dive",
                "tag": message.reference,
                "data": {"model": "res.partner", "res_id": self.record.id},
            },
        )
        [(_path, headers, _body)] = self.receiver.received
        claims = verify_vapid(headers, self.receiver.origin)
        self.assertEqual(claims["sub"], "https://shop.example.com")
        self.send()
        self.assertEqual(len(self.receiver.received), 1)

    def test_language(self):
        """It is in the language of its reader."""
        self.template.with_context(lang="fr_FR").subject = "Plongée {{ object.name }}"
        self.record.lang = "fr_FR"
        self.tell()
        self.assertEqual(self.phone.read_messages()[0]["options"]["body"], "Plongée Anna Dive")

    def test_devices(self):
        """All devices of the person get it, and nobody else's; those that are gone are forgotten, as Odoo does."""
        other = new_test_user(self.env, "berta", groups="base.group_user")
        stranger = Device(self.receiver, "stranger")
        stranger.register(self.env, other)
        laptop_record = self.laptop.register(self.env, self.user)
        for status in (404, 410):
            with self.subTest(status=status):
                self.receiver.statuses = {self.phone.path: status}
                self.get_messages().unlink()
                self.assertEqual(self.tell().state, "sent")
                self.assertFalse(self.phone_record.exists())
                self.assertTrue(laptop_record.exists())
                self.phone_record = self.phone.register(self.env, self.user)
        self.assertEqual(sorted(set(self.receiver.paths)), [self.laptop.path, self.phone.path])
        self.assertEqual(len(self.laptop.read_messages()), 2)

    def test_last_device_is_gone(self):
        """When the only device is gone the message has failed for good, and the device is forgotten."""
        self.receiver.statuses = {self.phone.path: 410}
        message = self.tell()
        self.assertEqual(message.state, "dead")
        self.assertIn("does not know", message.last_error)
        self.assertFalse(self.phone_record.exists())

    def test_service_fails(self):
        """A push service that is down or busy is asked again; what it refuses is not; its devices stay."""
        for status, state in ((500, "queued"), (429, "queued"), (400, "dead"), (301, "dead")):
            with self.subTest(status=status):
                self.get_messages().unlink()
                self.receiver.statuses = {self.phone.path: status}
                message = self.tell()
                self.assertEqual((message.state, message.attempts), (state, 1))
                self.assertIn(str(status), message.last_error)
                self.assertTrue(self.phone_record.exists())
        self.assertNotIn("/elsewhere", self.receiver.paths)

    def test_tried_again(self):
        """What failed arrives with the next try, once."""
        self.receiver.statuses = {self.phone.path: 503}
        message = self.tell()
        self.receiver.statuses = {}
        self.clock.move_to(fields.Datetime.add(message.next_try_at, minutes=1))
        self.send()
        self.assertEqual(message.state, "sent")
        self.assertEqual(len(self.phone.read_messages()), 2)
        self.send()
        self.assertEqual(len(self.phone.read_messages()), 2)

    def test_faulty_keys(self):
        """A device whose keys are none keeps nothing from the others."""
        self.laptop.register(self.env, self.user).keys = '{"p256dh": "x", "auth": "y"}'
        self.assertEqual(self.tell().state, "sent")
        self.assertEqual(len(self.phone.read_messages()), 1)

    def test_no_device(self):
        """Who has no device is skipped, and the outbox says why; who has no log-in is not even asked."""
        self.phone_record.unlink()
        message = self.tell()
        self.assertEqual((message.state, message.reason), ("skipped", "There is no device"))
        self.event.customer_channel_ids = self.push
        self.create_partner("Guest Without")._notify("test_dive")
        self.assertEqual(len(self.get_messages(channel_id=self.push.id)), 1)

    def test_may_not_read(self):
        """Nothing of a record is shown to who may not read it, whoever put him on the list."""
        secret = self.create_partner("Secret", company_id=self.env["res.company"].create({"name": "Elsewhere"}).id)
        recipients = {"customer": {secret.id: self.record}}
        self.patch(
            self.env.registry["res.partner"],
            "_get_notification_recipients",
            lambda _records, _event, audience: recipients.get(audience, {}),
        )
        secret._notify("test_dive")
        self.send()
        message = self.get_messages(channel_id=self.push.id)
        self.assertEqual(message.state, "skipped")
        self.assertIn("may not read", message.reason)
        self.assertFalse(self.receiver.received)

    def test_choice(self):
        """Devices are among the choices of those who have one, and a wish against them is kept."""
        preferences = self.env["service.notification.preference"]

        def is_asked():
            choices = preferences._get_choices(self.record, True)
            return self.push in {channel for _group, lines in choices for channel, *_rest in lines}

        self.assertTrue(is_asked())
        self.choose(self.record, "off", self.push)
        self.record._notify("test_dive")
        self.assertFalse(self.get_messages(channel_id=self.push.id))
        self.phone_record.unlink()
        self.assertFalse(is_asked())

    def test_quiet_hours(self):
        """At night it waits until the morning of the recipient."""
        self.clock.move_to("2030-03-13 04:00:00")  # midnight in New York
        message = self.tell()
        self.assertEqual((message.state, str(message.next_try_at)), ("queued", "2030-03-13 12:00:00"))
        self.assertFalse(self.receiver.received)
        self.clock.move_to("2030-03-13 12:01:00")
        self.send()
        self.assertEqual(len(self.phone.read_messages()), 1)

    def test_long_text(self):
        """What is longer than push services take is cut, not refused."""
        self.template.subject = "漢" * 5000
        self.assertEqual(self.tell().state, "sent")
        body = self.phone.read_messages()[0]["options"]["body"]
        self.assertTrue(0 < len(body) < 5000)
        self.assertLess(max(len(body) for _path, _headers, body in self.receiver.received), 4097)
