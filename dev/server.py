"""A running Odoo server: started, waited for, told where it is, and stopped with everything it started."""

import contextlib
import socket
import threading
import time
import urllib.error
import urllib.request

from dev import odoo, shell
from dev.errors import Failure
from dev.steps import say

PATIENCE = 120


def check_port(text):
    """Return the port number that `text` names; raise `Failure` when it is none or is taken."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Failure(f"PORT={text} is not a port number: give one from 1 to 65535.")
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            raise Failure(f"Port {text} is for root only: choose one above 1023, for example PORT=8070.") from None
        except OSError:
            raise Failure(f"Port {text} is taken: stop what listens there, or choose another with PORT=.") from None
    return int(text)


def free_port():
    """Return the number of a port that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(settings, tree, env, database, port, interface="127.0.0.1", greeting=""):
    """Serve `database` until the server is stopped; return its exit code.

    `greeting` is printed when the server answers. The server's log is `.run/log/server.log`; a server
    that stops before it has answered raises `Failure` with the reason its log gives.
    """
    options = {"db_name": database, "http_port": port, "http_interface": interface}
    conf = odoo.write_conf(settings, f"server-{port}", **options)
    log = settings.run / "log" / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    answered, stopped = threading.Event(), threading.Event()
    waiter = threading.Thread(target=_wait, args=(port, answered, stopped, greeting), daemon=True)
    with open(log, "wb") as output:
        waiter.start()
        code = shell.attend(odoo.command(settings, tree, conf), env, cwd=settings.root, stdout=output, stderr=output)
    stopped.set()
    conf.unlink(missing_ok=True)
    if code and not answered.is_set():
        raise Failure(f"Odoo stopped: {shell.reason(log.read_text(errors='replace'), code)}. Its log is {log}.")
    return code


@contextlib.contextmanager
def serving(settings, tree, env, database):
    """Give the block the address of a server on `database`, on a free port."""
    port = free_port()
    options = {"db_name": database, "http_port": port}
    conf = odoo.write_conf(settings, f"server-{port}", **options)
    log = settings.run / "log" / f"server-{port}.log"
    with shell.background(odoo.command(settings, tree, conf), env, log, cwd=settings.root) as process:
        try:
            wait_for_answer(port, lambda: process.poll() is not None)
            yield f"http://127.0.0.1:{port}"
        finally:
            conf.unlink(missing_ok=True)


def wait_for_answer(port, given_up):
    """Wait until the server on `port` answers; raise `Failure` when it does not, or when `given_up()` is true."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not given_up():
        with contextlib.suppress(OSError, urllib.error.URLError):
            if urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5).status == 200:
                return
        time.sleep(0.2)
    raise Failure(f"Odoo did not answer on port {port}.")


def _wait(port, answered, stopped, greeting):
    with contextlib.suppress(Failure):
        wait_for_answer(port, stopped.is_set)
        answered.set()
        say(greeting)
