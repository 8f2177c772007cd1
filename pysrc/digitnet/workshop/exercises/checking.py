"""Check a visitor's answer: whatever the code does, there is one sentence about it."""

import dis
import warnings
from collections.abc import Mapping
from types import ModuleType

import numpy as np

from digitnet.workshop.exercises.exercise import Exercise, Result, Wrong
from digitnet.workshop.exercises.texts import is_untouched
from digitnet.workshop.faults import fault_of
from digitnet.workshop.lesson import Lesson, LessonError, Sources, line_in, original
from digitnet.workshop.watch import SECONDS, Runaway, codes_in, time_limit

NOTHING_YET = {
    "write": "Nothing has been written yet: the lines marked “your code” are still those of the start.",
    "find": "Nothing has been changed yet: compare the code with the formulas, step by step.",
}


def check(exercise: Exercise, edits: Mapping[str, str]) -> Result:
    """Check an answer; nothing that the code does or raises comes out of here, except the user's own Ctrl+C.

    edits: the visitor's texts by file. Only that of the exercise's own file is looked at: the rest of the lesson is as
    published. Where it is missing, the published file is checked, which is the solution.
    """
    text = edits.get(exercise.file, original(exercise.file))
    if is_untouched(exercise, text):
        return Result("wrong", NOTHING_YET[exercise.kind])
    try:
        examine(exercise, text)
    except Wrong as wrong:
        return Result("wrong", str(wrong), wrong.line)
    return Result("solved", "Solved: it does what it should in every case that was checked.")


def examine(exercise: Exercise, text: str) -> None:
    """Run the exercise's own check on a text of its file; Wrong, and nothing else, for whatever is wrong with it."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(), time_limit(SECONDS, ()):
            warnings.simplefilter("ignore")  # what a warning is about shows in the numbers
            _examine(exercise, text)  # which watches the code that the limit holds for
    except Runaway as runaway:
        raise Wrong(
            f"It does not end: after {SECONDS:g} s it was still running in line {runaway.line}. "
            "Is there a loop whose condition never becomes false?",
            runaway.line,
        ) from None


def _examine(exercise: Exercise, text: str) -> None:
    try:
        lesson = Lesson({exercise.file: text})
        module = lesson.modules[exercise.file.removesuffix(".py")]
        with time_limit(SECONDS, codes_in(module) if lesson.edits else ()):
            _require_target(module, exercise)
            exercise.examine(lesson)
    except (Wrong, Runaway):
        raise
    except LessonError as error:
        raise Wrong(f"The file does not run: {error}", error.line) from error
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and not _was_raised_by_code(error):
            raise
        raise _stopped(error, exercise, text) from error


def _require_target(module: ModuleType, exercise: Exercise) -> None:
    value: object = module
    for name in exercise.target.split("."):
        value = getattr(value, name, None)
    if not callable(value):
        raise Wrong(f"{exercise.file} does not define {exercise.target} any more: was it renamed or removed?")


def _stopped(error: BaseException, exercise: Exercise, text: str) -> Wrong:
    """Return what an exception says, even one whose own text fails."""
    sources = Sources({exercise.file: text})
    try:
        fault = fault_of(error, sources)
    except Exception:
        return Wrong(f"It stops with {type(error).__name__}.", line_in(error, sources.filename(exercise.file)))
    line = fault.line if fault.file == exercise.file else None
    if not isinstance(error, Exception):
        return Wrong(f"It ends the program with {type(error).__name__}: return a value instead.", line)
    return Wrong(f"It stops in {fault.message}" if fault.file else f"It stops: {fault.message}", line)


def _was_raised_by_code(error: BaseException) -> bool:
    """Tell a `raise` statement from an interrupt that came in between two instructions."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    return dis.opname[trace.tb_frame.f_code.co_code[trace.tb_lasti]] in ("RAISE_VARARGS", "RERAISE")
