"""What crosses between the page and Python for the code: its files, checks and recorded steps; see messages.py."""

from typing import TypedDict

from digitnet.page.messages import Floats, Progress


class CodeFile(TypedDict):
    """A file of the lesson."""

    name: str
    text: str


class CodeApplied(TypedDict):
    """What came of new code; `file`, `line` and `message` say why it was refused, where `ok` is false."""

    ok: bool
    kept: bool
    edited: list[str]
    file: str
    line: int | None
    message: str
    kernel_note: str
    sizes: list[int]
    progress: Progress


class CodeFault(TypedDict):
    """Where in the code a run has failed; all empty where it has not."""

    file: str
    line: int | None
    message: str


class CodeCheck(TypedDict):
    """One check of the code: what it looked at, what it found, what that usually means."""

    name: str
    title: str
    passed: bool
    value: float | None
    found: str
    meaning: str


class GradientCheck(TypedDict):
    """The worst entry of one parameter's gradient, by backpropagation and by its measured slope."""

    name: str
    error: float | None
    entry: list[int]
    backprop: float | None
    numerical: float | None


class CodeChecks(TypedDict):
    """All checks; `gradient_error` is the largest relative error, null where there is none to compare."""

    gradient_error: float | None
    checks: list[CodeCheck]
    parameters: list[GradientCheck]


class TracePlace(TypedDict):
    """Where a recorded line stands: `depth` counts the calls that it is inside of, from 0."""

    file: str
    line: int
    function: str
    depth: int


class Trace(TypedDict):
    """A recorded step: its number, the place of every line, and the text that ran of every file it went through.

    `images`: it learns from so many, of the `batch` that the step would take.
    """

    count: int
    step: int
    images: int
    batch: int
    places: list[TracePlace]
    files: list[CodeFile]


class TracedValue(TypedDict):
    """An array or number that a line touched, row by row; an empty shape is a number."""

    name: str
    shape: list[int]
    changed: bool
    kind: str
    numbers: Floats


class TraceLine(TypedDict):
    """A recorded line; `product` names the operands of the sum of products in it, if there is one."""

    index: int
    count: int
    file: str
    line: int
    function: str
    depth: int
    product: list[str]
    values: list[TracedValue]


class Terms(TypedDict):
    """The factors of the products that make up one number."""

    left: Floats
    right: Floats
