"""Running other programs: quietly, with a log to look into and one sentence when they fail."""

import contextlib
import fcntl
import os
import pathlib
import re
import signal
import subprocess
import time

from dev.errors import Failure, cause_in

TAIL = 4000
CHATTER = re.compile(r"\S+ \S+ \d+ (DEBUG|INFO) ")


def run(command, log, what, **options):
    """Run `command` with its output in the file `log`; return that output.

    `what` names the deed for the sentence of a failure: "<what> failed: …". Other keyword
    arguments go to `subprocess.run`. Raises `Failure` when the program fails or is missing.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as output:
        try:
            code = subprocess.run(
                [str(part) for part in command],
                stdin=options.pop("stdin", subprocess.DEVNULL),
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **options,
            ).returncode
        except FileNotFoundError as error:
            raise Failure(f"{what} failed: the program {error.filename} is not installed.") from error
    text = log.read_text(errors="replace")
    if code:
        raise Failure(f"{what} failed: {reason(text, code)}. The whole output is in {log}.")
    return text


def reason(text, code):
    """Return why a program failed: a known cause, else the last line it printed, else its exit code.

    What Odoo logs while it shuts down, after an error, is no reason.
    """
    lines = [line.strip() for line in text[-TAIL:].splitlines() if line.strip()]
    telling = [line for line in lines if not CHATTER.match(line)] or lines
    return cause_in(text[-TAIL:]) or (telling[-1].rstrip(".") if telling else f"exit code {code}")


@contextlib.contextmanager
def lock(path):
    """Hold the file `path` for this process alone: others wait here until the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


MARK = "SERVICE_SCHEDULE_RUN"


def attend(command, env, told_to_stop=None, **options):
    """Run `command` in the foreground until it ends; return its exit code and leave none of its processes.

    Ctrl-C reaches the program from the terminal, and we wait for it to stop; SIGTERM and SIGHUP are
    passed on to it. `told_to_stop`, a list, gets the numbers of such signals: exit codes do not tell.
    All its descendants carry a mark in their environment, by which those that it left behind (browsers,
    workers) are found and killed.
    """
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    process = subprocess.Popen([str(part) for part in command], env={**env, MARK: mark}, **options)
    told = [] if told_to_stop is None else told_to_stop
    passed_on = {signal.SIGINT: lambda number, _frame: told.append(number)}
    for number in (signal.SIGTERM, signal.SIGHUP):
        passed_on[number] = lambda number, _frame: (told.append(number), process.terminate())
    before = {number: signal.signal(number, handler) for number, handler in passed_on.items()}
    try:
        return process.wait()
    finally:
        kill_marked(f"{MARK}={mark}")
        for number, handler in before.items():
            signal.signal(number, handler)


def kill_marked(mark):
    """Kill every process whose environment has the entry `mark`."""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.fsencode(mark) in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)


@contextlib.contextmanager
def background(command, env, log, **options):
    """Run `command` while the block runs, its output in the file `log`; stop it and its descendants at the end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            env={**env, MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **options,
        )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        kill_marked(f"{MARK}={mark}")
        process.wait()
