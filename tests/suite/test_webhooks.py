"""Webhooks between real processes: two senders at once send once, and a sender that is killed loses nothing."""

import contextlib
import itertools
import os
import random
import select
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from psycopg2.errors import SerializationFailure
from suite_server import PATIENCE, ServedCase, transaction

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.service_notification_webhook.hooklib import sending
from odoo.addons.service_notification_webhook.models import service_webhook_sender
from odoo.addons.service_notification_webhook.tests.receiver import Receiver, reply

CRON = "service_notification_webhook.ir_cron_send"
EVENT = "suite.thing"
NO_ANSWER = ("interrupted", "timeout")
"""What a log says of a request that may have arrived, though nobody heard so; the latter where a machine is busy."""


class WebhookServedCase(ServedCase):
    """A clone of the database in which webhooks, and no other scheduled action, are sent to receivers here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            env.cr.execute("UPDATE ir_cron SET active = (id = %s)", [env.ref(CRON).id])
            env["service.webhook.event"].create({"code": EVENT, "name": "Thing"})
        cls.revisions = itertools.count()

    def make_endpoints(self, receivers):
        """Make an endpoint at each receiver."""
        hosts = " ".join(f"http://localhost:{receiver.port}" for receiver in receivers)
        with transaction(self.database) as env:
            env["ir.config_parameter"].set_param("service_notification_webhook.allowed_hosts", hosts)
            env["service.webhook.endpoint"].create(
                [{"name": f"At {host}", "url": host, "company_id": env.company.id} for host in hosts.split()]
            )
        self.addCleanup(self._forget)

    def _forget(self):
        with transaction(self.database) as env:
            env["service.webhook.endpoint"].search([]).unlink()

    def publish(self, count):
        """Publish so many new events, each in a transaction of its own; return the ids of all webhooks."""
        ids = []
        for number in itertools.islice(self.revisions, count):
            with transaction(self.database) as env:
                endpoints = env["service.webhook.endpoint"]
                found = endpoints._publish(EVENT, env.company, {"number": number}, env.user.partner_id, number)
                ids += found.mapped("message_id")
        return ids

    def read_states(self):
        """Return how many deliveries are in each state."""
        with transaction(self.database) as env:
            groups = env["service.webhook.delivery"]._read_group([], ["state"], ["__count"])
        return dict(groups)


@tagged("post_install", "-at_install", "standard")
class TestWebhookSenders(WebhookServedCase):
    """Two senders, each with a connection of its own."""

    def send(self, errors):
        """Send what is due, as a scheduled action does."""
        try:
            with transaction(self.database) as env:
                env["service.webhook.sender"]._cron_send()
        except Exception as error:  # noqa: BLE001 - the test judges it
            errors.append(error)

    def test_two_at_once(self):
        """Two senders work on the same hundred deliveries while more are published: each arrives, and arrives once."""

        def think(handler, number):
            time.sleep(random.random() / 50)
            reply(200)(handler, number)

        # on a busy machine nobody is given up, and no lease ends, while a request is under way
        self.enterContext(patch.multiple(sending, CONNECT_SECONDS=600, TOTAL_SECONDS=600))
        self.enterContext(patch.object(service_webhook_sender, "LEASE_SECONDS", 3600))
        receivers = [self.enterContext(Receiver(think)) for _number in range(3)]
        self.make_endpoints(receivers)
        ids, errors = self.publish(35), []
        senders = [threading.Thread(target=self.send, args=(errors,), daemon=True) for _number in range(2)]
        for sender in senders:
            sender.start()
        with transaction(self.database) as env:
            found = env["service.webhook.endpoint"]
            for number in range(5):
                ids += found._publish(EVENT, env.company, {}, env.company.partner_id, number).mapped("message_id")
                env.cr.commit()
        for sender in senders:
            sender.join(10 * PATIENCE)
            self.assertFalse(sender.is_alive())
        self.send(errors)  # what was published when both were about to end
        self.assertFalse(errors)
        arrived = Counter(id_ for receiver in receivers for id_ in receiver.ids)
        self.assertEqual(arrived, Counter(ids))
        self.assertEqual(self.read_states(), {"delivered": 120})


@tagged("post_install", "-at_install", "standard")
class TestWebhookKilled(WebhookServedCase):
    """A real server whose process for scheduled actions is killed while it sends."""

    KILLS = 20
    EVENTS = 100

    def setUp(self):
        super().setUp()
        self.lock = threading.Lock()
        self.killed = 0

    def answer(self, handler, number):
        """Answer; now and then kill who asks: before the answer, just after it, or in a moment."""
        how = random.choice(("before", "after", "soon")) if number % 7 == 3 else None
        if how == "before" and self.kill(handler):
            return
        time.sleep(random.random() / 30)
        reply(200, b"thanks")(handler, number)
        if how:
            handler.wfile.flush()
            time.sleep(random.random() / 20 if how == "soon" else 0)
            self.kill(handler)

    def kill(self, handler):
        """Kill the process at the other end of a connection, as a power cut would; a minute passes for its leases."""
        with self.lock:
            pid = self.find_owner(handler.client_address[1])
            if self.killed >= self.KILLS or not pid:
                return False
            self.kill_process(pid)
            self.killed += 1
            self.let_leases_end()
            return True

    def let_leases_end(self):
        """Let a minute pass for all leases; what another sender writes at that moment is tried once more."""
        while True:
            with contextlib.suppress(SerializationFailure), mute_logger("odoo.sql_db"):
                with transaction(self.database) as env:
                    env.cr.execute(
                        "UPDATE service_webhook_delivery SET next_attempt_at = now() AT TIME ZONE 'UTC'"
                        " WHERE is_claimed"
                    )
                return

    @staticmethod
    def kill_process(pid):
        """Kill a process and wait until it does nothing any more."""
        with open(os.pidfd_open(pid), "rb") as process:
            signal.pidfd_send_signal(process.fileno(), signal.SIGKILL)
            select.select([process], [], [], PATIENCE)

    def find_owner(self, port):
        """Return the process of the server that has the connection from a local port."""
        inodes = {
            line.split()[9]
            for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
            if line.split()[1].endswith(f":{port:04X}")
        }
        for pid in self.server.get_worker_pids():
            for link in Path(f"/proc/{pid}/fd").glob("*"):
                with contextlib.suppress(OSError):
                    if os.readlink(link)[8:-1] in inodes:
                        return pid
        return None

    def test_killed_while_sending(self):
        """Twenty times the sender is killed at some point: all arrive, and only what was under way comes twice.

        What comes twice has the same id, and the log of its delivery says that it was interrupted.
        """
        receivers = [self.enterContext(Receiver(self.answer)) for _number in range(3)]
        self.make_endpoints(receivers)
        ids = self.publish(self.EVENTS)
        self.server = self.start_server(workers=1, crons=1)
        self.wait_until_sent(len(ids))
        until = time.monotonic() + 4 * PATIENCE
        while self.killed < self.KILLS:  # a fast machine is through before
            self.assertLess(time.monotonic(), until, f"only {self.killed} kills; {self.server.read_log()[-2000:]}")
            ids += self.publish(self.EVENTS // 5)
            self.wait_until_sent(len(ids))
        arrived = Counter(id_ for receiver in receivers for id_ in receiver.ids)
        self.assertEqual(set(arrived), set(ids))
        with transaction(self.database) as env:
            deliveries = env["service.webhook.delivery"].search([])
            interrupted = deliveries.attempt_ids.filtered(lambda attempt: attempt.problem in NO_ANSWER).delivery_id
            twice = {id_ for id_, count in arrived.items() if count > 1}
            self.assertLessEqual(twice, set(interrupted.mapped("message_id")))
            self.assertEqual(set(deliveries.mapped("state")), {"delivered"})
            for delivery in interrupted:
                self.assertLessEqual(arrived[delivery.message_id], delivery.tries)
        extra = sum(arrived.values()) - len(ids)
        self.assertLessEqual(extra, self.killed * 4 * len(receivers))
        print(f"\n{len(ids)} webhooks, {self.killed} kills: {len(interrupted)} interrupted, {extra} came again")  # noqa: T201

    def wait_until_sent(self, count):
        """Call the scheduled action again and again, as time does, until all is delivered."""
        until = time.monotonic() + 4 * PATIENCE
        while self.read_states() != {"delivered": count}:
            if time.monotonic() > until:
                log = self.server.read_log()[-2000:]
                raise AssertionError(f"{self.read_states()} after {self.killed} kills; {log}")
            with transaction(self.database) as env:
                env["service.webhook.delivery"]._send_soon()
            time.sleep(0.5)
