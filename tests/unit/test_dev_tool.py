"""The parts of the project's tool that decide something: what is installed, rebuilt, refused."""

import doctest
import errno
import socket

import pytest

from dev import database, debian, demo, errors, server, settings, shell

DEB822 = """\
# comment
Types: deb
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/a.gpg
"""


@pytest.mark.parametrize("module", [debian, demo, errors])
def test_doctests(module):
    """The examples in the docstrings hold."""
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DEB822, "[signed-by=/usr/share/keyrings/a.gpg] http://mirror.test/debian {suite} main"),
        (
            "deb [arch=amd64 signed-by=/k.gpg] http://m.test/d bookworm main",
            "[signed-by=/k.gpg] http://m.test/d {suite} main",
        ),
        (
            "# deb http://old.test/debian bookworm main\ndeb http://m.test/debian bookworm main\n",
            "http://m.test/debian {suite} main",
        ),
    ],
)
def test_suite_source(text, expected):
    """The archive comes from the system's own sources, in both formats, not from another vendor's or a comment."""
    vendor = "deb [signed-by=/v.gpg] http://vendor.test/node nodistro main"
    security = DEB822.replace("bookworm bookworm-updates", "bookworm-security")
    assert debian.suite_source([vendor, security, text]) == ("bookworm", expected)


def test_no_source_is_a_sentence():
    """A system that is not Debian 12 is told what to do."""
    with pytest.raises(errors.Failure, match="ODOO_TREE"):
        debian.suite_source(["deb http://vendor.test/node nodistro main"])


def test_need_names_all_that_is_missing(monkeypatch):
    """Without the right to install, one sentence names every missing package and what each is for."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    packages = [("here", "sh", "x"), ("one", "no-such-program", "the first"), ("two", lambda: False, "the second")]
    with pytest.raises(
        errors.Failure, match=r"one for the first; two for the second.*apt-get install one two"
    ) as caught:
        debian.need(None, packages)
    assert "here" not in str(caught.value)


def _addon(folder, name, manifest="{'name': 'x'}"):
    for part in ("models", "static/src", "tests"):
        (folder / name / part).mkdir(parents=True)
    (folder / name / "__manifest__.py").write_text(manifest)
    return folder / name


def test_own_modules(tmp_path):
    """Addons that are not installable, and manifests that are being written, are left out."""
    _addon(tmp_path, "b")
    _addon(tmp_path, "a", "{'installable': True}")
    _addon(tmp_path, "off", "{'installable': False}")
    _addon(tmp_path, "half", "{'name':")
    assert database.own_modules(tmp_path) == ["a", "b"]


@pytest.mark.parametrize(
    ("file", "code_changes", "assets_change"),
    [
        ("models/x.py", True, False),
        ("static/src/x.js", False, True),
        ("tests/test_x.py", False, False),
        ("models/x.pyc", False, False),
        # Python writes so what it has compiled, and renames it when it is whole
        ("models/__pycache__/x.cpython-311.pyc.139874", False, False),
    ],
)
def test_addons_hash(tmp_path, file, code_changes, assets_change):
    """Code makes the database be rebuilt, static files only the assets, tests nothing."""
    addon = _addon(tmp_path, "a")
    (addon / file).parent.mkdir(exist_ok=True)
    before = database.addons_hash(tmp_path), database.addons_hash(tmp_path, assets=True)
    (addon / file).write_text("new")
    after = database.addons_hash(tmp_path), database.addons_hash(tmp_path, assets=True)
    assert (before[0] != after[0], before[1] != after[1]) == (code_changes, assets_change)


def test_closure(tmp_path):
    """A template of some addons has what they stand on of ours, and its hash hears of those alone."""
    _addon(tmp_path, "low", "{'depends': ['base']}")
    _addon(tmp_path, "high", "{'depends': ['low', 'web']}")
    other = _addon(tmp_path, "other", "{'depends': ['low']}")
    names = database.closure(tmp_path, ["high"])
    assert names == ["high", "low"]
    before = database.addons_hash(tmp_path, names)
    (other / "models/x.py").write_text("new")
    assert database.addons_hash(tmp_path, names) == before
    with pytest.raises(errors.Failure):
        database.closure(tmp_path, ["missing"])


def test_faulty_lines():
    """Every error counts, a warning only when it names one of our addons."""
    lead = "2026-01-01 00:00:00,000 1"
    log = "\n".join(
        [
            f"{lead} INFO db odoo.modules: loading ours ERROR",
            f"{lead} WARNING db odoo.addons.base: theirs",
            f"{lead} WARNING ours_demo odoo.addons.base: theirs, in a database of that name",
            f"{lead} WARNING db odoo.modules.loading: model x of ours has no access rules",
            f"{lead} ERROR db odoo.schema: could not add",
        ]
    )
    assert [line.split()[3] for line in database.faulty_lines(log, ["ours"])] == ["WARNING", "ERROR"]


def test_reason():
    """A known cause wins over the last line, which wins over the exit code."""
    assert (
        shell.reason("E: Could not resolve 'x'\nlast\n", 1)
        == "there is no network, or the package server does not answer"
    )
    assert shell.reason("first\nlast.\n\n", 1) == "last"
    assert shell.reason("", 7) == "exit code 7"
    shutting_down = "2026-11-22 03:06:58,150 4231 INFO db odoo.sql_db: ConnectionPool: Closed 1 connections"
    assert shell.reason(f"Exception: `x` is not installed\n{shutting_down}\n", 1) == "Exception: `x` is not installed"
    assert shell.reason(f"{shutting_down}\n", 1) == shutting_down


def test_a_full_disk_is_a_sentence():
    """Also where the tool itself writes."""
    assert "disk is full" in str(errors.from_os_error(OSError(errno.ENOSPC, "No space left on device", "/x")))


def test_ports():
    """A taken port and a word that is no port are refused, a free one is returned as a number."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(errors.Failure, match="is taken"):
            server.check_port(str(taken.getsockname()[1]))
    for wrong in ("http", "0", "70000", "-1"):
        with pytest.raises(errors.Failure, match="not a port"):
            server.check_port(wrong)
    assert server.check_port(str(server.free_port())) > 1023


def test_settings_follow_the_environment():
    """PORT, DB, ODOO_TREE and the cache's place are the person's to choose."""
    chosen = settings.read({"PORT": "1", "DB": "d", "ODOO_TREE": "/t", "XDG_CACHE_HOME": "/c"})
    assert (chosen.port, chosen.database, str(chosen.tree)) == ("1", "d", "/t")
    assert str(chosen.cache) == "/c/service-schedule"
    assert settings.read({"PORT": ""}).port == "8069"


class _Server:
    """Databases of a server, as far as the demo asks for them."""

    def __init__(self, comment):
        self.found, self.settings = comment, settings.read({})

    def comment(self, _name):
        return self.found


def test_demo_leaves_other_databases_alone():
    """A database that the demo did not make is refused, not upgraded."""
    with pytest.raises(errors.Failure, match="no demo of ours"):
        demo.prepare(_Server("somebody's"), "theirs")


def test_demo_that_is_up_to_date_is_not_touched():
    """The second start only compares hashes."""
    current = settings.read({}).addons
    assert demo.prepare(_Server(f"{demo.COMMENT} {database.addons_hash(current)}"), "demo") is None
