"""Runs of the tests side by side: every file is run once, whoever begins where."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BODY = """
import os, pathlib, time
import pytest

@pytest.fixture(scope="module", autouse=True)
def whole():
    pathlib.Path(f"begun_{{os.getpid()}}.txt").touch()
    until = time.monotonic() + 300
    while len(list(pathlib.Path().glob("begun_*.txt"))) < 2:  # neither does everything before the other is there
        assert time.monotonic() < until
        time.sleep(0.01)
    yield
    pathlib.Path("cleared.txt").open("a").write("x")

@pytest.mark.parametrize("number", [1, 2, 3])
def test_it(number):
    assert (number, {fails}) != (2, True)
"""


def _start(folder, *options):
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "dev.claims", "--claims=claims", *options, "."]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


def test_every_file_once(tmp_path):
    """Two runs from both ends run each test exactly once, clear up each file, and tell a failure by their exit code."""
    (tmp_path / "claims").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib -p no:cacheprovider -p no:odoo\n")
    for number in range(8):
        (tmp_path / f"test_{number}.py").write_text(BODY.format(fails=number == 5))
    runs = [_start(tmp_path), _start(tmp_path, "--backwards")]
    outputs = [run.communicate(timeout=400)[0] for run in runs]
    verdicts = [re.findall(r"^(?:PASSED|FAILED) (\S+)", output, re.MULTILINE) for output in outputs]
    assert all(verdicts), "one run did everything"
    wanted = sorted(f"test_{number}.py::test_it[{case}]" for number in range(8) for case in (1, 2, 3))
    assert sorted(verdicts[0] + verdicts[1]) == wanted
    assert sorted(run.returncode for run in runs) == [0, 1]
    assert (tmp_path / "cleared.txt").read_text() == "x" * 8
