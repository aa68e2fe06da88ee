"""The contest: clients that go through the same times, and what came of it."""

import contextlib
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from .browser import Browser, ConnectionBroke, Gate
from .world import PASSWORD

ABREAST = 16
"""So many clients fight for one time at the same moment."""
PATIENCE = 180
"""Seconds for which a client sends the same form again when the server went away: a person presses reload."""
LOGGED_OUT = (400, 404)
"""What Odoo answers while it has no database, and afterwards, for then it has logged everybody out."""


@dataclass
class Outcome:
    """One try: `kind` is won, lost, or what went wrong; `seen` the seconds until the customer had a page to read."""

    kind: str
    status: int
    seconds: float
    slot: object
    location: str = ""
    text: str = ""
    seen: float = 0.0


@dataclass
class Client:
    """One customer with his browser."""

    browser: Browser
    number: int
    login: str = ""
    outcomes: list[Outcome] = field(default_factory=list)
    broke: int = 0
    refused: Counter = field(default_factory=Counter)

    def take(self, door, slot):
        """Try to take a slot, once."""
        return door.take(self, slot)

    def patiently(self, send):
        """Return what `send()` returns; send again when the server went away or had no database."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = send()
            except ConnectionBroke:
                self.broke += 1
            else:
                if answer.status < 500 and answer.status not in LOGGED_OUT:
                    return answer
                self.refused[answer.status] += 1
                if answer.status in LOGGED_OUT:
                    self._log_in_again()
            time.sleep(0.5)
        raise AssertionError(f"client {self.number} got no answer, but {self.refused}")

    def _log_in_again(self):
        with contextlib.suppress(ConnectionBroke, AssertionError):
            self.browser.cookies.clear()
            self.browser.log_in(self.login, PASSWORD)


def log_in(server, logins):
    """Return one logged in `Client` for each login, each from an address of its own."""
    gate = Gate(6 * server.workers)
    clients = [
        Client(Browser(server.port, gate, f"10.1.{number // 250}.{number % 250 + 1}"), number, login)
        for number, login in enumerate(logins)
    ]
    _together([lambda client=client: client.browser.log_in(client.login, PASSWORD) for client in clients])
    return clients


def order_of(slots, number, clients, tries):
    """Return the slots that client `number` goes through: `ABREAST` clients meet on one, all slots in turn."""
    lanes = max(1, clients // ABREAST)
    return [slots[(round_ * lanes + number % lanes) % len(slots)] for round_ in range(tries)]


def race(clients, door, slots, tries, act=None, is_over=None):
    """Let all clients go through their slots at the same time; return the seconds it took.

    :param act: a function of client and slot that returns an `Outcome`; None is one try through the door
    :param is_over: no new try begins when it returns true; None is no limit
    """
    act = act or (lambda client, slot: client.take(door, slot))
    start = time.perf_counter()

    def run(client):
        for slot in order_of(slots, client.number, len(clients), tries):
            if is_over and is_over():
                return
            client.outcomes.append(act(client, slot))

    _together([lambda client=client: run(client) for client in clients])
    return time.perf_counter() - start


def _together(acts):
    """Carry out all acts at the same time; raise the first error of any."""
    errors = []

    def guard(act):
        try:
            act()
        except Exception as error:  # noqa: BLE001 - raised below, by the thread that waits
            errors.append(error)

    threads = [threading.Thread(target=guard, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def outcomes_of(clients):
    """Return all outcomes."""
    return [outcome for client in clients for outcome in client.outcomes]


def percentiles(seconds):
    """Return p50, p95, p99 and the maximum in milliseconds, as text."""
    if len(seconds) < 2:
        return ["-"] * 4
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return [f"{value * 1000:.0f}" for value in (cuts[49], cuts[94], cuts[98], max(seconds))]
