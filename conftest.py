"""What fails a run of the tests besides a failing test.

- A log line of level ERROR from anywhere, or a warning from one of our addons or from a database
  schema, outside `mute_logger` and `assertLogs`. A failing cron is such a line.
- A skipped test, unless its reason begins with "by design: ". So no HttpCase is skipped unseen.

A run that is over and does not end, because a test left a thread, is ended; where the thread is, is written.

Odoo's tours wait ten seconds for a browser to start, and skip the test when it takes longer, as it does now and then
on a busy machine: here they wait a minute, and try a second time. What else they wait for may take longer, too. Its
tests give a page twelve seconds, of which the first one may need more to compile what it stands on: here two minutes.
"""

import faulthandler
import functools
import inspect
import logging
import os
import pathlib
import sys
import tempfile
import threading
import unittest

import pytest

ADDONS = pathlib.Path(__file__).parent / "addons"
STRICT = (
    "odoo.schema",
    "odoo.registry",
    *(f"odoo.addons.{path.parent.name}" for path in ADDONS.glob("*/__manifest__.py")),
)
BY_DESIGN = "by design: "
LINGER = 60  # seconds that a process may take to end
PATIENCE = 5  # how many times as long as Odoo a tour waits, e.g. a minute for a page to be ready
ANSWER_SECONDS = 120  # that an answer to a test may take


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
    _await_browsers()
    _await_answers()


def _await_browsers():
    """Give Odoo's tours time: a minute for the browser's start, and a second browser if there was none."""
    from odoo.tests import common

    common.CHECK_BROWSER_ITERATIONS = 600
    common.ChromeBrowser._json_command.__defaults__ = (60,)
    common.HttpCase._wait_remaining_requests.__defaults__ = (60,)
    common.BaseCase.test_cursor_lock_timeout = 120  # a request waits for the ones before it
    spawn = common.ChromeBrowser._spawn_chrome

    def spawn_twice(browser, command):
        """Start a browser; when that failed (its folder is gone then), once more in a new folder."""
        browser.throttling_factor = PATIENCE  # what Odoo multiplies its patience by when it slows a browser down
        try:
            return spawn(browser, command)
        except unittest.SkipTest:
            old, browser.user_data_dir = browser.user_data_dir, tempfile.mkdtemp(suffix="_chrome_odoo")
            return spawn(browser, [part.replace(old, browser.user_data_dir) for part in command])

    common.ChromeBrowser._spawn_chrome = spawn_twice


def _await_answers():
    """Give the server of `HttpCase` time to answer."""
    from odoo.tests import common

    for name in ("url_open", "make_jsonrpc_request"):
        method = getattr(common.HttpCase, name)
        setattr(common.HttpCase, name, functools.partialmethod(_ask_patiently, method))


def _ask_patiently(test, ask, /, *args, **options):
    """Ask with a longer timeout, unless the test gives one."""
    if "timeout" not in inspect.signature(ask).bind(test, *args, **options).arguments:
        options["timeout"] = ANSWER_SECONDS
    return ask(test, *args, **options)


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
    end = threading.Timer(LINGER, _end, (session,))
    end.daemon = True
    end.start()


def _end(session):
    """End a process that is through with its tests and whose threads keep it from ending."""
    sys.stdout.flush()
    faulthandler.dump_traceback(file=sys.__stderr__, all_threads=True)
    os._exit(session.exitstatus)


def pytest_terminal_summary(terminalreporter):
    """List what failed the run although every test passed."""
    for problem in problems:
        terminalreporter.write_line(f"FAULT {problem}", red=True)
