"""`make bench` and `make screenshots`: scripts run against a fresh clone of the prepared database."""

import os
import shutil

from dev import odoo, server, shell
from dev.errors import Failure
from dev.steps import step

PEER = "resource_booking"  # the OCA addon that benchmarks compare with, installed in the clone only
RUN = "import runpy; runpy.run_path({path!r}, init_globals={{'env': env}}, run_name='__main__')"


def benchmarks(settings, tree, databases, arguments):
    """Run all benchmarks in `tests/bench` (or those in `arguments`); return the exit code.

    A script `bench_*.py` runs inside Odoo: it finds `env`, an environment of the superuser, among its
    globals; the cursor is rolled back when it ends. A folder with a `__main__.py` is a program: it finds
    Odoo's configuration file in BENCH_CONF and the project in BENCH_ROOT, and starts what it needs. The
    database has the peer's addon, and is dropped at the end.
    """
    scripts = [settings.root / name for name in arguments] or _all_benchmarks(settings.root / "tests" / "bench")
    if not scripts:
        raise Failure("There is no tests/bench/bench_*.py to run.")
    with databases.clone_for_run() as database:
        with step(f"OCA {PEER} beside our addons"):
            databases.odoo(database, "bench.log", f"Installing {PEER}", "-i", PEER)
        conf = odoo.write_conf(settings, f"bench-{os.getpid()}", db_name=database, log_level="error")
        try:
            return max(_bench(settings, tree, databases.env, conf, script) for script in scripts)
        finally:
            conf.unlink()


def _all_benchmarks(folder):
    return [*sorted(folder.glob("bench_*.py")), *sorted(path.parent for path in folder.glob("*/__main__.py"))]


def _bench(settings, tree, env, conf, script):
    if script.is_dir():
        told = {"BENCH_CONF": str(conf), "BENCH_ROOT": str(settings.root), "PYTHONPATH": str(script.parent)}
        command = [settings.python, "-W", "ignore", "-m", script.name]
        return shell.attend(command, {**env, **told}, cwd=settings.root)
    command = odoo.command(settings, tree, conf, "--no-http", subcommand="shell")
    code = settings.run / "bench.py"
    code.write_text(RUN.format(path=str(script)))
    with open(code) as given:
        return shell.attend(command, env, cwd=settings.root, stdin=given)


def screenshots(settings, tree, databases, arguments):
    """Run `tests/browser/screenshots.py` against a server with fresh demo data; return the exit code.

    The script finds the server in SCREENSHOTS_URL, the folder to write to in SCREENSHOTS_DIR and the
    browser in CHROMIUM.
    """
    script = settings.root / "tests" / "browser" / "screenshots.py"
    if not script.is_file():
        raise Failure("There is no tests/browser/screenshots.py to run.")
    folder = settings.root / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with databases.clone_for_run() as database, server.serving(settings, tree, databases.env, database) as address:
        told = {"SCREENSHOTS_URL": address, "SCREENSHOTS_DIR": str(folder), "CHROMIUM": shutil.which("chromium")}
        return shell.attend([settings.python, script, *arguments], {**databases.env, **told}, cwd=settings.root)
