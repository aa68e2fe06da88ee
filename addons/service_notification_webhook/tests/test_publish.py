import json
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import RecordCapturer

from .common import CRON, HOST, PUBLIC, Names, WebhookCase


@tagged("post_install", "-at_install")
class TestPublish(WebhookCase):
    """What a published event becomes, in the transaction of the change."""

    def test_one_for_each(self):
        """Each endpoint that wants the event gets one delivery, none that is off, archived or another company's."""
        takes_all, takes_a = (
            self.make_endpoint(),
            self.make_endpoint(is_all_events=False, event_ids=[Command.set(self.event_a.ids)]),
        )
        self.make_endpoint(is_all_events=False, event_ids=[Command.set(self.event_b.ids)])
        self.make_endpoint(company_id=self.env.company.id)
        self.make_endpoint().action_switch_off()
        self.make_endpoint(active=False)
        deliveries = self.publish()
        self.assertEqual(deliveries.endpoint_id, takes_all + takes_a)
        self.assertEqual(set(deliveries.mapped("state")), {"waiting"})
        self.assertEqual(len(set(deliveries.mapped("message_id"))), 2)
        self.assertEqual(deliveries.company_id, self.company)
        self.assertEqual(self.publish("thing.gone").endpoint_id.filtered("is_all_events"), takes_all)

    def test_once_in_a_revision(self):
        """The same event of a record in a revision is one delivery; another revision, event or record is another."""
        endpoint = self.make_endpoint()
        self.assertEqual(len(self.publish(revision=1)), 1)
        self.assertFalse(self.publish(revision=1))
        self.assertEqual(len(self.publish(revision=2)), 1)
        self.assertEqual(len(self.publish("thing.gone", revision=1)), 1)
        self.assertEqual(len(self.endpoints._publish("thing.made", self.company, {}, self.company.partner_id, 1)), 1)
        self.make_endpoint()
        self.assertNotEqual(self.publish(revision=1).endpoint_id, endpoint)
        self.assertEqual((len(self.publish()), len(self.publish())), (2, 2))  # without revision each is its own

    def test_once_in_the_database(self):
        """The database itself keeps two of the same apart, and has the index by which the sender finds what is due."""
        self.env.cr.execute(
            "SELECT conname, contype FROM pg_constraint WHERE conrelid = 'service_webhook_delivery'::regclass"
        )
        kinds = dict(self.env.cr.fetchall())
        self.assertEqual(kinds.get("service_webhook_delivery__once") or kinds.get("service_webhook_delivery_once"), "u")
        self.env.cr.execute("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'service_webhook_delivery%due'")
        self.assertEqual(self.env.cr.fetchone(), (1,))

    def test_payload(self):
        """The payload stands in an envelope with type, time and revision; the same event is the same text."""
        self.make_endpoint()
        moment = datetime(2026, 11, 21, 12, 0, 5, 999)
        first, second = self.publish(revision=3, moment=moment), self.publish(revision=4, moment=moment)
        self.assertEqual(
            first.body,
            '{"data":{"amount":"12.50","order_id":7,"text":"Grüße"},"revision":3,'
            '"timestamp":"2026-11-21T12:00:05Z","type":"thing.made"}',
        )
        self.assertEqual(first.body.replace(":3,", ":4,"), second.body)
        self.assertEqual(json.loads(first.body_shown), json.loads(first.body))

    def test_faults_of_the_program(self):
        """An event that nobody declared, and a payload that is not JSON, are told at once."""
        self.make_endpoint()
        with self.assertRaisesRegex(ValueError, "thing.mad"):
            self.publish("thing.mad")
        for value in (datetime(2026, 1, 1), float("nan"), {1}):
            with self.assertRaises(ValueError):
                self.endpoints._publish("thing.made", self.company, {"value": value})

    def test_hook(self):
        """An addon can make endpoints choosy."""
        first, second = self.make_endpoint(), self.make_endpoint()
        asked = []

        def accepts(endpoint, record):
            asked.append(record)
            return endpoint == second

        with patch.object(type(first), "_accepts", accepts):
            self.assertEqual(self.publish().endpoint_id, second)
        self.assertEqual(asked, [self.record, self.record])

    def test_queries(self):
        """However many endpoints there are, an event costs the same few queries; without endpoints one."""

        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.publish()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.publish()
        self.assertEqual(count(), 1)
        self.make_endpoint()
        self.publish()  # fills the caches of what is not the event's own
        few = count()
        self.endpoints.create([{"name": "Many", "url": f"https://{PUBLIC}/", "company_id": self.company.id}] * 29)
        self.assertEqual(len(self.publish()), 30)
        self.assertEqual((few, count()), (4, 4))

    def test_anybody_causes_events(self):
        """Who changes an order needs no rights on webhooks; the sender is called for now."""
        self.make_endpoint()
        user = new_test_user(self.env, "clerk@hooks", groups="base.group_user")
        with RecordCapturer(self.env["ir.cron.trigger"]) as triggers:
            found = self.endpoints.with_user(user)._publish("thing.made", self.company, {"a": 1})
        self.assertEqual(len(found), 1)
        self.assertEqual(triggers.records.cron_id, self.env.ref(CRON))

    def test_nothing_is_sent_when_it_is_undone(self):
        """What a rolled back change published was never published."""
        self.make_endpoint()
        savepoint = self.env.cr.savepoint()
        self.publish(revision=9)
        savepoint.close(rollback=True)
        self.assertEqual(len(self.publish(revision=9)), 1)


@tagged("post_install", "-at_install")
class TestEndpointForm(WebhookCase):
    """What the form says of a URL."""

    def test_errors(self):
        """A URL that is not sent to is refused when it is saved, with what to do; names are looked up."""
        names = Names(public_example_com=[[PUBLIC]], inside_example_com=[[PUBLIC, "10.0.0.8"]], none_example_com=[[]])
        with names.use():
            self.make_endpoint(url="https://Public.Example.com")
            for url, words in (
                ("http://public.example.com", "must begin with https://"),
                ("https://inside.example.com/", "10.0.0.8 is inside a private network. The administrator can allow"),
                ("https://none.example.com/", "There is no host “none.example.com”"),
                ("https://public.example.com:22/", "Port 22 is not used"),
                ("https://me:x@public.example.com/", "must not hold a user name"),
                ("https://0x7f.1/", "“0x7f.1” is no address in its usual form"),
                ("https://169.254.169.254/latest", "it cannot be allowed either"),
                ("https://a b", "blanks"),
            ):
                with self.subTest(url), self.assertRaisesRegex(ValidationError, words):
                    self.make_endpoint(url=url)
        self.assertEqual(names.asked.count("public.example.com"), 1)

    def test_one_spelling(self):
        """The URL is kept as it is sent to."""
        endpoint = self.make_endpoint(url=f" HTTPS://{PUBLIC}:443 ")
        self.assertEqual(endpoint.url, f"https://{PUBLIC}/")
        endpoint.url = f"https://{PUBLIC}/ü"
        self.assertEqual(endpoint.url, f"https://{PUBLIC}/%C3%BC")

    def test_allowed_in_the_settings(self):
        """The administrator allows a host by name in the settings; an entry that is none is refused there."""
        settings = self.env["res.config.settings"]
        with self.assertRaises(ValidationError):
            self.make_endpoint(url=f"https://{HOST}/")
        settings.create({"webhook_allowed_hosts": f"till.lan {HOST}"}).execute()
        self.make_endpoint(url=f"https://{HOST}/")
        with self.assertRaisesRegex(ValidationError, "“10.0.0.0/8” is no host"):
            settings.create({"webhook_allowed_hosts": "10.0.0.0/8"})
        with self.assertRaises(ValidationError):
            settings.create({"webhook_keep_days": 1})

    def test_no_events(self):
        """An endpoint that wants nothing is refused."""
        with self.assertRaisesRegex(ValidationError, "choose events"):
            self.make_endpoint(is_all_events=False)
