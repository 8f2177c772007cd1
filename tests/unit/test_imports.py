"""Who may import whom, read from the syntax tree: the lesson needs nothing of the application around it."""

import ast
import sys
from pathlib import Path

import pytest

import digitnet

PACKAGE = Path(digitnet.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): ast.parse(path.read_text("utf-8"))
    for path in PACKAGE.rglob("*.py")
}
LESSON = {
    "network", "activations", "initializers", "losses", "optimizers", "config", "training", "augmentation",
    "strokes", "styles", "teaching", "gradcheck",
    "evaluation", "metrics", "ops", "dataset",
}  # fmt: skip


def imported(name):
    """Yield the modules that a module imports, with their full names."""
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            within = f"{node.module}.".removeprefix("digitnet.")
            names = [alias.name for alias in node.names]
            if node.module.split(".")[0] == "digitnet" and any(f"{within}{n}" in MODULES for n in names):
                yield from (f"{node.module}.{n}" for n in names)
            else:
                yield node.module


def siblings(name):
    return {module.removeprefix("digitnet.") for module in imported(name) if module.startswith("digitnet.")}


@pytest.mark.parametrize("name", sorted(LESSON & MODULES.keys()))
def test_the_lesson_imports_only_the_lesson(name):
    assert siblings(name) <= LESSON


@pytest.mark.parametrize("name", sorted(MODULES))
def test_nothing_but_the_page_imports_the_page(name):
    if not name.startswith("page"):
        assert not [module for module in siblings(name) if module.startswith("page")]
    assert not siblings(name) & {"__main__", "__init__"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_exercises_are_for_the_page_and_the_command_line(name):
    exercises = "workshop.exercises"
    if name.startswith(exercises):
        allowed = ("workshop", "dataset")
        assert not [module for module in siblings(name) if not module.startswith(allowed)]
    elif not name.startswith("page") and name != "workshop.terminal":
        assert not [module for module in siblings(name) if module.startswith(exercises)]
        assert name in ("__main__", "options") or "workshop.terminal" not in siblings(name)


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith("data.")))
def test_readers_know_nothing_of_networks(name):
    assert {module for module in siblings(name) if not module.startswith("data.")} <= {"dataset"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_numpy_and_the_standard_library_are_enough(name):
    roots = {module.split(".")[0] for module in imported(name)}
    assert roots - {"digitnet", "numpy"} <= sys.stdlib_module_names
    assert not roots & {"js", "pyodide"}


@pytest.mark.parametrize("name", sorted(MODULES.keys() - {"__main__"}))
def test_only_the_command_line_prints(name):
    calls = [node for node in ast.walk(MODULES[name]) if isinstance(node, ast.Call)]
    assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]
