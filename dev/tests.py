"""`make test`: pytest on a clone of the prepared database."""

import os
import sys

from dev import odoo, shell
from dev.database import own_modules

FAILING_CRONS = "SELECT cron_name FROM ir_cron WHERE failure_count > 0"


def run(settings, tree, databases, arguments):
    """Run pytest with `arguments` (all our tests when empty); return its exit code."""
    with databases.clone_for_run() as database:
        options = {"db_name": database, "max_cron_threads": 0, "workers": 0}
        # tests that want jobs in the background start a server of their own; in this process they would meet its tests
        conf = odoo.write_conf(settings, f"test-{os.getpid()}", channels="root:0", **options)
        try:
            env = {**databases.env, "PYTHONPATH": ""}
            code = shell.attend(_command(settings, conf, database, arguments), env, cwd=settings.root)
            failing = databases.query(FAILING_CRONS, database)
        finally:
            conf.unlink()
    for cron in failing:
        print(f"The scheduled action {cron} failed.", file=sys.stderr)
    return code or int(bool(failing))


def _command(settings, conf, database, arguments):
    pytest = [settings.python, "-m", "pytest"]
    options = [f"--odoo-config={conf}", f"--odoo-database={database}", "--odoo-http", "--odoo-log-level=warn"]
    return [*pytest, *options, *(arguments or _places(settings))]


def _places(settings):
    """Return the folders with tests, the quick ones first."""
    own = [f"addons/{name}/tests" for name in own_modules(settings.addons)]
    places = ["tests/unit", *own, "tests/suite", "tests/browser"]
    return [place for place in places if any((settings.root / place).glob("**/test_*.py"))]
