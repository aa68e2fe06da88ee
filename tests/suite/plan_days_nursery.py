"""A program that has Odoo loaded and, for each line that it reads, forks a process that works on a plan of days.

"apply PLAN USER" applies it as that user, as his click does; "run UUID" is what the runner of ``queue_job`` has a
server do. So a process can be killed in the middle of either. It answers with the process id of each.
"""

import os
import signal
import sys

import odoo.tools
from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.service.server import load_server_wide_modules


def load(conf, database):
    """Load Odoo; leave no connection that children would share."""
    odoo.tools.config.parse_config(["--config", conf, "--database", database, "--log-level", "critical"])
    load_server_wide_modules()
    Registry(database)
    sql_db.close_all()


def apply(env, plan_id, user_id):
    """Apply a plan as a user, and do it again when somebody was quicker, as a request does."""
    plan = env["fsm.plan"].with_user(int(user_id)).browse(int(plan_id))
    retrying(plan.action_apply, env)


def run(env, uuid):
    """Do a job in the background that the runner has given away."""
    from odoo.addons.queue_job.controllers.main import RunJobController

    job = RunJobController._acquire_job(env, uuid)
    RunJobController._runjob(env, job)


def work(database, order):
    """Do what a line says."""
    name, *details = order.split()
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"lang": "en_US"})
        {"apply": apply, "run": run}[name](env, *details)


def tell(what):
    """Tell the test, which reads line by line."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main(conf, database):
    """Fork a process for each line."""
    load(conf, database)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed is gone, not a zombie
    tell("ready")
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            work(database, line)
            os._exit(0)
        tell(pid)


if __name__ == "__main__":
    main(*sys.argv[1:])
