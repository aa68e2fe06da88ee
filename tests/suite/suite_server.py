"""What tests with a real server share: a database of their own, and a server with two processes on it."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

from psycopg2.errors import ObjectInUse
from race.serving import Server

from odoo import api
from odoo.api import SUPERUSER_ID
from odoo.modules.registry import Registry
from odoo.orm.environments import Transaction
from odoo.sql_db import close_db, db_connect
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import config

PATIENCE = 60


@contextlib.contextmanager
def transaction(database):
    """Give the block an `Environment` on a cursor of its own; commit at the end unless it raises.

    The clone has the models of the database it was copied from, so it uses that one's registry: loading another one
    in a test process would run the addons' tests.
    """
    with contextlib.closing(db_connect(database).cursor()) as cr:
        cr.transaction = Transaction(registry_of(database))
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        cr.commit()


def registry_of(database):
    """Return the registry of the tests' database with the connection of its clone; Odoo hands it out as well."""
    if database not in Registry.registries:
        registry = object.__new__(Registry)
        own = {"db_name": database, "_db": db_connect(database), "_db_readonly": None}
        vars(registry).update({**vars(Registry(get_db_name())), **own})
        Registry.registries[database] = registry
    return Registry.registries[database]


def administer(sql):
    """Run a statement that may not stand in a transaction."""
    with contextlib.closing(db_connect("postgres").cursor()) as cr:
        cr.commit()
        cr.connection.autocommit = True
        cr.execute(sql)


def clone(source, name):
    """Copy database `source`; wait for sessions that are about to end."""
    until = time.monotonic() + PATIENCE
    while True:
        close_db(source)  # a database that is copied may have no sessions: also none idle in our own pool
        try:
            administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
            return
        except ObjectInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


class ServedCase(BaseCase):
    """A clone of the database and, once `start_server` was called, a server on it; both go at the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()}_{cls.__name__.lower()}_{os.getpid()}"
        cls.addClassCleanup(cls._drop)
        clone(get_db_name(), cls.database)

    @classmethod
    def _drop(cls):
        close_db(cls.database)
        Registry.registries.pop(cls.database, None)
        Registry(get_db_name()).clear_all_caches()
        administer(f'DROP DATABASE IF EXISTS "{cls.database}" WITH (FORCE)')

    @classmethod
    def start_server(cls, workers=2, crons=0):
        """Start a server, with processes for scheduled actions if wanted, and return it."""
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        conf = config["config"] if config["config"] and os.path.exists(config["config"]) else None
        log = Path(folder) / "server.log"
        # a client of ours may have to wait for a processor
        return cls.enterClassContext(Server(cls.database, conf, log, workers, crons, silence=PATIENCE))
