"""Functions of the package as the page shows them: their lines from the wheel's own files, numbered and in colours."""

from __future__ import annotations

import ast
import html
from dataclasses import dataclass
from typing import Any

from pygments import lex
from pygments.lexers.python import PythonLexer
from pygments.token import Token

from sitebuilder import paths
from sitebuilder.reporting import BuildError

# What gets a colour, and its class in web/styles/mathematics.css. Other names and operators stay as they are.
COLOURS = {
    Token.Keyword: "keyword",
    Token.Operator.Word: "keyword",
    Token.Name.Function: "name",
    Token.Name.Builtin: "builtin",
    Token.Name.Decorator: "builtin",
    Token.Literal.String: "string",
    Token.Literal.Number: "number",
    Token.Comment: "comment",
}


@dataclass(frozen=True)
class Line:
    """One line: its number in the file, its text, and the same as HTML."""

    number: int
    text: str
    html: str


@dataclass(frozen=True)
class Listing:
    """A function without its docstring and indentation.

    name: as in "network.MLP.forward"; owner: its class, or "".
    """

    name: str
    file: str
    owner: str
    lines: tuple[Line, ...]

    def id_of(self, line: Line) -> str:
        """Return the id of a line's element in the page."""
        return f"line-{self.file.removesuffix('.py')}-{line.number}"


def listing(name: str) -> Listing:
    """Return the function of this name; BuildError where there is no such function."""
    module, *path = name.split(".")
    file = paths.ROOT / "pysrc" / "digitnet" / f"{module}.py"
    if not file.is_file():
        raise BuildError(f"The article shows {name}, but there is no file digitnet/{file.name}.")
    source = file.read_text()
    function = _find(ast.parse(source), path)
    if function is None:
        raise BuildError(f"The article shows {name}, but digitnet/{file.name} has no function {'.'.join(path)}.")
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    numbers = range(first, (function.end_lineno or first) + 1)
    texts, coloured, docstring = source.splitlines(), _coloured(source), _docstring(function)
    indent = function.col_offset  # spaces have no colour, so both begin with them
    lines = (Line(n, texts[n - 1][indent:], coloured[n - 1][indent:]) for n in numbers if n not in docstring)
    return Listing(name, file.name, ".".join(path[:-1]), tuple(lines))


def _find(scope: ast.AST, path: list[str]) -> ast.FunctionDef | None:
    for name in path:
        kinds = (ast.FunctionDef, ast.ClassDef)
        inside = [node for node in ast.iter_child_nodes(scope) if isinstance(node, kinds) and node.name == name]
        if not inside:
            return None
        scope = inside[-1]
    return scope if isinstance(scope, ast.FunctionDef) else None


def _docstring(function: ast.FunctionDef) -> range:
    """Return the numbers of the lines that hold the docstring."""
    if ast.get_docstring(function) is None:
        return range(0)
    return range(function.body[0].lineno, (function.body[0].end_lineno or 0) + 1)


def _coloured(source: str) -> list[str]:
    """Return the lines of a module as HTML; a token that spans lines is closed and opened again at each end."""
    lines = [""]
    for kind, value in lex(source, PythonLexer(stripnl=False)):
        for i, part in enumerate(value.split("\n")):
            if i:
                lines.append("")
            lines[-1] += _span(kind, part)
    return lines


def _span(kind: Any, text: str) -> str:
    name = next((name for group, name in COLOURS.items() if kind in group), "")
    escaped = html.escape(text, quote=False)
    return f'<span class="{name}">{escaped}</span>' if name and text else escaped
