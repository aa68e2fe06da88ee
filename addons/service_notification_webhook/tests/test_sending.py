import os
import socket
import threading
from unittest.mock import patch

from standardwebhooks import Webhook

from odoo.tests import BaseCase, tagged

from ..hooklib import sending, signing, targets
from .common import HOST, PUBLIC, Names
from .receiver import Certificate, Receiver, reply

KEY = signing.make_secret()


@tagged("post_install", "-at_install")
class TestSending(BaseCase):
    """The request itself, at a real receiver."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = Certificate(HOST)
        cls.context = cls.certificate.make_client_context()

    def send(self, receiver, url=None, names=None, allowed=True, context=None, seconds=60):
        """Send a job to a receiver; return the outcome."""
        url = url or f"https://{HOST}:{receiver.port}/in?a=1"
        entries = targets.parse_allowed(f"{HOST}:{receiver.port} http://{HOST}:{receiver.port}" if allowed else "")
        sender = sending.Sender(entries, context or self.context)
        job = sending.Job(1, 1, url, "msg_1", '{"a":"ü"}', (KEY,))
        names = names or Names(hooks_example_com=[["127.0.0.1"]])
        with (
            names.use(),
            patch.object(sending, "TOTAL_SECONDS", seconds),
            patch.object(sending, "CONNECT_SECONDS", seconds),
        ):
            return sender.send(job)

    def test_arrives(self):
        """Path, query, body and headers arrive; the name of the host is in TLS and in the request, not its address."""
        with Receiver(reply(200, b"thank you"), self.certificate) as receiver:
            outcome = self.send(receiver)
        [received] = receiver.received
        self.assertEqual((outcome.problem, outcome.status, outcome.excerpt), ("", 200, "thank you"))
        self.assertEqual((received.path, received.body), ("/in?a=1", '{"a":"ü"}'))
        self.assertEqual(received.headers["host"], f"{HOST}:{receiver.port}")
        self.assertEqual(received.headers["content-type"], "application/json")
        self.assertEqual(self.certificate.names[-1], HOST)
        self.assertEqual(Webhook(KEY).verify(received.body, received.headers), {"a": "ü"})

    def test_without_tls(self):
        """A host that is allowed without TLS is sent to without."""
        with Receiver() as receiver:
            self.assertEqual(self.send(receiver, f"http://{HOST}:{receiver.port}/").status, 200)

    def test_certificate_of_another(self):
        """A certificate for another name, or of an authority that nobody trusts, is not spoken to."""
        for certificate, context in (
            (Certificate("other.example.com"), None),
            (self.certificate, sending.make_context()),
        ):
            client = context or certificate.make_client_context()
            with Receiver(certificate=certificate) as receiver:
                self.assertEqual(self.send(receiver, context=client).problem, "tls")
            self.assertFalse(receiver.received)

    def test_not_allowed(self):
        """Without the administrator's word nothing is sent to this machine, by whatever name or number."""
        with Receiver() as receiver:
            for url in (
                f"https://{HOST}/",
                "https://127.0.0.1/",
                "https://[::1]/",
                "https://0.0.0.0/",
                "https://[::]/",
            ):
                with self.subTest(url), patch.object(socket, "create_connection", self.fail):
                    self.assertIn(self.send(receiver, url, allowed=False).problem, ("private", "never"))

    def test_rebinding_at_sending(self):
        """A name that was public when it was checked and is private when it is sent to is refused."""
        names = Names(hooks_example_com=[[PUBLIC], ["127.0.0.1"]])
        with names.use():
            socket.getaddrinfo(HOST, 443)  # as it was saved
        with Receiver() as receiver, patch.object(socket, "create_connection", self.fail):
            self.assertEqual(self.send(receiver, f"https://{HOST}/", names, allowed=False).problem, "private")

    def test_rebinding_between_check_and_connection(self):
        """The name is asked for once: a second, private answer is never seen, the first one is connected to."""
        names = Names(hooks_example_com=[[PUBLIC], ["127.0.0.1"]])
        connected = []

        def connect(address, *_args):
            connected.append(address)
            raise ConnectionRefusedError

        with Receiver() as receiver, patch.object(socket, "create_connection", connect):
            outcome = self.send(receiver, f"https://{HOST}/", names, allowed=False)
        self.assertEqual((outcome.problem, connected, names.asked), ("connect", [(PUBLIC, 443)], [HOST]))

    def test_next_address(self):
        """When the first address does not answer, the next one is tried."""
        names = Names(hooks_example_com=[["127.0.0.2", "127.0.0.1"]])
        with Receiver(certificate=self.certificate) as receiver:
            self.assertEqual(self.send(receiver, names=names).status, 200)

    def test_redirect(self):
        """A redirect is a failure, wherever it leads; nobody goes there."""
        with Receiver() as inside, Receiver(certificate=self.certificate) as receiver:
            for status in (301, 302, 303, 307, 308):
                place = f"http://127.0.0.1:{inside.port}/secret"
                receiver.answer = reply(status, Location=place)
                outcome = self.send(receiver)
                self.assertEqual((outcome.problem, outcome.status, outcome.detail), ("redirect", status, place))
            self.assertEqual((len(receiver.received), inside.received), (5, []))

    def test_no_proxy(self):
        """A proxy in the environment is not used: it would look up the name again."""
        with Receiver() as proxy, Receiver(certificate=self.certificate) as receiver:
            url = f"http://127.0.0.1:{proxy.port}"
            with patch.dict(os.environ, {"HTTPS_PROXY": url, "https_proxy": url, "ALL_PROXY": url}):
                self.assertEqual(self.send(receiver).status, 200)
            self.assertFalse(proxy.received)

    def test_no_answer(self):
        """Nobody there, a name that is not, an answer that is not HTTP, one that breaks off: each has its name."""
        with Receiver(certificate=self.certificate) as receiver:
            port = receiver.port
        self.assertEqual(self.send(receiver).problem, "connect")
        self.assertEqual(self.send(receiver, names=Names(hooks_example_com=[[]])).problem, "lookup")
        for words, problem in (
            (b"220 mail.example.com ESMTP\r\n", "protocol"),
            (b"", "connect"),
            (b"HTTP/1.1 2", "protocol"),
        ):
            with Receiver(lambda handler, _n, words=words: handler.wfile.write(words)) as receiver:
                self.assertEqual(self.send(receiver, f"http://{HOST}:{receiver.port}/").problem, problem, words)
        self.assertNotEqual(port, 0)

    def test_slow(self):
        """Who does not answer, or sends a byte now and then, is left when the time is over, in headers and TLS, too."""

        def nothing(handler, _number):
            receiver.over.wait(60)

        def drip(handler, _number):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not receiver.over.wait(0.1):
                handler.wfile.write(b"x")

        def continues(handler, _number):
            while not receiver.over.wait(0.02):
                handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

        for answer in (nothing, drip, continues):
            with self.subTest(answer.__name__), Receiver(answer, self.certificate) as receiver:
                # none of them would ever end by itself
                self.assertEqual(self.send(receiver, seconds=1).problem, "timeout")
                self.assertFalse(receiver.over.is_set())
        with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, never shakes hands
            receiver.port = silent.getsockname()[1]
            self.assertEqual(self.send(receiver, seconds=1).problem, "timeout")

    def test_slow_names(self):
        """A name server that does not answer is not waited for longer than for a connection."""
        over = threading.Event()
        self.addCleanup(over.set)
        with (
            patch.object(socket, "getaddrinfo", lambda *_args, **_kwargs: over.wait(60) and []),
            Receiver() as receiver,
        ):
            sender = sending.Sender((), self.context)
            with patch.object(sending, "CONNECT_SECONDS", 0.5):
                outcome = sender.send(sending.Job(1, 1, f"https://{HOST}/", "msg_1", "{}", (KEY,)))
        self.assertEqual((outcome.problem, receiver.received), ("lookup", []))
        self.assertLess(outcome.milliseconds, 60_000)

    def test_endless(self):
        """Of an endless answer only the beginning is read, and it has arrived: the head said so."""
        written = []

        def endless(handler, _number):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not receiver.over.is_set():
                written.append(handler.wfile.write(b"\0ab\xff" * 4096))

        with Receiver(endless, self.certificate) as receiver:
            outcome = self.send(receiver)
        self.assertEqual((outcome.problem, outcome.status), ("", 200))
        self.assertEqual(outcome.excerpt[:4], "ab\ufffda")  # nothing that the database cannot hold
        self.assertLessEqual(len(outcome.excerpt), 1000)
        self.assertLess(sum(written), 64 * 1024 * 1024)  # what the kernel's buffers took

    def test_stalled_body(self):
        """A body that stalls does not undo the 200 before it."""

        def stall(handler, _number):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            receiver.over.wait(60)

        with Receiver(stall, self.certificate) as receiver:
            outcome = self.send(receiver, seconds=5)  # the head has to come in time
        self.assertEqual((outcome.problem, outcome.status, outcome.excerpt), ("", 200, "half"))

    def test_nothing_secret_is_told(self):
        """What a job tells of itself holds neither secret nor payload."""
        text = repr(sending.Job(1, 1, "https://x/", "msg_1", "the payload", (KEY,)))
        self.assertNotIn(KEY, text)
        self.assertNotIn("the payload", text)

    def test_two_signatures(self):
        """While a secret is rotated, a receiver with either one of the two verifies."""
        keys = (KEY, signing.make_secret())
        sender = sending.Sender(targets.parse_allowed(f"http://{HOST}:1"), self.context)
        with Receiver() as receiver, Names(hooks_example_com=[["127.0.0.1"]]).use():
            sender.allowed = targets.parse_allowed(f"http://{HOST}:{receiver.port}")
            sender.send(sending.Job(1, 1, f"http://{HOST}:{receiver.port}/", "msg_1", "{}", keys))
        [received] = receiver.received
        self.assertEqual(len(received.headers["webhook-signature"].split(" ")), 2)
        for key in keys:
            Webhook(key).verify(received.body, received.headers)
