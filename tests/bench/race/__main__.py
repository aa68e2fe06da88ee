"""Run the race and the storms on the database of BENCH_CONF, print what came of them, and fail if anything broke."""

import logging
import os
import pathlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

from odoo.sql_db import db_connect
from odoo.tools import config

from . import books, plain, storms
from .doors import HoldDoor
from .report import title
from .serving import Server


@dataclass
class Setting:
    """How large the race is; RACE_CLIENTS, RACE_TRIES, RACE_SCALE and RACE_SECONDS of the environment change it.

    Each client tries `tries` times in the plain race; each storm rages for `seconds`.

    `crash` lets PostgreSQL crash and start again; None when the server is not ours.
    """

    database: str
    database_log: pathlib.Path | None
    crash: Callable | None
    clients: int = int(os.environ.get("RACE_CLIENTS") or 64)
    tries: int = int(os.environ.get("RACE_TRIES") or 50)
    scale: float = float(os.environ.get("RACE_SCALE") or 1)
    seconds: float = float(os.environ.get("RACE_SECONDS") or 60)
    workers: int = 2

    def door(self, _shop):
        """Return our door to a shop."""
        return HoldDoor()


def main():
    """Run everything (or what RACE_ONLY names: plain or storms); return the exit code."""
    conf, root = os.environ["BENCH_CONF"], pathlib.Path(os.environ["BENCH_ROOT"])
    config.parse_config(["-c", conf])
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    [database] = config["db_name"] if isinstance(config["db_name"], list) else [config["db_name"]]
    setting = Setting(database, *_get_cluster(root))
    _wait_for_disk(database)
    title("The race. Commits wait for the disk (synchronous_commit on), as in production")
    faults = []
    for name, part in (("plain", plain), ("storms", storms)):
        if os.environ.get("RACE_ONLY", name) == name:
            with Server(database, conf, root / ".run" / "log" / f"race-{name}.log", setting.workers) as server:
                faults += part.run(setting, server)
    for fault in faults:
        print(f"FAULT {fault}")
    books.forget_connections(database)
    return int(bool(faults))


def _get_cluster(root):
    """Return `(log, how to let it crash)` of the clone's private PostgreSQL, `(None, None)` of another server."""
    sys.path.append(str(root))
    from dev import postgres
    from dev import settings as dev_settings

    if not str(os.environ.get("PGHOST", "")).startswith("/"):
        return None, None
    settings = dev_settings.read()
    return settings.run / "pg" / "server.log", lambda: postgres.crash(settings)


def _wait_for_disk(database):
    """Let commits wait for the disk: a crash shall lose nothing that a customer was told. The tests do without."""
    with db_connect(database).cursor() as cr:
        cr.execute(f'ALTER DATABASE "{database}" SET synchronous_commit = on')
    books.forget_connections(database)


if __name__ == "__main__":
    sys.exit(main())
