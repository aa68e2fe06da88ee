"""The storms: the same race with killed workers, a crashing PostgreSQL, and holds that run out."""

import contextlib
import threading
import time
from functools import partial

from . import books, chaos, contest, world
from .report import table, title


def run(setting, server):
    """Let each storm rage over a shop of its own, print what came of it, and return what was wrong."""
    environment = partial(books.environment, setting.database)
    with environment() as env:
        provider = chaos.prepare_provider(env)
        logins = world.create_customers(env, setting.clients, "storm")
        office = chaos.Office(env)
    clients = contest.log_in(server, logins)
    office.open(server)
    killing = [lambda _shop: chaos.every(chaos.BREATH, server.kill_worker)]
    expiring = [
        lambda shop: chaos.every(0.5, chaos.Clock(environment, shop).tick),
        lambda _shop: chaos.every(2, office.run_crons),
    ]
    storms = {
        "a worker is killed every second": killing,
        "holds run out, crons run": expiring,
        "holds run out, crons run, a worker is killed every second": [*killing, *expiring],
    }
    faults = []
    for name, accidents in storms.items():
        faults += _rage(
            setting, server, environment, (provider, office), clients, name, accidents, _Timer(setting.seconds)
        )
    if setting.crash:
        name, crash = "PostgreSQL crashes in the middle", _Crash(setting)
        faults += _rage(setting, server, environment, (provider, office), clients, name, [crash], crash)
    return faults


def _rage(setting, server, environment, shopping, clients, name, accidents, is_over):
    with environment() as env:
        shop = world.create_shop(env, name.capitalize(), setting.scale, payment="full")
    log, killed = books.DatabaseLog(setting.database_log), server.killed
    storm = chaos.Storm(environment, shop, *shopping)
    storm.rage(clients, setting.door(shop), [accident(shop) for accident in accidents], is_over)
    server.wait_for_answer()
    storm.settle()
    figures, faults = storm.judge()
    with environment() as env:
        checks, reservations = books.count_checks(env)
    figures["workers killed"] = server.killed - killed
    refused = log.count()
    figures["deadlocks"], figures["40001 inside"] = refused.get("deadlocks", "-"), refused.get("40001", "-")
    if figures["refused"] and not isinstance(is_over, _Crash):
        faults.append(f"{figures['refused']} requests were refused")
    figures["seconds"] = f"{storm.seconds:.0f}"
    title(f"{name.capitalize()}: {setting.clients} clients, {len(shop.slots)} times, {shop.capacity} places")
    table(list(figures), [list(figures.values())])
    print(f"{checks} checks over all {reservations} reservations of the database, {len(faults)} faults.\n", flush=True)
    return [f"{name}: {fault}" for fault in faults]


class _Timer:
    """Says when a storm is over: some seconds after it was first asked."""

    def __init__(self, seconds):
        self.seconds, self.until = seconds, None

    def __call__(self):
        self.until = self.until or time.monotonic() + self.seconds
        return time.monotonic() > self.until


class _Crash:
    """Lets PostgreSQL crash after half of the storm's time; the other half begins when it is back."""

    def __init__(self, setting):
        self.setting, self.back, self.error = setting, None, None

    def __call__(self, _shop=None):
        return self._crashing() if _shop else bool(self.back and self.back())

    @contextlib.contextmanager
    def _crashing(self):
        timer = threading.Timer(self.setting.seconds / 2, self._crash)
        timer.start()
        try:
            yield
        finally:
            timer.join()
        if self.error:
            raise self.error

    def _crash(self):
        try:
            books.forget_connections(self.setting.database)
            self.setting.crash()
            self.back = _Timer(self.setting.seconds / 2)
        except Exception as error:  # noqa: BLE001 - raised when the storm is over, which it is now
            self.error, self.back = error, _Timer(0)
