import json

from odoo.tests import tagged

from .common import WebhookCase


@tagged("post_install", "-at_install")
class TestNotify(WebhookCase):
    """One line tells people and endpoints: what records notify of is published."""

    def setUp(self):
        super().setUp()
        self.revisions, self.told = {}, {self.record.id: {"name": "A thing"}}
        partners = self.env.registry["res.partner"]
        self.patch(partners, "_get_notification_payload", lambda records, event: self.told)
        self.patch(partners, "_get_notification_company", lambda records: dict.fromkeys(records.ids, self.company))
        self.patch(
            partners,
            "_get_notification_revision",
            lambda records: {id_: self.revisions.get(id_, 1) for id_ in records.ids},
        )
        self.make_endpoint()

    def get_bodies(self):
        """Return what is on its way, in the order in which it was published."""
        deliveries = self.env["service.webhook.delivery"].search([("company_id", "=", self.company.id)], order="id")
        return [json.loads(delivery.body) for delivery in deliveries]

    def test_published(self):
        """An event of a record is delivered with its payload and revision; once in a revision."""
        self.record._notify("thing.made")
        self.record._notify("thing.made")
        self.revisions[self.record.id] = 2
        self.told[self.record.id] = {"name": "Another name"}
        self.record._notify("thing.made")
        bodies = self.get_bodies()
        self.assertEqual([(body["type"], body["revision"]) for body in bodies], [("thing.made", 1), ("thing.made", 2)])
        self.assertEqual([body["data"]["name"] for body in bodies], ["A thing", "Another name"])

    def test_not_published(self):
        """Nothing is told of records without a payload, of inactive events, of reminders, or to one channel only."""
        messages = self.env["service.notification.message"]
        self.env["res.partner"].create({"name": "Silent"})._notify("thing.made")
        self.record._notify("thing.made", occasion="second")
        self.record._notify("thing.made", moments={self.record.id: (self.record.create_date, None)})
        messages._queue(self.event_a, self.record, channels=self.env.ref("service_notification.channel_email"))
        self.event_a.active = False
        self.record._notify("thing.made")
        self.assertFalse(self.get_bodies())

    def test_revision_that_is_no_number(self):
        """Receivers compare numbers; a revision of another kind is not told, and each call is an event of its own."""
        self.revisions[self.record.id] = "2026-11-21/a"
        self.record._notify("thing.made")
        self.record._notify("thing.made")
        self.assertEqual([body["revision"] for body in self.get_bodies()], [None, None])

    def test_queries(self):
        """A hundred records cost as many queries as one."""
        partners = self.env["res.partner"].create([{"name": f"Thing {number}"} for number in range(102)])
        self.told.update({partner.id: {"name": partner.name} for partner in partners})
        for code in ("thing.made", "thing.gone"):
            partners[:1]._notify(code)  # fills the caches
        counts = []
        for code, records in (("thing.gone", partners[1:2]), ("thing.made", partners[2:])):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            records._notify(code)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertEqual(len(self.get_bodies()), 103)
