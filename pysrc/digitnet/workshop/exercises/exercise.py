"""What an exercise is: a place in one of the lesson's files, a task, hints, a way to start and a way to check."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from digitnet.workshop.lesson import Lesson


class Wrong(Exception):  # noqa: N818 - an answer that is wrong, not an error of the program
    """An answer that is not right: one sentence that names what was found and what that usually means."""

    def __init__(self, message: str, line: int | None = None) -> None:
        """Keep the sentence, and the line of the file at fault where it is known."""
        super().__init__(message)
        self.line = line


class Lines(NamedTuple):
    """Lines of the target to replace: from the only one that starts with `first` to the next that starts with `last`.

    Without `last` it is that one line. `text` takes their place, indented as the first of them.
    """

    first: str
    text: str
    last: str = ""


class Body(NamedTuple):
    """Everything in the target after its docstring, to be replaced by `text`."""

    text: str


class Docstring(NamedTuple):
    """The target's docstring, to be replaced by one that does not give the solution away."""

    text: str


Change = Lines | Body | Docstring


@dataclass(frozen=True)
class Exercise:
    """One exercise. Its solution is the published text of the target; `start` says what is taken out of it.

    id: its address. kind: lines to write, or a planted fault to find. file, target: the function or method, such as
    network.py and MLP.forward. task, reason: plain sentences with code in backticks; the reason is for afterwards.
    hints: the second nearly gives it away. examine: calls the target in a lesson, and raises Wrong.
    written_out: the solution is the update itself in place of the call `ops.adam_update`.
    """

    id: str
    title: str
    kind: Literal["write", "find"]
    file: str
    target: str
    task: str
    hints: tuple[str, str]
    reason: str
    start: tuple[Change, ...]
    examine: Callable[[Lesson], None]
    written_out: bool = False


class Result(NamedTuple):
    """What a check found. line: of the exercise's file, from 1, or None."""

    state: Literal["solved", "wrong"]
    message: str
    line: int | None = None
