"""A program that has Odoo loaded and, for each line that it reads, forks a sender that sends what is due until killed.

So a sender that was killed is there again at once. It answers with the process id of each.
"""

import os
import signal
import sys
import time

import odoo.tools
from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules


def load(conf, database):
    """Load Odoo; leave no connection that children would share."""
    odoo.tools.config.parse_config(["--config", conf, "--database", database, "--log-level", "error"])
    load_server_wide_modules()
    Registry(database)
    sql_db.close_all()


def send(database):
    """Send what is due, again and again, as the scheduled action does."""
    while True:
        with Registry(database).cursor() as cr:
            api.Environment(cr, api.SUPERUSER_ID, {})["service.notification.message"]._cron_send()
        time.sleep(0.05)


def main(conf, database):
    """Fork a sender for each line."""
    load(conf, database)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed is gone, not a zombie
    print("ready", flush=True)  # noqa: T201 - the answer
    for _line in sys.stdin:
        pid = os.fork()
        if not pid:
            send(database)
        print(pid, flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
