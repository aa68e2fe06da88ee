"""A real HTTP or HTTPS server in a thread, which remembers what it was sent and answers as it is told."""

import contextlib
import datetime
import ipaddress
import ssl
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Received(NamedTuple):
    """A request: its path, headers (lower case) and body."""

    path: str
    headers: dict
    body: str

    @property
    def id(self):
        """The webhook's id."""
        return self.headers["webhook-id"]


class Receiver:
    """For the time of a `with` block.

    :param answer: called with the request handler and the number of the request, from 0 on; None: 200.
    :param certificate: a `Certificate` for HTTPS
    """

    def __init__(self, answer=None, certificate=None):
        self.answer = answer or reply(200)
        self.received = []
        self.lock = threading.Lock()
        self.at_once = self.most_at_once = 0
        self.over = threading.Event()
        self.server = _Server(("127.0.0.1", 0), self._make_handler())
        self.server.certificate = certificate
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def ids(self):
        """The ids of all that arrived, in their order."""
        return [received.id for received in self.received]

    def _make_handler(receiver):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                with receiver.lock:
                    number = len(receiver.received)
                    receiver.received.append(Received(self.path, headers, body))
                    receiver.at_once += 1
                    receiver.most_at_once = max(receiver.most_at_once, receiver.at_once)
                try:
                    with contextlib.suppress(OSError):  # who sends may have gone
                        receiver.answer(self, number)
                finally:
                    with receiver.lock:
                        receiver.at_once -= 1

            do_GET = do_POST

            def log_message(self, *_parts):
                """Say nothing."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    certificate = None

    def finish_request(self, request, client_address):
        """Override to speak TLS in the request's own thread."""
        if self.certificate:
            try:
                request = self.certificate.context.wrap_socket(request, server_side=True)
            except (OSError, ssl.SSLError):
                return  # the client did not like it
        with contextlib.suppress(OSError):
            super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        """Override to say nothing of clients that go."""


def reply(status, body=b"", **headers):
    """Return an answer with a status, a body and headers (``Retry_After="5"``)."""

    def answer(handler, _number):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def in_turn(*answers):
    """Return an answer that is the first one, then the second …, and from then on the last."""
    return lambda handler, number: answers[min(number, len(answers) - 1)](handler, number)


class Certificate:
    """A self-made authority with one certificate for some hosts."""

    def __init__(self, *hosts):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([self._name(host) for host in hosts]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.authority = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.names = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        kind = serialization.PrivateFormat.PKCS8
        private = key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            Path(file.name).write_bytes(self.authority.encode() + private)
            self.context.load_cert_chain(file.name)

    @staticmethod
    def _name(host):
        try:
            return x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            return x509.DNSName(host)

    def make_client_context(self):
        """Return the context of a client that trusts this authority only."""
        return ssl.create_default_context(cadata=self.authority)
