"""PostgreSQL: a private cluster of this clone, or the server that PGHOST, PGPORT or PGUSER name.

The private cluster listens on a unix socket only, so it takes no port. It lives in `.run/pg`; when
we are root it runs as the user `postgres`, and where that user may not enter the clone its files are
in /var/tmp and `.run/pg` is a link to them. Every command that uses the cluster holds a shared lock:
the last one to leave stops the server, also when several run at once or one of them was killed.
"""

import contextlib
import fcntl
import os
import pathlib
import pwd
import re
import shutil
import subprocess

from dev import shell
from dev.errors import Failure
from dev.steps import step

OWNER = "postgres"  # the system user that runs the server when we are root
ROLE = "odoo"
SOCKET_LIMIT = 100  # a unix socket's whole path may have 107 bytes
# Commits do not wait for the disk: a crash may lose the last half second, and nothing breaks.
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "synchronous_commit": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
    "recovery_init_sync_method": "syncfs",
    "jit": "off",
}


@contextlib.contextmanager
def running(settings):
    """Give the block an environment (a dict like `os.environ`) in which libpq finds a running server."""
    if external():
        yield _external_environment(settings)
        return
    settings.run.mkdir(parents=True, exist_ok=True)
    users = os.open(settings.run / "pg.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        with shell.lock(settings.run / "pg.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster = _Cluster(settings)
            cluster.start()
        yield {**os.environ, **cluster.environment}
    finally:
        with shell.lock(settings.run / "pg.lock"), contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _Cluster(settings).stop()
        os.close(users)


def crash(settings):
    """End the private cluster's server as a power cut would, and start it again with the same options."""
    _Cluster(settings).crash()


def remove(settings):
    """Stop the private cluster and remove its files; raise `Failure` when another command is using it."""
    home = settings.run / "pg"
    if not home.exists():
        return
    with open(settings.run / "pg.users", "w") as users, shell.lock(settings.run / "pg.lock"):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure("Another command of this clone is using the database: end it first.") from None
        if installed():
            _Cluster(settings).stop()
        shutil.rmtree(home.resolve())
        home.unlink() if home.is_symlink() else None


def external():
    """Tell whether the environment names a server to use instead of the private cluster."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGUSER"))


def _external_environment(settings):
    env = dict(os.environ)
    ask = ["psql", "-XAtc", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", "postgres"]
    shell.run(ask, settings.run / "log" / "psql.log", "Reaching the PostgreSQL server of PGHOST/PGPORT/PGUSER", env=env)
    return env


class _Cluster:
    """The private cluster: its folders, and how it is made, started and stopped."""

    def __init__(self, settings):
        self.settings = settings
        self.log = settings.run / "log" / "postgres.log"
        self.bin = _programs(settings)
        self.owner = pwd.getpwnam(OWNER) if os.geteuid() == 0 else None
        self.home = self._home()
        self.data = self.home / "data"
        self.socket = self._socket_folder()

    @property
    def environment(self):
        """What libpq needs to know."""
        path = f"{self.bin}{os.pathsep}{os.environ.get('PATH', '')}"
        return {"PGHOST": str(self.socket), "PGPORT": "5432", "PGUSER": ROLE, "PATH": path}

    def start(self):
        """Start the server if it is not running, making the cluster first if there is none."""
        if self._ready():
            return
        with step("PostgreSQL"):
            self._make()
            self._clear_stale_files()
            options = " ".join(f"-c {key}='{value}'" for key, value in self._options().items())
            server_log = self.home / "server.log"
            try:
                self._run(["pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", server_log, "-o", options, "start"])
            except Failure as error:
                raise Failure(_why_not_started(self.settings, server_log)) from error
            self._psql(
                f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') "
                f"THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END $$"
            )

    def stop(self):
        """Stop the server if it runs."""
        if (self.data / "postmaster.pid").is_file():
            self._run(["pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop"], check=False)

    def crash(self):
        """Let the server drop everything without a word, and start it again: it recovers from its log."""
        self._run(["pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-t", "60", "stop"])
        self.start()

    def _options(self):
        return {**OPTIONS, "unix_socket_directories": self.socket}

    def _ready(self):
        return (self.data / "PG_VERSION").is_file() and self._run(["pg_isready", "-q"], check=False)

    def _make(self):
        """Make the cluster beside its final place, then rename: an interrupted run leaves no half cluster."""
        if (self.data / "PG_VERSION").is_file():
            return
        new = self.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        self._run(["initdb", "-D", new, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
        os.rename(new, self.data)

    def _clear_stale_files(self):
        """Remove what a killed server left, when the process it names is not a server of this cluster."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.is_file() and not _serves(pid_file.read_text().split("\n")[0], self.data):
            pid_file.unlink()
            for left in self.socket.glob(".s.PGSQL.*"):
                left.unlink()

    def _home(self):
        """Return the cluster's folder, owned by the user that runs the server."""
        home = self.settings.run / "pg"
        if self.owner and not home.exists():
            self.settings.run.mkdir(parents=True, exist_ok=True)
            if not self._may_enter(self.settings.run):
                elsewhere = pathlib.Path("/var/tmp") / f"service-schedule-{self.settings.key}"
                elsewhere.mkdir(mode=0o700, exist_ok=True)
                home.unlink(missing_ok=True)
                home.symlink_to(elsewhere)
        home.mkdir(mode=0o700, exist_ok=True)
        home = home.resolve()
        self._own(home)
        return home

    def _socket_folder(self):
        folder = self.home / "socket"
        if len(str(folder)) + len("/.s.PGSQL.5432") > SOCKET_LIMIT:
            folder = pathlib.Path("/tmp") / f"service-schedule-{self.settings.key}"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._own(folder)
        return folder

    def _own(self, folder):
        """Give `folder` to the server's user; refuse one that somebody else has put there."""
        uid = self.owner.pw_uid if self.owner else os.geteuid()
        if folder.stat().st_uid not in (uid, os.geteuid()):
            raise Failure(f"{folder} belongs to another user: remove it and start again.")
        if self.owner:
            os.chown(folder, uid, self.owner.pw_gid)
        folder.chmod(0o700)

    def _may_enter(self, folder):
        return subprocess.run(["test", "-x", folder], check=False, cwd="/", **self._as_owner()).returncode == 0

    def _as_owner(self):
        if not self.owner:
            return {}
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}

    def _run(self, command, check=True):
        """Run one of PostgreSQL's programs as the server's user, in a session of its own so Ctrl-C spares it."""
        program, *rest = command
        full = [str(self.bin / program), *map(str, rest)]
        env = {**os.environ, **self.environment}
        env.pop(shell.MARK, None)  # the server outlives the program that may have started it
        options = {"cwd": self.home, "start_new_session": True, "env": env}
        if not check:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
            return subprocess.run(full, check=False, **quiet, **options, **self._as_owner()).returncode == 0
        shell.run(full, self.log, f"PostgreSQL's {program}", **options, **self._as_owner())
        return True

    def _psql(self, sql):
        self._run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", OWNER, "-d", "postgres", "-c", sql])


def installed():
    """Tell whether what this machine needs of PostgreSQL is there: the client, and the server unless one is named."""
    return bool(shutil.which("psql")) if external() else _newest("*") is not None


def _programs(settings):
    """Return the folder of PostgreSQL's server programs, of the version that made the cluster if there is one."""
    made_by = settings.run / "pg" / "data" / "PG_VERSION"
    wanted = made_by.read_text().strip() if made_by.is_file() else "*"
    found = _newest(wanted)
    if not found and wanted != "*":
        raise Failure(f".run/pg was made by PostgreSQL {wanted}, which is not installed: 'make clean' starts afresh.")
    if not found:
        raise Failure("PostgreSQL's server is not installed: 'apt-get install postgresql', or set PGHOST to yours.")
    return found


def _newest(version):
    folders = pathlib.Path("/usr/lib/postgresql").glob(f"{version}/bin")
    complete = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return max(complete, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), default=None)


def _serves(pid, data):
    """Tell whether process `pid` is a PostgreSQL server on the folder `data`."""
    try:
        command = pathlib.Path(f"/proc/{int(pid)}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False
    return os.fsencode(data) in command


def _why_not_started(settings, server_log):
    try:
        text = server_log.read_text(errors="replace")
    except OSError:
        text = (settings.run / "log" / "postgres.log").read_text(errors="replace")
    return f"PostgreSQL did not start: {shell.reason(text, 1)}. Its log is {server_log}."
