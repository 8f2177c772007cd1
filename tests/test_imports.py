"""Who may import whom, read from the syntax tree: the package stays a house with floors."""

import ast
import sys
from pathlib import Path

import pytest

import digitnet

PACKAGE = Path(digitnet.__file__).parent
MODULES = {path.stem: ast.parse(path.read_text("utf-8")) for path in PACKAGE.glob("*.py")}
LEAVES = {"activations", "initializers", "losses", "linalg", "metrics", "datasets", "preprocess"}
ALLOWED = {
    **{leaf: set() for leaf in LEAVES},
    "network": {"activations", "initializers", "losses", "linalg"},
    "optimizers": set(),
    "gradcheck": {"network"},
    "storage": {"network"},
    "inspection": {"network"},
    "training": {"network", "losses", "metrics", "optimizers", "datasets"},
    "recipes": {"training", "network"},
    "reports": {"datasets", "metrics", "training"},
    "run": {"datasets", "recipes", "reports", "training"},
    "uploads": {"datasets"},
}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "digitnet":
                yield from (f"digitnet.{alias.name}" for alias in node.names)
            else:
                yield node.module


def siblings(name):
    return {module.split(".")[1] for module in imported(MODULES[name]) if module.startswith("digitnet.")}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_only_what_it_may(name):
    allowed = ALLOWED.get(name, set(MODULES) - {"session", "__main__", "__init__"})
    assert siblings(name) <= allowed


@pytest.mark.parametrize("name", sorted(MODULES))
def test_numpy_and_the_standard_library_are_enough(name):
    roots = {module.split(".")[0] for module in imported(MODULES[name])}
    assert roots - {"digitnet", "numpy"} <= sys.stdlib_module_names
    assert not roots & {"js", "pyodide"}


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"__main__"}))
def test_only_the_command_line_prints(name):
    calls = [node for node in ast.walk(MODULES[name]) if isinstance(node, ast.Call)]
    assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]


def test_one_matrix_product():
    """Nothing but linalg multiplies matrices, so that a faster product serves all."""
    for name in ("network", "training", "losses", "activations", "session", "inspection"):
        for node in ast.walk(MODULES[name]):
            assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)), name
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np":
                assert node.attr not in ("matmul", "dot"), name
