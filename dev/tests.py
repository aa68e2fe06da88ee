"""`make test`: pytest on a clone of the prepared database."""

import os
import subprocess

from dev import odoo
from dev.database import own_modules

EVERYTHING = ("tests/unit", "tests/suite", "tests/browser")


def run(settings, tree, databases, arguments):
    """Run pytest with `arguments` (all our tests when empty); return its exit code."""
    with databases.clone_for_run() as database:
        conf = odoo.write_conf(settings, f"test-{os.getpid()}", db_name=database, max_cron_threads=0, workers=0)
        try:
            return subprocess.run(
                [str(part) for part in _command(settings, conf, database, arguments)],
                env={**databases.env, "PYTHONPATH": ""},
                cwd=settings.root,
                check=False,
            ).returncode
        finally:
            conf.unlink()


def _command(settings, conf, database, arguments):
    pytest = [settings.python, "-m", "pytest"]
    options = [f"--odoo-config={conf}", f"--odoo-database={database}", "--odoo-http", "--odoo-log-level=error"]
    return [*pytest, *options, *(arguments or _places(settings))]


def _places(settings):
    own = [f"addons/{name}/tests" for name in own_modules(settings.addons)]
    return [place for place in (*EVERYTHING, *own) if (settings.root / place).is_dir()]
