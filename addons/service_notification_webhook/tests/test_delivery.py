import threading
import time
from datetime import timedelta
from unittest.mock import patch

from standardwebhooks import Webhook

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..hooklib import retries
from ..models import service_webhook_sender
from .common import WebhookCase
from .receiver import in_turn, reply

SECOND = timedelta(seconds=1)
"""Moments are kept in whole seconds."""


@tagged("post_install", "-at_install")
class TestDelivery(WebhookCase):
    """From the log of deliveries to a real receiver and back."""

    def test_delivered(self):
        """What was published arrives signed, and the log says when, how fast and what was answered."""
        answer = reply(201, b'{"ok": true}')
        receiver = self.open_receiver(lambda *request: (time.sleep(0.01), answer(*request)))
        endpoint = self.make_endpoint(receiver)
        delivery = self.publish(revision=5)
        self.run_cron()
        [received] = receiver.received
        data = Webhook(self.get_keys(endpoint)[0]).verify(received.body, received.headers)
        self.assertEqual((data["type"], data["revision"], data["data"]["order_id"]), ("thing.made", 5, 7))
        self.assertEqual((received.id, received.body), (delivery.message_id, delivery.body))
        self.assertEqual((delivery.state, delivery.tries, delivery.last_status), ("delivered", 1, 201))
        [attempt] = delivery.attempt_ids
        self.assertEqual((attempt.status, attempt.excerpt, attempt.problem), (201, '{"ok": true}', False))
        self.assertGreaterEqual(attempt.milliseconds, 10)
        self.run_cron()
        self.assertEqual(len(receiver.received), 1)

    def test_retries(self):
        """A failure is tried again after the delays of the specification, under the same id, freshly signed."""
        receiver = self.open_receiver(in_turn(reply(500, b"oops"), reply(503), reply(200)))
        endpoint = self.make_endpoint(receiver)
        delivery = self.publish()
        for number in (0, 1):
            before = fields.Datetime.now()
            self.run_cron()
            after = fields.Datetime.now()
            self.assertEqual((delivery.state, delivery.tries, endpoint.state), ("waiting", number + 1, "failing"))
            earliest, latest = (timedelta(seconds=retries.DELAYS[number] * part) for part in (0.9, 1.1))
            self.assertGreaterEqual(delivery.next_attempt_at, before + earliest - SECOND)
            self.assertLessEqual(delivery.next_attempt_at, after + latest + SECOND)
            triggers = self.env["ir.cron.trigger"].search([("call_at", "=", delivery.next_attempt_at)])
            self.assertTrue(triggers)
            delivery.next_attempt_at += timedelta(hours=1)  # the first delay is five seconds, and may be over
            self.run_cron()  # not yet
            self.assertEqual(len(receiver.received), number + 1)
            self.let_due(delivery)
        self.run_cron()
        self.assertEqual((delivery.state, endpoint.state), ("delivered", "on"))
        self.assertFalse(endpoint.failing_since)
        self.assertEqual(delivery.attempt_ids.mapped("status"), [200, 503, 500])
        self.assertEqual(set(receiver.ids), {delivery.message_id})
        for received in receiver.received:
            Webhook(self.get_keys(endpoint)[0]).verify(received.body, received.headers)

    def test_dead_and_replayed(self):
        """After ten tries it is not delivered; replayed it starts anew under its own id, as often as one likes."""
        receiver = self.open_receiver(reply(500))
        endpoint = self.make_endpoint(receiver)
        delivery = self.publish()
        for _number in range(10):
            self.assertEqual(delivery.state, "waiting")
            self.let_due(delivery)
            self.run_cron()
        self.assertEqual((delivery.state, delivery.dead_reason, delivery.tries), ("dead", "tries", 10))
        self.assertEqual(len(delivery.attempt_ids), 10)
        self.run_cron()
        self.assertEqual(len(receiver.received), 10)
        receiver.answer = reply(200)
        for _number in (1, 2):
            delivery.action_replay()
            self.assertEqual((delivery.state, delivery.tries, delivery.dead_reason), ("waiting", 0, False))
            self.run_cron()
            self.assertEqual((delivery.state, endpoint.state), ("delivered", "on"))
        self.assertEqual(set(receiver.ids), {delivery.message_id})
        self.assertEqual(len(receiver.received), 12)

    def test_given_up_in_time(self):
        """Who asks for a pause of a day each time is not asked for ever."""
        receiver = self.open_receiver(reply(503, Retry_After="999999999"))
        self.make_endpoint(receiver)
        delivery = self.publish()
        delivery.round_began_at -= timedelta(days=3)
        self.run_cron()
        self.assertEqual((delivery.state, delivery.dead_reason), ("dead", "tries"))

    def test_retry_after(self):
        """A receiver that asks for a pause has it: nothing is sent to it before, also nothing new."""
        receiver = self.open_receiver(in_turn(reply(429, Retry_After="120"), reply(200)))
        endpoint = self.make_endpoint(receiver)
        delivery = self.publish()
        pause = timedelta(seconds=120)
        earliest = fields.Datetime.now() + pause - SECOND
        self.run_cron()
        latest = fields.Datetime.now() + pause + pause / 10 + SECOND
        for moment in (delivery.next_attempt_at, endpoint.paused_until):
            self.assertTrue(earliest <= moment <= latest, (earliest, moment, latest))
        other = self.publish()
        self.run_cron()
        self.assertEqual((len(receiver.received), other.tries), (1, 0))
        self.let_due(delivery + other)
        self.run_cron()
        self.assertEqual(set((delivery + other).mapped("state")), {"delivered"})
        self.assertFalse(endpoint.paused_until)

    def test_paused_wakes_up(self):
        """What waits for the end of a pause is sent at its end: the scheduled action is called for then."""
        receiver = self.open_receiver(reply(429, Retry_After="120"))
        endpoint = self.make_endpoint(receiver)
        self.publish()
        self.run_cron()
        self.assertTrue(self.env["ir.cron.trigger"].search([("call_at", "=", endpoint.paused_until)]))

    def test_gone(self):
        """410 switches the endpoint off, keeps what waits, and tells the responsible in his language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        responsible = new_test_user(
            self.env, "boss@hooks", groups="base.group_system", email="boss@hooks.test", lang="fr_FR"
        )
        receiver = self.open_receiver(reply(410))
        endpoint = self.make_endpoint(receiver, user_id=responsible.id)
        later = self.publish()
        self.let_due(later)
        later.next_attempt_at += timedelta(hours=1)
        delivery = self.publish()
        self.run_cron()
        self.assertEqual((endpoint.state, endpoint.off_reason), ("off", "gone"))
        self.assertEqual((delivery + later).mapped("dead_reason"), ["gone", "off"])
        message = endpoint.message_ids.filtered(lambda message: message.partner_ids)
        self.assertEqual(message.partner_ids, responsible.partner_id)
        self.assertIn("410", message.body)
        self.assertTrue(self.env["mail.notification"].search([("mail_message_id", "=", message.id)]))
        self.assertFalse(self.publish())
        with self.assertRaisesRegex(UserError, "Switch it on first"):
            delivery.action_replay()
        with self.assertRaises(UserError):
            endpoint.action_send_test()
        receiver.answer = reply(200)
        endpoint.action_switch_on()
        (delivery + later).action_replay()
        self.run_cron()
        self.assertEqual(set((delivery + later).mapped("state")), {"delivered"})

    def test_off_after_days(self):
        """After days of nothing but failures it is switched off; failures far apart are not one."""
        receiver = self.open_receiver(reply(500))
        endpoint = self.make_endpoint(receiver)
        self.publish()
        self.run_cron()
        now = fields.Datetime.now()
        endpoint.write({"failing_since": now - timedelta(days=30), "last_failure_at": now - timedelta(days=29)})
        self.publish()
        self.run_cron()
        self.assertEqual(endpoint.state, "failing")
        self.assertGreaterEqual(endpoint.failing_since, now)
        endpoint.failing_since = now - timedelta(days=5)
        self.publish()
        self.run_cron()
        self.assertEqual((endpoint.state, endpoint.off_reason), ("off", "failing"))
        self.assertTrue(
            endpoint.message_ids.filtered(lambda message: message.partner_ids == endpoint.user_id.partner_id)
        )

    def test_replay_since(self):
        """All since a moment is replayed with one click: what was not delivered, or all."""
        receiver = self.open_receiver()
        endpoint = self.make_endpoint(receiver)
        old, dead, delivered = (self.publish() for _number in range(3))
        (old + dead)._bury("tries")
        delivered.state = "delivered"
        old.flush_recordset()
        self.env.cr.execute("UPDATE service_webhook_delivery SET create_date = '2026-01-01' WHERE id = %s", [old.id])
        old.invalidate_recordset()
        wizard = self.env["service.webhook.replay"].create({"endpoint_id": endpoint.id})
        wizard.action_replay()
        self.assertEqual((old + dead + delivered).mapped("state"), ["dead", "waiting", "delivered"])
        wizard.is_all = True
        wizard.action_replay()
        self.assertEqual((old + dead + delivered).mapped("state"), ["dead", "waiting", "waiting"])
        self.run_cron()
        self.assertCountEqual(receiver.ids, (dead + delivered).mapped("message_id"))

    def test_send_a_test(self):
        """The test goes the way of every event, also to an endpoint that wants few of them."""
        receiver = self.open_receiver()
        endpoint = self.make_endpoint(receiver, is_all_events=False, event_ids=[(6, 0, self.event_b.ids)])
        action = endpoint.action_send_test()
        self.run_cron()
        delivery = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((delivery.state, delivery.event_code), ("delivered", "test"))
        self.assertEqual(endpoint.recent_delivery_ids, delivery)

    def test_slow_one_does_not_stop_others(self):
        """While one endpoint with a hundred deliveries hangs, with its share of requests, another's all arrive."""
        release = threading.Event()
        slow = self.open_receiver(lambda handler, _number: release.wait(60) and reply(200)(handler, 0))
        quick = self.open_receiver()
        slow.name, quick.name = "slow", "quick"
        self.make_endpoint(slow)
        for _number in range(100):
            self.publish()
        self.make_endpoint(quick)
        seen = []
        quick.answer = lambda handler, number: (seen.append(len(slow.received)), reply(200)(handler, number))
        for _number in range(20):
            self.publish()

        def let_go():
            while len(seen) < 20 and not release.wait(0.05):
                pass
            release.set()

        waiter = threading.Thread(target=let_go, daemon=True)
        waiter.start()
        with self.assert_quick(120):  # nobody is given up on a busy machine
            self.run_cron()
        release.set()
        waiter.join()
        self.assertEqual(len(quick.received), 20)
        self.assertLessEqual(max(seen), service_webhook_sender.SHARE)
        self.assertLessEqual(slow.most_at_once, service_webhook_sender.SHARE)

    def test_failing_ones_have_few_places(self):
        """Endpoints that fail have one request each, and few all together."""
        receiver = self.open_receiver(reply(500))
        endpoints = self.endpoints.concat(*[self.make_endpoint(receiver) for _number in range(6)])
        endpoints.write({"state": "failing", "failing_since": fields.Datetime.now()})
        for _number in range(3):
            self.publish()
        self.env.flush_all()
        sender = self.env["service.webhook.sender"]
        jobs = sender._claim([])
        self.assertEqual(len(jobs), service_webhook_sender.PROBES)
        self.assertEqual(len({job.endpoint_id for job in jobs}), service_webhook_sender.PROBES)
        self.assertFalse(sender._claim(jobs))
        self.assertEqual(
            {job.endpoint_id for job in sender._claim(jobs[:2])} & {job.endpoint_id for job in jobs[:2]}, set()
        )

    def test_interrupted(self):
        """A claim that was never ended is due again after its lease, counts as a try, and is in the log."""
        receiver = self.open_receiver()
        self.make_endpoint(receiver)
        delivery = self.publish()
        self.env.flush_all()
        sender = self.env["service.webhook.sender"]
        self.assertEqual(len(sender._claim([])), 1)  # and the process is killed
        self.assertFalse(sender._claim([]))
        self.assertTrue(delivery.is_claimed)
        self.assertTrue(self.env["ir.cron.trigger"].search([("call_at", ">", delivery.next_attempt_at)]))
        self.let_due(delivery)
        self.run_cron()
        self.assertEqual((delivery.state, delivery.tries, delivery.is_claimed), ("delivered", 2, False))
        self.assertEqual(delivery.attempt_ids.mapped("problem"), [False, "interrupted"])

    def test_late_outcomes(self):
        """What arrived has arrived, also when the endpoint was switched off; a late failure undoes nothing."""
        receiver = self.open_receiver()
        endpoint = self.make_endpoint(receiver)
        first, second = self.publish(), self.publish()
        self.env.flush_all()
        sender = self.env["service.webhook.sender"]
        jobs = sender._claim([])
        endpoint.action_switch_off()
        outcome = sender._make_sender().send(jobs[0])
        first._note(outcome)
        self.assertEqual((first.state, second.dead_reason, endpoint.state), ("delivered", "off", "off"))
        failure = service_webhook_sender.Sender((), None).send(jobs[0])  # not allowed any more
        self.assertEqual(failure.problem, "port")
        first._note(failure)
        self.assertEqual((first.state, first.attempt_ids.sorted("id").mapped("problem")), ("delivered", [False, "url"]))

    def test_fault_of_ours(self):
        """A fault with one delivery is logged and counted as its failure; the others are sent."""
        receiver = self.open_receiver()
        self.make_endpoint(receiver)
        bad, good = self.publish(), self.publish()
        self.env.flush_all()
        real = service_webhook_sender.Sender._send

        def send(sender, job, until):
            if job.delivery_id == bad.id:
                raise KeyError("fault")
            return real(sender, job, until)

        with (
            patch.object(service_webhook_sender.Sender, "_send", send),
            self.assertLogs("odoo.addons.service_notification_webhook.hooklib.sending", "ERROR"),
        ):
            self.run_cron()
        self.assertEqual((bad.state, good.state), ("waiting", "delivered"))
        self.assertEqual(bad.attempt_ids.problem, "error")

    def test_log_is_kept_for_days(self):
        """What is over is kept for thirty days, or as the administrator says; what waits for as long as it waits."""
        self.make_endpoint()
        over, waits, recent = (self.publish() for _number in range(3))
        (over + recent)._bury("tries")
        (over + waits).write({"round_began_at": fields.Datetime.now() - timedelta(days=31)})
        deliveries = over + waits + recent
        self.env["service.webhook.delivery"]._gc_old()
        self.assertEqual(deliveries.exists(), waits + recent)
        self.env["ir.config_parameter"].set_param("service_notification_webhook.keep_days", "4")
        recent.round_began_at -= timedelta(days=5)
        self.env["service.webhook.delivery"]._gc_old()
        self.assertEqual(deliveries.exists(), waits)
