"""A real Odoo server with worker processes, whose workers can be killed and whose log can be judged."""

import contextlib
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import odoo.release

PATIENCE = 120
ACCESS = re.compile(
    r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+" (?P<status>\d{3}) - '
    r"(?P<queries>\d+) (?P<sql>[\d.]+) (?P<python>[\d.]+)"
)
FAULT = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (\S+): (.*)$", re.MULTILINE)


def free_port():
    """Return the number of a port that nobody listens on.

    It is none of those that the system gives to clients: one of them could take it before the server begins.
    """
    first = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", random.randrange(max(1024, first - 20_000), first)))
            return probe.getsockname()[1]


class Server:
    """A server on `database` with `workers` processes, and `crons` for scheduled actions, for a `with` block.

    A worker cuts a client off who says nothing for `silence` seconds; None is as long as Odoo lets it.
    """

    def __init__(self, database, conf, log, workers=2, crons=0, silence=None):
        self.port = free_port()
        self.workers = workers
        self.log = pathlib.Path(log)
        self.killed = 0
        # the script of the tree, not `python -m odoo`: only so can Odoo start its own helper processes again
        script = pathlib.Path(odoo.release.__file__).parents[4] / "bin" / "odoo"
        self.command = [sys.executable, "-W", "ignore", str(script)]
        self.command += ["--config", str(conf)] if conf else []
        self.command += ["--database", database, "--db-filter", f"^{database}$", "--workers", str(workers)]
        self.command += ["--max-cron-threads", str(crons), "--http-interface", "127.0.0.1", "--proxy-mode"]
        self.command += ["--http-port", str(self.port), "--gevent-port", str(free_port())]
        self.command += ["--log-level", "warn", "--log-handler", "werkzeug:INFO"]
        self.command += ["--log-handler", "py.warnings:ERROR"]
        self.env = {**os.environ, **({"ODOO_HTTP_SOCKET_TIMEOUT": str(silence)} if silence else {})}
        self.process = None

    def __enter__(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            self.wait_for_answer()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error):
        self.stop()

    def wait_for_answer(self):
        """Wait until the server answers; fail with the end of its log when it does not."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError, urllib.error.URLError):
                if urllib.request.urlopen(f"http://127.0.0.1:{self.port}/web/health", timeout=10).status == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(f"the server did not answer; its log ends:\n{self.read_log()[-3000:]}")

    def stop(self):
        """End the server and the processes that it started."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def get_worker_pids(self):
        """Return the process ids of the workers: the children that are not the one for websockets."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if not self._is_gevent(pid)]

    @staticmethod
    def _is_gevent(pid):
        with contextlib.suppress(OSError):
            return b"gevent" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return True  # gone meanwhile: nothing to kill

    def kill_worker(self):
        """Kill a worker as a power cut would, whatever it is doing."""
        pids = self.get_worker_pids()
        if pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(pids), signal.SIGKILL)
                self.killed += 1

    def read_log(self):
        """Return the server's log so far."""
        return self.log.read_text(errors="replace")

    def read_requests(self, path):
        """Return `[(status, queries, seconds)]` of requests whose path begins with `path`, by the server."""
        return [
            (int(found["status"]), int(found["queries"]), float(found["sql"]) + float(found["python"]))
            for found in ACCESS.finditer(self.read_log())
            if found["path"].startswith(path)
        ]

    def read_faults(self):
        """Return `[(level, logger, message)]` of what the server warned of."""
        return [found.groups() for found in FAULT.finditer(self.read_log())]
