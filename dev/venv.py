"""The virtual environment `.venv`: Odoo's tree on its path, and the pinned packages in it."""

import hashlib
import importlib.util
import shutil
import sys

from dev import shell
from dev.steps import step


def prepare(settings, tree, *names):
    """Bring `.venv` in line with `tree` and the requirement files `names` ("requirements", …).

    Each file is installed once: a stamp beside the packages holds the hash of what they came
    from, so the next start only compares. A changed tree or Python makes a new environment.
    """
    with shell.lock(settings.run / "venv.lock"):
        base = _digest(sys.version.encode(), str(tree).encode())
        if _stamp(settings, "venv") != base:
            with step("Python environment"):
                _create(settings, tree)
            _write_stamp(settings, "venv", base)
        for name in names:
            content = (settings.root / f"{name}.txt").read_bytes()
            if _stamp(settings, name) != _digest(content):
                # An installation that breaks off may leave half a package: without its stamp the
                # environment is made anew the next time.
                (settings.venv / ".stamp-venv").unlink()
                with step(f"Python packages of {name}.txt"):
                    _install(settings, name)
                _write_stamp(settings, name, _digest(content))
                _write_stamp(settings, "venv", base)


def possible():
    """Tell whether this Python can make environments: Debian keeps that in a package of its own."""
    return importlib.util.find_spec("ensurepip") is not None


def _create(settings, tree):
    shutil.rmtree(settings.venv, ignore_errors=True)
    log = settings.run / "log" / "venv.log"
    shell.run([sys.executable, "-m", "venv", settings.venv], log, "Making the Python environment")
    packages = next(settings.venv.glob("lib/python3*/site-packages"))
    (packages / "odoo-tree.pth").write_text(f"{tree / 'usr/lib/python3/dist-packages'}\n")


def _install(settings, name):
    """Install one requirement file. All pins are written out, so pip resolves nothing (`--no-deps`)."""
    pip = [settings.python, "-m", "pip", "install", "--no-deps", "--no-input", "--disable-pip-version-check"]
    log = settings.run / "log" / f"pip-{name}.log"
    shell.run([*pip, "-r", settings.root / f"{name}.txt"], log, f"Installing the Python packages of {name}.txt")


def _digest(*parts):
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _stamp(settings, name):
    path = settings.venv / f".stamp-{name}"
    return path.read_text() if path.is_file() else None


def _write_stamp(settings, name, value):
    (settings.venv / f".stamp-{name}").write_text(value)
