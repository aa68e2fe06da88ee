import smtplib
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.service_notification.exceptions import DeliveryError

from .common import CRON, NOW, NotificationCase

DELIVERY = "odoo.addons.service_notification.models.service_notification_delivery"


@tagged("post_install", "-at_install")
class TestDelivery(NotificationCase):
    """What is sent, skipped, put off and given up."""

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOW))

    def fail_with(self, *errors):
        """Let the mail server raise errors, one for each mail, then take all; return what it got."""
        queue = list(errors)
        taken = []

        def send_message(session, message, smtp_from, smtp_to_list):
            if queue:
                raise queue.pop(0)
            taken.append(message)

        return taken, send_message

    def send_failing(self, *errors):
        """Run the sender with a mail server that raises errors first; return the mails that it took."""
        taken, send_message = self.fail_with(*errors)
        with self.mock_smtplib_connection(), self.enter_registry_test_mode():
            type(self.testing_smtp_session).send_message = send_message
            self.env.ref(CRON).method_direct_trigger()
        return taken

    def test_sent_once(self):
        """A message is mailed once, however often the sender runs; its row says so."""
        mail = self.notify_and_send()
        self.assertEqual(mail["Subject"], "Dive Anna Dive")
        message = self.get_messages()
        self.assertEqual((message.state, message.title, message.sent_at), ("sent", "Dive Anna Dive", NOW))
        self.assertEqual(self.send(), [])

    def test_stable_message_id(self):
        """Each try has the Message-Id of the row: a mail program shows a mail that came twice once."""
        self.record._notify("test_dive")
        self.send_failing(smtplib.SMTPServerDisconnected("gone"))
        message = self.get_messages()
        self.assertEqual((message.state, message.attempts), ("queued", 1))
        self.clock.move_to(message.next_try_at)
        [mail] = self.send()
        self.assertEqual(mail["Message-Id"], message.reference)
        self.assertRegex(message.reference, r"^<[0-9a-f]{32}\.notification@shop\.example\.com>$")

    def test_stale(self):
        """Cancelled, deleted or over before it was sent: skipped, with the reason."""
        gone, late = self.create_partner("Gone"), self.create_partner("Late")
        self.record._notify("test_dive")
        gone._notify("test_dive")
        late._notify("test_dive", moments={late.id: (NOW, NOW + timedelta(minutes=5))})
        self.record.active = False
        messages = self.get_messages()
        self.env.cr.execute("UPDATE service_notification_message SET res_id = 0 WHERE id = %s", [messages[1].id])
        self.clock.move_to(NOW + timedelta(minutes=5))
        self.assertEqual(self.send(), [])
        messages.invalidate_recordset()
        self.assertEqual(set(messages.mapped("state")), {"skipped"})
        self.assertEqual(
            messages.mapped("reason"),
            ["Cancelled", "The record no longer exists", "Too late: what it was about has begun"],
        )

    def test_unwanted(self):
        """Who unsubscribes while it is queued does not get it."""
        self.record._notify("test_dive")
        self.choose(self.record, "off")
        self.assertEqual(self.send(), [])
        self.assertEqual(self.get_messages().reason, "The recipient does not want it any more")

    def test_event_switched_off(self):
        """What is queued of an event that is switched off is not sent."""
        self.record._notify("test_dive")
        self.event.active = False
        self.assertEqual(self.send(), [])
        self.assertEqual(self.get_messages().reason, "Nobody is told of that event any more")

    def test_no_address(self):
        """Without an address it is skipped and says why."""
        self.record.email = False
        self.record._notify("test_dive")
        self.assertEqual(self.send(), [])
        self.assertEqual(self.get_messages().reason, "There is no e-mail address")

    def test_backoff_and_dead(self):
        """A passing fault is tried again later and later, then it is dead until somebody sends it again."""
        self.record._notify("test_dive")
        message = self.get_messages()
        waits = []
        while message.state == "queued" and len(waits) < 10:
            self.clock.move_to(max(message.next_try_at, NOW))
            before = message.next_try_at
            self.send_failing(smtplib.SMTPDataError(451, b"try later"))
            waits.append((message.next_try_at - before) / timedelta(minutes=1))
        self.assertEqual((message.state, message.attempts), ("dead", 8))
        self.assertIn("try later", message.last_error)
        for wait, minutes in zip(waits, (1, 5, 15, 60, 180, 720, 1440), strict=False):
            self.assertTrue(0.79 * minutes <= wait <= 1.21 * minutes, waits)
        message.action_send_again()
        self.assertEqual(len(self.send()), 1)
        self.assertEqual(message.state, "sent")

    def test_refused(self):
        """What the server refuses for good is dead at once."""
        self.record._notify("test_dive")
        self.send_failing(smtplib.SMTPRecipientsRefused({"anna@example.com": (550, b"no such user")}))
        self.assertEqual((self.get_messages().state, self.get_messages().attempts), ("dead", 1))
        self.assertIn("no such user", self.get_messages().last_error)

    def test_server_down(self):
        """When no mail server answers all are put off, nothing is lost, and the sender is asked for again."""
        bob = self.create_partner("Bob")
        (self.record | bob)._notify("test_dive")
        servers = type(self.env["ir.mail_server"])
        with mute_logger(DELIVERY), patch.object(servers, "_connect__", side_effect=ConnectionRefusedError("no")):
            with self.enter_registry_test_mode():
                self.env.ref(CRON).method_direct_trigger()
        messages = self.get_messages()
        self.assertEqual([(m.state, m.attempts, m.claim) for m in messages], [("queued", 1, 0)] * 2)
        self.assertTrue(any(at > NOW for at in self.get_triggers()))
        self.clock.move_to(max(messages.mapped("next_try_at")))
        self.assertEqual(len(self.send()), 2)

    def test_faulty_record(self):
        """A record whose hooks fail keeps back no other."""
        bob = self.create_partner("Bob")
        (self.record | bob)._notify("test_dive")
        partners = self.env.registry["res.partner"]
        base = partners._is_notification_stale

        def is_stale(records, messages):
            if bob.id in records.ids:
                raise KeyError("broken")
            return base(records, messages)

        self.patch(partners, "_is_notification_stale", is_stale)
        with mute_logger(DELIVERY):
            self.assertEqual(len(self.send()), 1)
        states = {message.partner_id: message.state for message in self.get_messages()}
        self.assertEqual(states, {self.record: "sent", bob: "queued"})
        self.assertIn("broken", self.get_messages(state="queued").last_error)

    def test_faulty_template(self):
        """A template that fails for one record does not keep back those that it is rendered with."""
        bob = self.create_partner("Bob")
        self.template.body_html = "<p t-out=\"1 / (object.name != 'Bob')\"/>"
        (self.record | bob)._notify("test_dive")
        self.assertEqual([mail["To"] for mail in self.send()], ["Anna Dive <anna@example.com>"])
        self.assertIn("ZeroDivisionError", self.get_messages(state="queued").last_error)

    def test_quiet_hours(self):
        """In the quiet hours that a person has chosen it waits until they are over, by his clock; urgent ones pass."""
        self.env["service.notification.quiet"]._choose(self.record, 10.5, 12)
        self.record._notify("test_dive")
        self.assertEqual(self.send(), [])
        self.assertEqual(self.get_messages().next_try_at, NOW + timedelta(hours=1))
        self.assertIn(NOW + timedelta(hours=1), self.get_triggers())
        self.clock.move_to(NOW + timedelta(hours=1))
        self.assertEqual(len(self.send()), 1)
        self.clock.move_to(NOW)
        self.event.is_urgent = True
        self.record.color = 1
        self.record._notify("test_dive")
        self.assertEqual(len(self.send()), 1)

    def send_slowly(self, meanwhile):
        """Run the sender, calling ``meanwhile`` after the first mail, so slowly that the rest is decided anew."""
        bob = self.create_partner("Bob")
        (self.record | bob)._notify("test_dive")
        taken = []

        def send_message(session, message, smtp_from, smtp_to_list):
            taken.append(message)
            if len(taken) == 1:
                meanwhile(self.env.registry, bob.id)

        with self.mock_smtplib_connection(), self.in_test_mode(), patch(f"{DELIVERY}.FRESH_SECONDS", -1):
            type(self.testing_smtp_session).send_message = send_message
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(taken), 1)
        return self.get_messages(partner_id=bob.id)

    def test_cancelled_while_sending(self):
        """What is cancelled while others of its batch are being sent is not sent after it."""

        def cancel(registry, partner_id):
            with registry.cursor() as cr:
                self.env(cr=cr)["res.partner"].browse(partner_id).active = False

        self.assertEqual(self.send_slowly(cancel).reason, "Cancelled")

    def test_unsubscribed_while_sending(self):
        """Who unsubscribes while others of the batch are being sent gets nothing after it."""

        def unsubscribe(registry, partner_id):
            with registry.cursor() as cr:
                env = self.env(cr=cr)
                parts = (env["res.partner"].browse(partner_id), self.group.with_env(env), self.email.with_env(env))
                env["service.notification.preference"]._choose(*parts, "off")

        self.assertEqual(self.send_slowly(unsubscribe).reason, "The recipient does not want it any more")

    def test_send_again_only_dead(self):
        """Sending again touches nothing but what is dead, also in bulk."""
        self.notify_and_send()
        self.record.color = 1
        self.record._notify("test_dive")
        self.get_messages(state="queued").write({"state": "dead", "attempts": 8})
        self.get_messages().action_send_again()
        self.assertEqual(self.get_messages().mapped("state"), ["sent", "queued"])
        self.assertEqual(len(self.send()), 1)

    def test_inactive_channel(self):
        """What is queued for a channel that is switched off waits."""
        self.record._notify("test_dive")
        self.email.active = False
        self.assertEqual(self.send(), [])
        self.email.active = True
        self.assertEqual(len(self.send()), 1)

    def test_claim_size(self):
        """A run takes no more at once than it is allowed, and the oldest first."""
        partners = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(12)])
        partners._notify("test_dive")
        self.env.flush_all()
        with self.in_test_mode(), self.env.registry.cursor() as cr, patch(f"{DELIVERY}.CLAIM_SIZE", 5):
            outbox = self.env(cr=cr)["service.notification.message"]
            self.assertEqual(outbox._claim(7).ids, self.get_messages().ids[:5])

    def test_abandoned(self):
        """Rows of a run that died are sent by the next; rows of one that lives are left to it."""
        self.record._notify("test_dive")
        self.get_messages().write({"state": "sending", "claim": 12345})
        self.assertEqual(len(self.send()), 1)

    def test_error_keeps_its_text(self):
        """What a channel says is kept for the people who look after the outbox."""
        error = DeliveryError("why", is_permanent=True)
        self.assertEqual((str(error), error.is_permanent), ("why", True))

    def test_old_rows(self):
        """What was sent a year ago is deleted; dead letters stay."""
        self.notify_and_send()
        self.record.color = 1
        self.record._notify("test_dive")
        self.get_messages(state="queued").state = "dead"
        self.clock.move_to(NOW + timedelta(days=366))
        self.env.flush_all()
        self.env["service.notification.message"]._gc_messages()
        self.env.invalidate_all()
        self.assertEqual(self.get_messages().mapped("state"), ["dead"])
