"""A run as one readable file: NumPy and the standard library, the settings and the code that trained, nothing else.

The code is not a second version of the lesson: the definitions that the run needs are taken, as they stand, from the
files that trained it, edited or not. What the run does not reach is left out.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from digitnet.workshop.lesson import FILES, PACKAGE, Lesson
from digitnet.workshop.script_parts import MAIN, SHORTER, UNUSED

# In the order in which the script shows them.
MODULES = (
    "dataset", "ops", "activations", "initializers", "losses", "network", "optimizers", "augmentation", "strokes",
    "styles", "metrics", "evaluation", "config", "training",
)  # fmt: skip
ARRAY_METHODS = {"astype"}  # asked of arrays, and the name of a method of the network that a run does not need
TABLES = {"ACTIVATIONS", "INITIALIZERS", "OPTIMIZERS"}  # of which a run needs only the entries that it names
Place = tuple[str, str]  # a module and a name that is defined in it


def script(lesson: Lesson, settings: Mapping[str, Any], changes: Mapping[int, Mapping[str, Any]] | None = None) -> str:
    """Return the run as the text of one Python file: `python FILE.py FOLDER` trains on MNIST's four files in FOLDER.

    settings: data_size, sizes, activation, initializer, seed, validation_share, extra_test, and config, the arguments
    of TrainConfig when the run began; changes: what had changed of those by a step, and held from then on.
    """
    config, changes = dict(settings["config"]), {step: dict(change) for step, change in (changes or {}).items()}
    used = {settings["activation"], settings["initializer"], config["optimizer"]}
    used |= {change["optimizer"] for change in changes.values() if "optimizer" in change}
    asked_for = {name for settings in (config, *changes.values()) for name, value in settings.items() if value}
    shorter = SHORTER | {place: text for name, (place, text) in UNUSED.items() if name not in asked_for}
    values = {name: settings[name] for name in SETTINGS} | {"config": config, "changes": changes}
    constants = "\n".join(f"{name.upper()} = {_literal(value)}" for name, value in values.items())
    definitions, imports = _Reachable(lesson, used, shorter).definitions(MAIN)
    imports |= {"import gzip", "import os", "import sys", "import numpy as np"}
    return "\n".join(
        [
            f'"""{_title(settings)}\n\n{USAGE}\n"""\n',
            *_merged(imports),
            "",
            f"{constants}\n\n",
            "\n\n\n".join([*definitions, MAIN.strip()]),
            '\n\nif __name__ == "__main__":\n    main(sys.argv[1] if len(sys.argv) > 1 else ".")\n',
        ]
    )


USAGE = "Run it with: python FILE.py FOLDER, where FOLDER holds the four files of MNIST."
SETTINGS = ("data_size", "sizes", "activation", "initializer", "seed", "validation_share", "extra_test")


def _literal(value: object) -> str:
    """Return a value as Python writes it, a dictionary's entries one a line."""
    if not isinstance(value, dict) or not value:
        return repr(value)
    return "{\n" + "".join(f"    {key!r}: {item!r},\n" for key, item in value.items()) + "}"


def _title(settings: Mapping[str, Any]) -> str:
    sizes = "-".join(map(str, settings["sizes"]))
    return f"A {sizes} network learns to read digits, written from scratch in NumPy with digitnet."


def _merged(imports: set[str]) -> list[str]:
    """Return import lines in order, one a module."""
    names: dict[str, list[str]] = {}
    for line in sorted(imports):
        if line.startswith("from "):
            module, _, name = line.removeprefix("from ").partition(" import ")
            names.setdefault(module, []).append(name)
    plain = sorted(line for line in imports if line.startswith("import "))
    return [*plain, *(f"from {module} import {', '.join(found)}" for module, found in sorted(names.items()))]


class _Reachable:
    """Finds the definitions that some code needs, and theirs, through the modules of a lesson."""

    def __init__(self, lesson: Lesson, used: set[str], shorter: Mapping[Place, str]) -> None:
        self.used = used  # entries of TABLES
        self.texts = {name: _text(lesson, name) for name in MODULES}
        self.nodes: dict[Place, ast.stmt] = {}
        self.imported: dict[Place, Place | str] = {}  # what a name in a module stands for: a place, or an import line
        self.shorter: dict[Place, str] = {}
        self.lines: dict[Place, int] = {}
        self.attributes: set[str] = set()  # that are asked for somewhere: a method that nobody asks for is left out
        for module, text in self.texts.items():
            for node in ast.parse(text).body:
                self._declare(module, node)
        self.lines = {place: node.lineno for place, node in self.nodes.items()}
        pristine = Lesson()
        for (module, name), text in shorter.items():
            if self.texts[module] == _text(pristine, module):
                self._shorten(module, name, text)

    def _shorten(self, module: str, name: str, text: str) -> None:
        """Let a definition be another, shorter one."""
        (node,) = ast.parse(text.strip()).body
        self.nodes[module, name], self.shorter[module, name] = node, text.strip()
        if "SimpleNamespace" in text:
            self.imported[module, "SimpleNamespace"] = "from types import SimpleNamespace"

    def _declare(self, module: str, node: ast.stmt) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                line = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                self.imported[module, alias.asname or alias.name] = line
        elif isinstance(node, ast.ImportFrom):
            package, _, origin = (node.module or "").partition(".")
            for alias in node.names:
                line = f"from {node.module} import {alias.name}"
                self.imported[module, alias.asname or alias.name] = (
                    line if package != "digitnet" else (origin, alias.name) if origin else (alias.name, "")
                )
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            self.nodes[module, node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    self.nodes[module, target.id] = node

    def definitions(self, code: str) -> tuple[list[str], set[str]]:
        """Return the texts of the definitions that the code needs, in order, and the imports that they need."""
        tree = ast.parse(code)
        self.attributes |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        found = {place for place in self.nodes if place[1] in names - stored}
        imports: set[str] = set()
        size = -1
        while size != len(found) + len(self.attributes):  # until nothing new is reached
            size = len(found) + len(self.attributes)
            for module, name in list(found):
                for target in self._needs(module, self.nodes[module, name]):
                    if isinstance(target, str):
                        imports.add(target)
                    else:
                        found.add(target)
        ordered = sorted(found, key=lambda place: (MODULES.index(place[0]), self.lines[place]))
        return self._texts(ordered), imports

    def _needs(self, module: str, node: ast.stmt) -> Iterator[Place | str]:
        """Yield the definitions and import lines that a definition needs, noting the attributes that it asks for."""
        for part in self._kept(node):
            for child in ast.walk(part):
                if isinstance(child, ast.Attribute):
                    if child.attr not in ARRAY_METHODS:
                        self.attributes.add(child.attr)
                    name = child.value.id if isinstance(child.value, ast.Name) else ""
                    if self.imported.get((module, name)) == ("ops", ""):
                        yield "ops", child.attr
                if isinstance(child, ast.Name):
                    target = self.imported.get((module, child.id), (module, child.id))
                    if isinstance(target, str) or target in self.nodes:
                        yield target

    def _kept(self, node: ast.stmt) -> list[ast.AST]:
        """Return the parts of a definition that the script needs: not every method, not every entry of a table."""
        if isinstance(node, ast.ClassDef):
            return [*node.bases, *node.decorator_list, *(child for child in node.body if not self._is_left_out(child))]
        if isinstance(node, ast.FunctionDef):
            decorators = [d for d in node.decorator_list if not _is_named(d, "operation")]
            return [node.args, *node.body, *decorators, *([node.returns] if node.returns else [])]
        table = self._table(node)
        return [node] if table is None else [value for key, value in self._entries(table)]

    def _is_left_out(self, node: ast.stmt) -> bool:
        special = isinstance(node, ast.FunctionDef) and node.name.startswith("__") and node.name != "__repr__"
        return isinstance(node, ast.FunctionDef) and not special and node.name not in self.attributes

    def _table(self, node: ast.stmt) -> ast.Dict | None:
        """Return the dictionary that a statement assigns to one of TABLES."""
        is_table = any(_is_named(child, *TABLES) for child in ast.iter_child_nodes(node))
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        return value if is_table and isinstance(value, ast.Dict) else None

    def _entries(self, table: ast.Dict) -> list[tuple[str, ast.expr]]:
        pairs = [
            (key.value, value)
            for key, value in zip(table.keys, table.values, strict=True)
            if isinstance(key, ast.Constant)
        ]
        return [(str(key), value) for key, value in pairs if key in self.used]

    def _texts(self, places: list[Place]) -> list[str]:
        """Return the definitions' texts; ValueError where two modules mean different things by one name."""
        texts: dict[str, str] = {}
        for module, name in places:
            text = self._text_of(module, name)
            if texts.setdefault(name, text) != text:
                raise ValueError(f"One file cannot hold both meanings of {name}: give it another name in {module}.py.")
        return list(texts.values())

    def _text_of(self, module: str, name: str) -> str:
        if (module, name) in self.shorter:
            return self.shorter[module, name]
        node, lines = self.nodes[module, name], self.texts[module].splitlines()
        if (table := self._table(node)) is not None:
            source = self.texts[module]
            entries = (f"{key!r}: {ast.get_source_segment(source, value)}" for key, value in self._entries(table))
            return f"{name} = {{{', '.join(entries)}}}"
        first = min(
            [node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []) if not _is_named(d, "operation"))]
        )
        dropped = {number for child in ast.walk(node) for number in _docstring_tail(child)}
        for child in node.body if isinstance(node, ast.ClassDef) else []:
            if self._is_left_out(child):
                start = min([child.lineno, *(d.lineno for d in _decorators(child))])
                dropped |= set(range(start - 1, (child.end_lineno or start) + 1))
        kept = [
            _first_line_of_docstring(line) if number + 1 in dropped and line.lstrip().startswith('"""') else line
            for number, line in enumerate(lines, 1)
            if first <= number <= (node.end_lineno or first) and number not in dropped
        ]
        return re.sub(r"\bops\.(\w+)", r"\1", "\n".join(kept)).replace("\n\n\n", "\n\n").rstrip()


def _text(lesson: Lesson, name: str) -> str:
    file = f"{name}.py"
    return lesson.text(file) if file in FILES else (PACKAGE / file).read_text("utf-8")


def _is_named(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _decorators(node: ast.AST) -> list[ast.expr]:
    return node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []


def _docstring_tail(node: ast.AST) -> range:
    """Return the lines of a docstring behind its first."""
    if not isinstance(node, ast.FunctionDef | ast.ClassDef):
        return range(0)
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return range(first.lineno + 1, (first.end_lineno or first.lineno) + 1) if is_docstring else range(0)


def _first_line_of_docstring(line: str) -> str:
    return f'{line.rstrip()}"""'
