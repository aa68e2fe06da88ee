"""The contest: clients that go through the same times, and what came of it."""

import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from .browser import Browser, ConnectionBroke
from .world import PASSWORD

ABREAST = 16
"""So many clients fight for one time at the same moment."""
AGAIN = 40
"""Times that a client sends the same form again when the server went away: a person presses reload."""


@dataclass
class Outcome:
    """One try: `kind` is won, lost, or what went wrong."""

    kind: str
    status: int
    seconds: float
    slot: object
    location: str = ""
    text: str = ""


@dataclass
class Client:
    """One customer with his browser."""

    browser: Browser
    number: int
    outcomes: list[Outcome] = field(default_factory=list)
    broke: int = 0
    refused: Counter = field(default_factory=Counter)

    def take(self, door, slot, patient=False):
        """Try to take a slot; `patient` sends the form again when the server went away or had no database."""
        for attempt in range(AGAIN):
            try:
                outcome = door.take(self, slot)
            except ConnectionBroke:
                self.broke += 1
                if not patient:
                    raise
            else:
                if not (patient and outcome.status >= 500):
                    return outcome
                self.refused[outcome.status] += 1
            time.sleep(min(0.1 * (attempt + 1), 1))
        raise AssertionError(f"client {self.number} got no answer for {slot.choice}")


def log_in(port, logins):
    """Return one logged in `Client` for each login, each from an address of its own."""
    clients = [
        Client(Browser(port, f"10.1.{number // 250}.{number % 250 + 1}"), number) for number in range(len(logins))
    ]
    _together(
        [lambda c=client, w=login: c.browser.log_in(w, PASSWORD) for client, login in zip(clients, logins, strict=True)]
    )
    return clients


def order_of(slots, number, clients, tries):
    """Return the slots that client `number` goes through: `ABREAST` clients meet on one, all slots in turn."""
    lanes = max(1, clients // ABREAST)
    return [slots[(round_ * lanes + number % lanes) % len(slots)] for round_ in range(tries)]


def race(clients, door, slots, tries, act=None):
    """Let all clients go through their slots at the same time; return the seconds it took.

    `act(client, slot)` returns an `Outcome`; None is one try through the door.
    """
    act = act or (lambda client, slot: client.take(door, slot))

    def run(client):
        for slot in order_of(slots, client.number, len(clients), tries):
            client.outcomes.append(act(client, slot))

    start = time.perf_counter()
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
