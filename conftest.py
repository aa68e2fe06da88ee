"""What fails a run of the tests besides a failing test.

- A log line of level ERROR from anywhere, or a warning from one of our addons or from a database
  schema, outside `mute_logger` and `assertLogs`. A failing cron is such a line.
- A skipped test, unless its reason begins with "by design: ". So no HttpCase is skipped unseen.
"""

import logging
import pathlib

import pytest

ADDONS = pathlib.Path(__file__).parent / "addons"
STRICT = (
    "odoo.schema",
    "odoo.registry",
    *(f"odoo.addons.{path.parent.name}" for path in ADDONS.glob("*/__manifest__.py")),
)
BY_DESIGN = "by design: "


class _Faults(logging.Handler):
    """Collect the log lines that must not be."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        if record.levelno >= logging.ERROR or record.name.startswith(STRICT):
            self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def take(self):
        """Return the lines since the last call."""
        lines, self.lines = self.lines, []
        return lines


faults = _Faults()
problems = []


def pytest_sessionstart():
    """Listen on the root logger: `mute_logger` and `assertLogs` keep their lines from getting there."""
    logging.getLogger().addHandler(faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Fail a test, or what prepares and clears it, when it logged a fault; note a skip without its reason."""
    report = yield
    lines = faults.take()
    if lines and report.passed:
        report.outcome = "failed"
        report.longrepr = "\n".join(["Logged, and neither expected nor muted:", *lines])
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(BY_DESIGN):
            problems.append(f"{item.nodeid} was skipped: {reason}")
    return report


def pytest_sessionfinish(session):
    """Turn a passed run into a failed one when something was skipped unseen or logged after the last test."""
    problems.extend(f"Logged outside a test: {line}" for line in faults.take())
    if problems and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """List what failed the run although every test passed."""
    for problem in problems:
        terminalreporter.write_line(f"FAULT {problem}", red=True)
