"""The pure packages as a whole: their examples run, and they are as pure as they say."""

import ast
import doctest
import importlib
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "addons" / "fieldservice_schedule"))

import dispatchlib
import pytest
import schedlib

PACKAGES = [schedlib, dispatchlib]
FILES = [path for package in PACKAGES for path in sorted(Path(package.__file__).parent.glob("*.py"))]
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
LIBRARIES = {
    "recurrence": {"dateutil"},  # Odoo's own rules of recurrence, as pure as the rest
    "pyvrp_start": {"pyvrp", "numpy"},  # optional: when they are installed
}
"""What a module may import besides the standard library."""

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
each_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)


def _module(path):
    names = [path.parent.name] if path.stem == "__init__" else [path.parent.name, path.stem]
    return importlib.import_module(".".join(names))


@each_file
def test_examples_in_docstrings(path):
    """Every example in a docstring gives what it shows."""
    assert doctest.testmod(_module(path)).failed == 0


@each_package
def test_there_are_examples(package):
    """The examples are found at all."""
    own = [path for path in FILES if path.parent.name == package.__name__]
    assert sum(doctest.testmod(_module(path)).attempted for path in own) > 12


@each_file
def test_only_the_standard_library(path):
    """No module imports anything but the standard library, what it may and its own package: no Odoo."""
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [node.module for node in imports if isinstance(node, ast.ImportFrom) and not node.level]
    names += [alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names]
    assert {name.split(".")[0] for name in names} - LIBRARIES.get(path.stem, set()) <= sys.stdlib_module_names


@each_file
def test_no_clock(path):
    """No module asks what time it is: now, or a clock, is always an argument."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    asked = {func.attr for func in calls if isinstance(func, ast.Attribute)}
    assert not asked & CLOCKS


@each_file
def test_every_function_is_explained(path):
    """Every function and class that others may call has a docstring."""
    nodes = ast.walk(ast.parse(path.read_text()))
    definitions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    bare = [node.name for node in definitions if not node.name.startswith("_") and not ast.get_docstring(node)]
    assert bare == []


@each_package
def test_all_names_what_is_there(package):
    """``__all__`` is sorted and complete, so addons import from the package only."""
    assert list(package.__all__) == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_the_validator_shares_nothing_with_the_engine():
    """The validator imports the shapes of problem and plan, and no arithmetic."""
    tree = ast.parse((Path(dispatchlib.__file__).parent / "validator.py").read_text())
    own = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level}
    assert own == {"model", "result"}
