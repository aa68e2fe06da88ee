from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .common import NOW, NotificationCase

MORNING = datetime(2030, 3, 13, 12, 0)
"""Eight o'clock in New York on the next day."""


@tagged("post_install", "-at_install")
class TestDigest(NotificationCase):
    """Who wants a digest gets one mail a day or week, with all that is still true."""

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOW))
        self.choose(self.record, "daily")

    def tell(self, count):
        """Tell of so many revisions; return the rows."""
        for revision in range(1, count + 1):
            self.record.color = revision
            self.record._notify("test_dive")
        return self.get_messages()

    def test_collected(self):
        """Three messages become one mail at eight in the recipient's zone, once; all four rows say so."""
        entries = self.tell(3)
        self.assertEqual(self.send(), [])
        self.assertEqual(set(entries.mapped("next_try_at")), {MORNING})
        self.assertIn(MORNING, self.get_triggers())
        self.clock.move_to(MORNING)
        [mail] = self.send()
        self.assertEqual(mail["Subject"], "Your day: 3 messages")
        self.assertEqual(self.get_part(mail, "plain").count("Your dive, Anna Dive."), 3)
        self.assertEqual(set(self.get_messages().mapped("state")), {"sent"})
        self.assertEqual(len(self.get_messages()), 4)
        self.assertEqual(self.send(), [])

    def test_weekly(self):
        """The weekly one goes out on Monday."""
        self.choose(self.record, "weekly")
        self.tell(2)
        self.clock.move_to(MORNING)
        self.assertEqual(self.send(), [])
        self.clock.move_to(datetime(2030, 3, 18, 12, 0))
        [mail] = self.send()
        self.assertEqual(mail["Subject"], "Your week: 2 messages")

    def test_late_comer(self):
        """What comes when today's digest is out goes into tomorrow's, not lost and not in a second one today."""
        entries = self.tell(1)
        self.clock.move_to(MORNING)
        self.assertEqual(len(self.send()), 1)
        # made before the digest, committed after it
        entries.copy({"revision": "late", "state": "queued", "next_try_at": MORNING, "digest_id": False})
        self.assertEqual(self.send(), [])
        self.clock.move_to(MORNING + timedelta(days=1))
        [mail] = self.send()
        self.assertEqual(mail["Subject"], "Your day: 1 messages")

    def test_unsubscribed(self):
        """Who unsubscribes before the digest goes out gets none: it is skipped with all that it collected."""
        self.tell(2)
        self.choose(self.record, "off")
        self.clock.move_to(MORNING)
        self.assertEqual(self.send(), [])
        self.assertEqual(set(self.get_messages().mapped("state")), {"skipped"})

    def test_stale_entry(self):
        """What is no longer true is left out; the rest comes."""
        self.tell(1)
        other = self.create_partner("Other")
        self.patch(
            self.env.registry["res.partner"],
            "_get_notification_recipients",
            lambda records, event, audience: (
                {record.id: self.record for record in records} if audience == "customer" else {}
            ),
        )
        other._notify("test_dive")
        other.active = False
        self.clock.move_to(MORNING)
        [mail] = self.send()
        self.assertEqual(mail["Subject"], "Your day: 1 messages")
        self.assertEqual(self.get_messages(res_id=other.id).reason, "Cancelled")

    def test_urgent_and_reminders(self):
        """Urgent events, and what is of use only until a moment, are sent by themselves."""
        self.event.is_urgent = True
        self.tell(1)
        self.assertEqual(len(self.send()), 1)
        self.event.is_urgent = False
        self.record._notify("test_dive", occasion="soon", moments={self.record.id: (NOW, NOW + timedelta(hours=1))})
        self.assertEqual(len(self.send()), 1)

    def test_each_his_own(self):
        """Digests of two persons do not mix, and one without an address is skipped with its parts."""
        bob = self.create_partner("Bob", email=False)
        self.choose(bob, "daily")
        self.tell(2)
        bob._notify("test_dive")
        self.clock.move_to(MORNING)
        [mail] = self.send()
        self.assertNotIn("Bob", mail.as_string())
        self.assertEqual(set(self.get_messages(partner_id=bob.id).mapped("state")), {"skipped"})
