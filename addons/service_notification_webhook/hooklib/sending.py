"""One HTTP request to an endpoint: bounded in time and size, to the address that was checked, and to no other.

By Python's own `http.client`, for it has nothing to switch off: no proxy from the environment, no redirects, no
cookies, no decompression. It is given a socket that is already connected to the checked address, so the name is looked
up once.
"""

import contextlib
import http.client
import logging
import os
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone

import certifi

from . import resolving, retries, signing, targets
from .refused import Refused

_logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5
TOTAL_SECONDS = 15
READ_BYTES = 64 * 1024
EXCERPT_CHARACTERS = 1000
DETAIL_CHARACTERS = 200
AGENT = "Odoo-Service-Webhook/1"


@dataclass(frozen=True)
class Job:
    """What is to be sent: no record, so that a thread can have it."""

    delivery_id: int
    endpoint_id: int
    url: str
    message_id: str
    body: str = field(repr=False)
    secrets: tuple = field(repr=False)
    is_probe: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a try.

    :param str problem: empty when it was delivered, else a code: one of `Refused.CODES`, or ``connect``, ``tls``,
        ``timeout``, ``protocol``, ``redirect``, ``status``, ``error``
    :param int status: of the answer, 0 when there was none
    :param str detail: of the problem, for people
    :param str excerpt: the beginning of the answer
    :param retry_after: seconds that the receiver asked for, or None
    """

    problem: str = ""
    status: int = 0
    milliseconds: int = 0
    detail: str = ""
    excerpt: str = ""
    retry_after: int | None = None


class _Failed(Exception):
    """The request came to no answer."""

    def __init__(self, problem, error):
        super().__init__(problem)
        self.problem, self.detail = problem, str(error)[:DETAIL_CHARACTERS]


class Sender:
    """Sends jobs; threads may share it.

    :param allowed: `targets.Allowance` of the administrator
    :param context: `ssl.SSLContext`; None for one with the authorities that this system trusts
    """

    def __init__(self, allowed=(), context=None):
        self.allowed = tuple(allowed)
        self.context = context or make_context()

    def send(self, job):
        """Send a job and return its `Outcome`; whatever goes wrong is in there."""
        begun = time.monotonic()
        try:
            values = self._send(job, begun + TOTAL_SECONDS)
        except Refused as refused:
            values = {"problem": refused.code, "detail": refused.detail}
        except _Failed as failed:
            values = {"problem": failed.problem, "detail": failed.detail}
        except Exception:  # a fault of ours with one delivery must not keep the others
            _logger.exception("webhook delivery %s could not be sent", job.delivery_id)
            values = {"problem": "error"}
        return Outcome(milliseconds=round((time.monotonic() - begun) * 1000), **values)

    def _send(self, job, until):
        target = targets.parse(job.url, self.allowed)
        addresses = resolving.resolve(target.host, target.port, min(CONNECT_SECONDS, until - time.monotonic()))
        targets.check_addresses(target, addresses)
        plain = _connect(addresses, target.port)
        with contextlib.closing(plain), _cut_off(plain, until - time.monotonic()) as cut:
            try:
                return self._exchange(target, job, plain, cut)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise _Failed(_name_problem(error, cut), error) from error

    def _exchange(self, target, job, plain, cut):
        """Speak HTTP over a connected socket; return values of an outcome."""
        if target.scheme == "https":
            connection = http.client.HTTPSConnection(target.host, target.port, context=self.context)
            connection.sock = self.context.wrap_socket(plain, server_hostname=target.host)
        else:
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.sock = plain
        with contextlib.closing(connection):
            now = datetime.now(timezone.utc)
            headers = signing.make_headers(job.secrets, job.message_id, now, job.body)
            headers |= {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close"}
            connection.request("POST", target.path, job.body.encode(), headers)
            response = connection.getresponse()
            if cut.is_set():
                raise TimeoutError("cut off in the head of the answer")  # which http.client takes for its end
            return {**_judge(response), "excerpt": _read(response, cut)}


def make_context():
    """Return a context that trusts the authorities of the system, or certifi's where the system brings none."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or (paths.capath and any(os.scandir(paths.capath)))):
        context.load_verify_locations(certifi.where())
    return context


def _connect(addresses, port):
    """Return a socket to the first address that answers."""
    until = time.monotonic() + CONNECT_SECONDS
    error = TimeoutError("timed out")
    for address in addresses:
        seconds = until - time.monotonic()
        if seconds <= 0:
            break
        try:
            sock = socket.create_connection((address, port), seconds)
        except OSError as failure:
            error = failure
        else:
            sock.settimeout(TOTAL_SECONDS)
            return sock
    raise _Failed("timeout" if isinstance(error, TimeoutError) else "connect", error)


@contextlib.contextmanager
def _cut_off(sock, seconds):
    """End a connection when the block takes longer than `seconds`; gives the event that tells so.

    A socket's own timeout counts anew with every byte: who sends one now and then would hold us for ever. A copy of the
    descriptor is kept, for TLS takes the socket's own.
    """
    cut, watched = threading.Event(), sock.dup()

    def act():
        cut.set()
        with contextlib.suppress(OSError):
            watched.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(seconds, 0), act)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()
        timer.join()
        watched.close()


def _name_problem(error, cut):
    if cut.is_set() or isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "connect" if isinstance(error, OSError) else "protocol"


def _judge(response):
    """Return what the head of an answer says."""
    values = {"status": response.status}
    if 200 <= response.status < 300:
        return values
    values["retry_after"] = retries.parse_retry_after(response.headers.get("Retry-After"), datetime.now(timezone.utc))
    values["problem"] = "redirect" if 300 <= response.status < 400 else "status"
    if values["problem"] == "redirect":
        values["detail"] = clean(response.headers.get("Location", ""), DETAIL_CHARACTERS)
    return values


def _read(response, cut):
    """Return the beginning of the body. The head has decided: a body that stalls or breaks off changes nothing."""
    chunks, missing = [], READ_BYTES
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        while missing > 0 and not cut.is_set() and (chunk := response.read1(missing)):
            chunks.append(chunk)
            missing -= len(chunk)
    return clean(b"".join(chunks).decode("utf-8", "replace"), EXCERPT_CHARACTERS)


def clean(text, limit):
    """Return at most `limit` characters of a foreign text, those only that can be shown and stored."""
    return "".join(char for char in text[:limit] if char.isprintable() or char in "\n\t")
