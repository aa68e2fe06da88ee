"""`make test`: pytest on clones of the prepared database, a whole run as two runs side by side."""

import contextlib
import signal
import subprocess
import sys
import tempfile

from dev import odoo, shell
from dev.database import own_modules
from dev.steps import say

PATIENCE = 15 * 60  # seconds that the second run may go on when the first is through
FAILING_CRONS = "SELECT cron_name FROM ir_cron WHERE failure_count > 0"


def run(settings, tree, databases, arguments):
    """Run pytest with `arguments` (all our tests when empty, on both cores); return its exit code."""
    failing = []
    with contextlib.ExitStack() as stack:

        def prepared(part, arguments):
            return stack.enter_context(_prepared(settings, databases, part, arguments, failing))

        options = {"env": {**databases.env, "PYTHONPATH": ""}, "cwd": settings.root}
        if arguments:
            code = shell.attend(prepared(1, arguments), **options)
        else:
            claims = stack.enter_context(tempfile.TemporaryDirectory())
            shared = [*_places(settings), "-p", "dev.claims", f"--claims={claims}"]
            front, back = prepared(1, shared), prepared(2, [*shared, "--backwards"])
            code = _side_by_side(front, back, settings.run / "log" / "test-back.log", options)
    for cron in failing:
        print(f"The scheduled action {cron} failed.", file=sys.stderr)
    return code or int(bool(failing))


@contextlib.contextmanager
def _prepared(settings, databases, part, arguments, failing):
    """Give the block the command that runs pytest on a clone of its own; add the crons that failed to `failing`."""
    with databases.clone_for_run(part) as database:
        options = {"db_name": database, "max_cron_threads": 0, "workers": 0}
        # tests that want jobs in the background start a server of their own; in this process they would meet its tests
        conf = odoo.write_conf(settings, database, channels="root:0", **options)
        pytest = [settings.python, "-m", "pytest", f"--odoo-config={conf}", f"--odoo-database={database}"]
        try:
            yield [*pytest, "--odoo-http", "--odoo-log-level=warn", *arguments]
            failing += databases.query(FAILING_CRONS, database)
        finally:
            conf.unlink()


def _side_by_side(front, back, log, options):
    """Run both commands at once; show what the second printed when both are done; return the worse exit code."""
    say(f"Two runs share the tests. The second writes to {log}, which is shown at the end.")
    stopped = []
    with shell.background(back, options["env"], log, cwd=options["cwd"]) as other:
        code = shell.attend(front, told_to_stop=stopped, **options)
        other_code = 1 if stopped else _wait(other)
    say(log.read_text(errors="replace"))
    return max(abs(code), abs(other_code))


def _wait(process):
    """Return the exit code of a run; one that does not end is told to write where it hangs, and ended."""
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # pytest writes the stacks of all threads then
        process.wait()
        return 1


def _places(settings):
    """Return the folders with tests, the quick ones first."""
    own = [f"addons/{name}/tests" for name in own_modules(settings.addons)]
    places = ["tests/unit", *own, "tests/suite", "tests/browser"]
    return [place for place in places if any((settings.root / place).glob("**/test_*.py"))]
