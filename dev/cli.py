"""The command line: one function a command, and one place where failures become a sentence."""

import argparse
import os
import shlex
import shutil
import sys

from dev import bench, debian, demo, lint, odoo, postgres, server, shell, tests, translations, venv
from dev import settings as settings_module
from dev.database import Databases
from dev.errors import Failure, from_os_error
from dev.steps import say

# Debian's packages that a command needs: the program that shows that it is there, and what it is for.
POSTGRESQL = ("postgresql", postgres.installed, "the database")
VENV = ("python3-venv", venv.possible, "Python's packages")
PROGRAMS = {
    "setup": [POSTGRESQL, VENV],
    "demo": [POSTGRESQL, VENV, ("wkhtmltopdf", "wkhtmltopdf", "signing and paying on the portal")],
    "lint": [VENV, ("nodejs", "node", "the checks of JavaScript and XML"), ("npm", "npm", "installing them")],
    "test": [
        POSTGRESQL,
        VENV,
        ("chromium", "chromium", "the browser tests"),
        ("nodejs", "node", "axe-core's package"),
        ("npm", "npm", "installing it"),
    ],
}


def run(argv):
    """Run the command in `argv`; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__.split(":", maxsplit=1)[0])
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on; may follow a --")
    options = parser.parse_args(argv)
    arguments = options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
    try:
        return COMMANDS[options.command](settings_module.read(), arguments) or 0
    except Failure as failure:
        print(failure, file=sys.stderr)
    except OSError as error:
        print(from_os_error(error), file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _ready(settings, *requirements):
    """Prepare Odoo's tree and the Python packages; return the tree."""
    tree = debian.odoo_tree(settings)
    venv.prepare(settings, tree, "requirements", *requirements)
    return tree


def setup(settings, _arguments):
    """Prepare the machine for development: packages, PostgreSQL and the prepared databases."""
    debian.need(settings, PROGRAMS["setup"])
    tree = _ready(settings, "requirements-dev")
    with postgres.running(settings) as env:
        databases = Databases(settings, tree, env)
        with databases.locked():
            databases.base()
    say("Ready.")


def template(settings, _arguments):
    """Bring the prepared database in line with our addons."""
    tree = _ready(settings, "requirements-dev")
    with postgres.running(settings) as env:
        databases = Databases(settings, tree, env)
        with databases.locked():
            say(databases.template())


def test(settings, arguments):
    """Run tests; without arguments all of them. ARGS of the environment come first."""
    tree = _ready(settings, "requirements-dev")
    debian.need(settings, PROGRAMS["test"])
    lint.prepare_node(settings)
    with postgres.running(settings) as env:
        wanted = [*shlex.split(os.environ.get("ARGS", "")), *arguments]
        return tests.run(settings, tree, Databases(settings, tree, env), wanted)


def run_demo(settings, _arguments):
    """Serve the demo shop on PORT (8069), its database being DB; everything it needs is prepared first."""
    port = server.check_port(settings.port)
    debian.need(settings, PROGRAMS["demo"])
    tree = _ready(settings)
    with postgres.running(settings) as env:
        databases = Databases(settings, tree, env)
        with databases.locked():
            demo.prepare(databases, settings.database, databases.template)
        return demo.serve(databases, settings.database, port)


def check(settings, arguments):
    """Run the checkers over all files."""
    _lint_ready(settings)
    return lint.run(settings, arguments)


def mend(settings, arguments):
    """Rewrite all files (or the given ones) the way the checkers want them, as far as they can."""
    _lint_ready(settings)
    return lint.mend(settings, arguments)


def _lint_ready(settings):
    debian.need(settings, PROGRAMS["lint"])
    _ready(settings, "requirements-lint")
    lint.prepare_node(settings)


def run_bench(settings, arguments):
    """Run the benchmarks."""
    debian.need(settings, PROGRAMS["setup"])
    tree = _ready(settings, "requirements-dev", "requirements-bench")
    with postgres.running(settings) as env:
        return bench.benchmarks(settings, tree, Databases(settings, tree, env), arguments)


def take_screenshots(settings, arguments):
    """Take the pictures that README shows."""
    debian.need(settings, [*PROGRAMS["demo"], *PROGRAMS["test"]])
    tree = _ready(settings, "requirements-dev")
    with postgres.running(settings) as env:
        return bench.screenshots(settings, tree, Databases(settings, tree, env), arguments)


def write_translations(settings, _arguments):
    """Write the translation templates of our addons."""
    tree = _ready(settings, "requirements-dev")
    with postgres.running(settings) as env:
        translations.write(settings, tree, Databases(settings, tree, env))


def clean(settings, _arguments):
    """Remove everything that the other commands made in the clone, databases included."""
    postgres.remove(settings)
    for folder in (settings.run, settings.venv, settings.root / "node_modules"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in settings.root.rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    say(f"Clean. What clones share stays: {settings.cache}")


def call_odoo(settings, arguments):
    """Run Odoo itself with the given arguments (a subcommand such as `shell` first)."""
    tree = _ready(settings)
    subcommand = arguments.pop(0) if arguments and not arguments[0].startswith("-") else None
    with postgres.running(settings) as env:
        conf = odoo.write_conf(settings, "odoo")
        command = odoo.command(settings, tree, conf, *arguments, subcommand=subcommand)
        return shell.attend(command, env, cwd=settings.root)


def execute(settings, arguments):
    """Run any program in the environment: the private PostgreSQL running, `.venv/bin` first on the PATH."""
    _ready(settings, "requirements-dev")
    with postgres.running(settings) as env:
        env = {**env, "PATH": f"{settings.venv / 'bin'}{os.pathsep}{env['PATH']}"}
        return shell.attend(arguments, env)


COMMANDS = {
    "bench": run_bench,
    "clean": clean,
    "demo": run_demo,
    "exec": execute,
    "format": mend,
    "lint": check,
    "odoo": call_odoo,
    "pot": write_translations,
    "screenshots": take_screenshots,
    "setup": setup,
    "template": template,
    "test": test,
}
