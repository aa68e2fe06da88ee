"""The package as a whole: its examples run, and it is as pure as it says."""

import ast
import doctest
import importlib
import sys
from pathlib import Path

import pytest
import schedlib

FILES = sorted(Path(schedlib.__file__).parent.glob("*.py"))
LIBRARIES = {"dateutil"}  # its rules of recurrence are Odoo's own; as pure as the rest
CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


def _module(path):
    return importlib.import_module("schedlib" if path.stem == "__init__" else f"schedlib.{path.stem}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_examples_in_docstrings(path):
    """Every example in a docstring gives what it shows."""
    assert doctest.testmod(_module(path)).failed == 0


def test_there_are_examples():
    """The examples are found at all."""
    assert sum(doctest.testmod(_module(path)).attempted for path in FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_only_the_standard_library(path):
    """No module imports anything but the standard library, ``LIBRARIES`` and its own package: no Odoo."""
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [node.module for node in imports if isinstance(node, ast.ImportFrom) and not node.level]
    names += [alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | LIBRARIES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_clock(path):
    """No module asks what time it is: now is always an argument."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    asked = {func.attr for func in calls if isinstance(func, ast.Attribute)}
    assert not asked & CLOCKS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_function_is_explained(path):
    """Every function and class that others may call has a docstring."""
    nodes = ast.walk(ast.parse(path.read_text()))
    definitions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    bare = [node.name for node in definitions if not node.name.startswith("__") and not ast.get_docstring(node)]
    assert bare == []


def test_all_names_what_is_there():
    """``__all__`` is sorted and complete, so the addon imports from the package only."""
    assert list(schedlib.__all__) == sorted(schedlib.__all__)
    assert all(hasattr(schedlib, name) for name in schedlib.__all__)
