"""A pytest plugin: runs side by side share the test files, each file is run by whoever claims it first.

`make test` starts two such runs on databases of their own, one from the front and one from the end, so that both cores
have work until the last file. Each run loads all tests and reports those that it ran.
"""

import hashlib
import itertools
import os
import pathlib

import pytest


def pytest_addoption(parser):
    """Add `--claims FOLDER`, where the runs note what they take, and `--backwards`, to begin with the last file."""
    parser.addoption("--claims", type=pathlib.Path, help="folder in which the runs side by side note who runs what")
    parser.addoption("--backwards", action="store_true", help="with --claims: take the last file first")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run the tests of the files that this run could claim; `None` leaves it to pytest, when nothing is shared."""
    config = session.config
    failed_to_load = session.testsfailed and not config.option.continue_on_collection_errors
    if not config.option.claims or config.option.collectonly or failed_to_load:
        return None
    # the next file is claimed while the last test of the one before runs: pytest wants to know what comes next
    items = itertools.chain(_claimed(session.items, config.option), [None])
    for item, following in itertools.pairwise(items):
        config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True


def _claimed(items, options):
    """Yield the tests of each file that nobody else has claimed, claiming it then."""
    files = [list(tests) for _path, tests in itertools.groupby(items, key=lambda item: item.path)]
    for tests in reversed(files) if options.backwards else files:
        if _claim(options.claims, tests[0].path):
            yield from tests


def _claim(folder, path):
    """Return whether this run is the first that wants the file `path`."""
    name = hashlib.sha256(str(path).encode()).hexdigest()
    try:
        os.close(os.open(folder / name, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
