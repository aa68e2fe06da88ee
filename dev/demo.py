"""The demo: its database, and the server on it. `make demo` and the container both come through here.

Run as a program (`python3 -m dev.demo`) this is the container's entry script: the image brings Odoo
and Python, another container PostgreSQL, and what is missing are OCA's addons and a few packages.
"""

import contextlib
import dataclasses
import importlib.metadata
import json
import os
import pathlib
import re
import sys

from dev import server, shell
from dev import settings as settings_module
from dev.database import Databases, addons_hash, own_modules
from dev.errors import Failure, from_os_error
from dev.steps import say, step

# The addon that makes the users says who they are; its tests compare the list with what is really there.
USERS = "service_schedule_demo/data/users.json"
ADMINISTRATOR = {"login": "admin", "password": "admin", "role": "Odoo's administrator", "start": "/odoo"}
COMMENT = "service-schedule demo"


def prepare(databases, name, template=None):
    """Make the demo database `name` if there is none, and upgrade it when a file of an addon changed.

    `template` returns the name of a database to copy; without it one is installed from nothing. Both
    ways the work is done in a database beside it and renamed at the end, so a run that is interrupted
    or fails leaves the demo as it was. Raises `Failure` for a database that is not ours.
    """
    comment = databases.comment(name)
    if comment is not None and not comment.startswith(COMMENT):
        raise Failure(f"Database {name} is there already and is no demo of ours: choose another name with DB=.")
    modules = own_modules(databases.settings.addons)
    wanted = f"{COMMENT} {addons_hash(databases.settings.addons)}"
    if comment == wanted:
        return
    source = name if comment else template and template()
    with step(f"Demo database {name}"), databases.building(name, source, wanted) as new:
        if comment:
            databases.odoo(new, "demo.log", "Upgrading the demo", "-u", ",".join(modules), "-i", ",".join(modules))
        elif not source:
            databases.install_from_nothing(new, "demo.log", modules)


def serve(databases, name, port, interface="127.0.0.1", address=None):
    """Serve the demo until it is stopped, saying first where it is and who may log in; return the exit code."""
    known = databases.query("SELECT login FROM res_users WHERE active", name)
    address = address or f"http://127.0.0.1:{port}"
    users = "\n".join(_describe(user) for user in _users(databases.settings.addons) if user["login"] in known)
    greeting = f"\nOpen {address} and log in (user / password, what for, where to look):\n{users}\nCtrl-C stops it."
    return server.serve(databases.settings, databases.tree, databases.env, name, port, interface, greeting)


def _users(addons):
    """Return the users to name: those of the demo addon, when it is there, and the administrator."""
    path = addons / USERS
    users = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [*users, ADMINISTRATOR]


def _describe(user):
    """Return one line of the greeting."""
    return f"    {user['login']} / {user['password']}".ljust(34) + f"{user['role']} ({user['start']})"


def container(environ):
    """Serve the demo inside the official image: install the OCA addons for this user, then as everywhere."""
    settings = dataclasses.replace(
        settings_module.read(environ),
        run=pathlib.Path(environ.get("RUN_DIR", "/var/lib/odoo/service-schedule")),
        python=pathlib.Path(sys.executable),
    )
    _install_addons(settings)
    databases = Databases(settings, pathlib.Path(environ.get("ODOO_TREE", "/")), dict(environ))
    with databases.locked():
        prepare(databases, settings.database)
    return serve(databases, settings.database, 8069, "0.0.0.0", f"http://127.0.0.1:{settings.port}")


def container_pins(requirements):
    """Return `[(name, pin)]` of the first section of a requirements file: what Odoo's image does not bring.

    >>> container_pins("# -- Ours ---\\na-b==1  # why\\n\\n# -- Odoo's ---\\nc==2")
    [('a-b', 'a-b==1')]
    """
    section = requirements.split("# -- ")[1]
    return [(match[2], match[1]) for match in re.finditer(r"^(([\w.-]+)==\S+)", section, re.MULTILINE)]


def _is_installed(name):
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return bool(importlib.metadata.version(name))
    return False


def _install_addons(settings):
    """Install what our addons stand on unless it is there, whichever version the image has."""
    pins = container_pins((settings.root / "requirements.txt").read_text())
    missing = [pin for name, pin in pins if not _is_installed(name)]
    if missing:
        with step("What our addons stand on"):
            pip = [settings.python, "-m", "pip", "install", "--user", "--break-system-packages", "--no-deps"]
            shell.run([*pip, *missing], settings.run / "log" / "pip.log", "Installing what our addons stand on")


def main():
    """Run the container's entry; return the exit code."""
    try:
        return container(os.environ)
    except Failure as failure:
        say(failure)
    except OSError as error:
        say(from_os_error(error))
    return 1


if __name__ == "__main__":
    sys.exit(main())
