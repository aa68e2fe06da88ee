"""The package as a whole: its examples run, and it is as pure as it says."""

import ast
import doctest
import importlib
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "addons" / "fieldservice_schedule"))

import dispatchlib
import pytest

FILES = sorted(Path(dispatchlib.__file__).parent.glob("*.py"))
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
OPTIONAL = {"pyvrp_start": {"pyvrp", "numpy"}}
"""What a module may import besides the standard library, when it is installed."""


def _module(path):
    return importlib.import_module("dispatchlib" if path.stem == "__init__" else f"dispatchlib.{path.stem}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_examples_in_docstrings(path):
    """Every example in a docstring gives what it shows."""
    assert doctest.testmod(_module(path)).failed == 0


def test_there_are_examples():
    """The examples are found at all."""
    assert sum(doctest.testmod(_module(path)).attempted for path in FILES) > 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_only_the_standard_library(path):
    """No module imports anything but the standard library and its own package: no Odoo."""
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [node.module for node in imports if isinstance(node, ast.ImportFrom) and not node.level]
    names += [alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names]
    assert {name.split(".")[0] for name in names} - OPTIONAL.get(path.stem, set()) <= sys.stdlib_module_names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_clock(path):
    """No module asks what time it is: a clock is always an argument."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    asked = {func.attr for func in calls if isinstance(func, ast.Attribute)}
    assert not asked & CLOCKS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_function_is_explained(path):
    """Every function and class that others may call has a docstring."""
    nodes = ast.walk(ast.parse(path.read_text()))
    definitions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    bare = [node.name for node in definitions if not node.name.startswith("_") and not ast.get_docstring(node)]
    assert bare == []


def test_the_validator_shares_nothing_with_the_engine():
    """The validator imports the shapes of problem and plan, and no arithmetic."""
    tree = ast.parse((Path(dispatchlib.__file__).parent / "validator.py").read_text())
    own = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level}
    assert own == {"model", "result"}


def test_all_names_what_is_there():
    """``__all__`` is sorted and complete, so the addon imports from the package only."""
    assert list(dispatchlib.__all__) == sorted(dispatchlib.__all__)
    assert all(hasattr(dispatchlib, name) for name in dispatchlib.__all__)
