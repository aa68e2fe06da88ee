"""A program that has Odoo loaded and, for each line that it reads, forks a maker of visits: until none is missing.

So a maker that was killed is there again at once. It answers with the process id of each.
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


def generate(database):
    """Make the visits that are missing as the scheduled action does, which is called again while some are left."""
    waits = True
    while waits:
        with Registry(database).cursor() as cr:
            plans = api.Environment(cr, api.SUPERUSER_ID, {"lang": "en_US"})["fsm.recurring"]
            plans._cron_generate_orders()
            cr.commit()
            waits = plans.search_count([("state", "=", "progress"), ("generated_on", "=", False)])
        time.sleep(0.05)


def main(conf, database):
    """Fork a maker for each line."""
    load(conf, database)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed is gone, not a zombie
    print("ready", flush=True)
    for _line in sys.stdin:
        pid = os.fork()
        if not pid:
            generate(database)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
