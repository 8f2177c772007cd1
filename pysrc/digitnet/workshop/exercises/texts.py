"""An exercise's texts: everything is made from the published file, so that there is one source for all of them."""

import ast
import re
import textwrap
from difflib import SequenceMatcher
from functools import cache
from typing import Literal, NamedTuple

from digitnet.workshop.exercises.exercise import Body, Change, Docstring, Exercise, Lines
from digitnet.workshop.lesson import PACKAGE, original

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Row(NamedTuple):
    """A line of a comparison. sign: in both (" "), only in the visitor's ("-"), only in the solution ("+").

    line: its number in the visitor's text, from 1; None where it is not in there.
    """

    sign: Literal[" ", "-", "+"]
    text: str
    line: int | None


def solution_text(exercise: Exercise) -> str:
    """Return the whole file, solved: the published one."""
    text = original(exercise.file)
    return _with_adam_written_out(text) if exercise.written_out else text


def start_text(exercise: Exercise) -> str:
    """Return the whole file as the exercise begins; LookupError if it no longer fits the published file."""
    return _start(exercise)[0]


def marked_lines(exercise: Exercise) -> tuple[int, int]:
    """Return the first and last line (from 1) of the start to work on: those to write, or all of the target."""
    text, first, last = _start(exercise)
    if exercise.kind == "write":
        return first, last
    target = function_in(text, exercise.target)
    return target.lineno, target.end_lineno or target.lineno


def compare(exercise: Exercise, text: str) -> list[Row]:
    """Compare the target in a visitor's text with the solution, line by line; all of the file where it has none."""
    solution = solution_text(exercise)
    try:
        theirs, ours = function_in(text, exercise.target), function_in(solution, exercise.target)
        offset = theirs.lineno - 1
        a = text.splitlines()[offset : theirs.end_lineno]
        b = solution.splitlines()[ours.lineno - 1 : ours.end_lineno]
    except (LookupError, SyntaxError, ValueError, RecursionError, MemoryError):
        offset, a, b = 0, text.splitlines(), solution.splitlines()
    rows: list[Row] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        sign: Literal[" ", "-"] = " " if tag == "equal" else "-"
        rows += [Row(sign, a[i], offset + i + 1) for i in range(a1, a2)]
        if tag != "equal":
            rows += [Row("+", line, None) for line in b[b1:b2]]
    return rows


def is_untouched(exercise: Exercise, text: str) -> bool:
    """Tell whether a text has the very code of the start, whatever its comments and blank lines."""
    try:
        return ast.dump(ast.parse(text)) == _code_of_start(exercise)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def function_in(text: str, target: str) -> Function:
    """Return a function or method by its dotted name; LookupError where there is none."""
    body = ast.parse(text).body
    for name in target.split("."):
        found = next(
            (n for n in body if isinstance(n, Function | ast.ClassDef) and n.name == name),
            None,
        )
        if found is None:
            raise LookupError(f"There is no {target} in it.")
        body = found.body
    assert isinstance(found, Function)
    return found


@cache
def _code_of_start(exercise: Exercise) -> str:
    return ast.dump(ast.parse(start_text(exercise)))


@cache
def _start(exercise: Exercise) -> tuple[str, int, int]:
    """Return the start, and the first and last line that were replaced in it."""
    text, places = solution_text(exercise), []
    for change in exercise.start:
        target = function_in(text, exercise.target)
        lines = text.splitlines()
        first, last = _place(change, target, lines, exercise)
        indent = re.match(r" *", lines[first])[0]  # type: ignore[index]  # it always matches
        new = textwrap.indent(textwrap.dedent(change.text).strip("\n"), indent).splitlines()
        text = "\n".join([*lines[:first], *new, *lines[last:]]) + "\n"
        if not isinstance(change, Docstring):
            places.append((first + 1, first + len(new)))
    return text, places[0][0], places[-1][1]


def _place(change: Change, target: Function, lines: list[str], exercise: Exercise) -> tuple[int, int]:
    """Return where the lines to replace begin and end, counted from 0."""
    documentation, *statements = target.body
    match change:
        case Docstring():
            return documentation.lineno - 1, documentation.end_lineno or 0
        case Body():
            return statements[0].lineno - 1, target.end_lineno or 0
        case Lines(first, _, last):
            within = range(statements[0].lineno - 1, target.end_lineno or 0)
            starts = [i for i in within if lines[i].strip().startswith(first)]
            ends = [i + 1 for i in within if lines[i].strip().startswith(last) and i >= min(starts, default=0)]
            if len(starts) == 1 and not last:
                return starts[0], starts[0] + 1
            if len(starts) == 1 and ends:
                return starts[0], ends[0]
    raise LookupError(f"The start of {exercise.id} no longer fits {exercise.file}: no line {change.first!r}.")


def _with_adam_written_out(text: str) -> str:
    """Return optimizers.py with the lines of ops.adam_update in place of the call, its names replaced by those there.

    The update is an operation that the kernel can do instead, so it is defined in ops.py, which is not edited.
    """
    definition = (PACKAGE / "ops.py").read_text("utf-8")
    update = function_in(definition, "adam_update")
    call = next(
        node.value
        for node in ast.walk(function_in(text, "Adam.step"))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    )
    names = {
        arg.arg: ast.get_source_segment(text, value) or ""
        for arg, value in zip(update.args.args, call.args, strict=True)
    }  # such as beta1: self.beta1
    body = definition.splitlines()[update.body[1].lineno - 1 : update.end_lineno]
    renamed = [re.sub(r"[A-Za-z_]\w*", lambda m: names.get(m[0], m[0]), line) for line in body]
    lines = text.splitlines()
    indent = " " * call.col_offset
    block = textwrap.indent(textwrap.dedent("\n".join(renamed)), indent)
    return "\n".join([*lines[: call.lineno - 1], block, *lines[call.end_lineno :]]) + "\n"
