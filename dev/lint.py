"""`make lint` and `make format`: the pinned checkers, and what they can mend themselves."""

import hashlib
import os
import subprocess

from dev import shell
from dev.errors import Failure
from dev.steps import step

NODE = 18
PRETTIER = (".js", ".mjs", ".xml", ".yml", ".yaml", ".json", ".css", ".scss")


def prepare_node(settings):
    """Install the npm packages of package-lock.json, unless those are there already."""
    lock = hashlib.sha256((settings.root / "package-lock.json").read_bytes()).hexdigest()
    stamp = settings.root / "node_modules" / ".stamp"
    with shell.lock(settings.run / "node.lock"):
        if stamp.is_file() and stamp.read_text() == lock:
            return
        found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
        if int(found.lstrip("v").split(".")[0]) < NODE:
            raise Failure(f"Node.js {NODE} or newer is needed for the checks (this is {found}).")
        with step("Checkers of package-lock.json"):
            log = settings.run / "log" / "npm.log"
            shell.run(["npm", "ci", "--no-audit", "--no-fund"], log, "Installing npm packages", cwd=settings.root)
        stamp.write_text(lock)


def run(settings, arguments):
    """Run every hook on every file that git knows (or as `arguments` say); return the exit code."""
    command = [settings.venv / "bin" / "pre-commit", "run", "--color=never", *(arguments or ["--all-files"])]
    env = {**os.environ, "PRE_COMMIT_HOME": str(settings.run / "pre-commit")}
    return shell.attend(command, env, cwd=settings.root)


def mend(settings, arguments):
    """Let ruff and prettier rewrite the files that git knows (or the given ones); return the exit code."""
    files = arguments or _tracked(settings)
    ruff, prettier = settings.venv / "bin" / "ruff", settings.root / "node_modules" / ".bin" / "prettier"
    python = [file for file in files if file.endswith(".py")]
    others = [file for file in files if file.endswith(PRETTIER)]
    commands = []
    if python:
        commands += [[ruff, "check", "--fix-only", "--quiet", "--force-exclude", *python]]
        commands += [[ruff, "format", "--quiet", "--force-exclude", *python]]
    if others:
        commands += [[prettier, "--write", "--log-level", "warn", "--ignore-unknown", *others]]
    return max((shell.attend(command, os.environ, cwd=settings.root) for command in commands), default=0)


def _tracked(settings):
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=settings.root, capture_output=True, check=True).stdout
    return [name for name in os.fsdecode(listing).split("\0") if name and (settings.root / name).exists()]
