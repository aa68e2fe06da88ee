"""Clients who call as fast as they are answered, and what their answers took."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field

PATIENCE = 60


@dataclass
class Figures:
    """What came of calling.

    :param list seconds: of each call that was done
    :param int errors: how many were not
    :param float wall: seconds that it was called for
    :param float cpu: seconds that the server's workers used of the processors
    :param str wrong: the first error
    """

    seconds: list = field(default_factory=list)
    errors: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    wrong: str = ""

    @property
    def rate(self):
        """Calls a second."""
        return len(self.seconds) / self.wall if self.wall else 0.0

    @property
    def cost(self):
        """Milliseconds of the processors for each call."""
        return self.cpu * 1000 / max(1, len(self.seconds) + self.errors)

    def quantile(self, share):
        """Return the milliseconds that this share of the calls took at most."""
        taken = sorted(self.seconds)
        return taken[min(len(taken) - 1, int(share * len(taken)))] * 1000 if taken else float("nan")

    def add(self, other):
        """Take in what came of calling at another turn."""
        self.seconds += other.seconds
        self.errors += other.errors
        self.wall += other.wall
        self.wrong = self.wrong or other.wrong


class Caller:
    """Calls one server with one key; a connection a call, as Odoo closes it after each."""

    def __init__(self, port, key):
        self.port = port
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(self, request):
        """Make a request; return its status and its body."""
        body = request.body() if callable(request.body) else request.body
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(
                request.method, request.path, None if body is None else json.dumps(body).encode(), self.headers
            )
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def act(self, requests):
        """Make requests one after the other, each made of the answer before it; raise when one is not done."""
        before = None
        for make in requests:
            status, body = self.call(make(before))
            if not 200 <= status < 300:
                raise AssertionError(f"{status} {body[:300]}")
            before = json.loads(body)


def measure(act, clients, seconds):
    """Let so many clients act again and again for so long; return the `Figures`."""
    figures, lock, start = Figures(), threading.Lock(), threading.Barrier(clients + 1)

    def work():
        start.wait(PATIENCE)
        until = time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            try:
                act()
            except (OSError, http.client.HTTPException, AssertionError) as error:
                with lock:
                    figures.errors += 1
                    figures.wrong = figures.wrong or str(error)
            else:
                with lock:
                    figures.seconds.append(time.perf_counter() - began)

    threads = [threading.Thread(target=work, daemon=True) for _client in range(clients)]
    for thread in threads:
        thread.start()
    start.wait(PATIENCE)
    began = time.perf_counter()
    for thread in threads:
        thread.join(PATIENCE + seconds)
    figures.wall = time.perf_counter() - began
    return figures
