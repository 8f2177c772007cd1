"""What went wrong in edited code, as a reader wants it: the file, the line, a sentence, the shapes of its arrays."""

import re
import traceback
from types import FrameType
from typing import NamedTuple

import numpy as np

from digitnet.workshop.lesson import LessonError, Sources
from digitnet.workshop.lines import lines_of
from digitnet.workshop.trace import arrays_in
from digitnet.workshop.watch import Runaway


class Fault(NamedTuple):
    """file and line (from 1) are empty and None where it lies outside of the lesson's files."""

    file: str
    line: int | None
    message: str


def fault_of(error: BaseException, lesson: Sources) -> Fault:
    """Return what an exception says: of its last line in an edited file, else in any file of the lesson."""
    if isinstance(error, LessonError):
        return Fault(error.file, error.line, str(error))
    names = {
        lesson.filename(file): file for file in (*lesson.edits, *(f for f in lesson.files if f not in lesson.edits))
    }
    frames = [
        (frame, line) for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename in names
    ]
    edited = [pair for pair in frames if names[pair[0].f_code.co_filename] in lesson.edits]
    if isinstance(error, Runaway):
        file = names.get(error.filename, "")
        return Fault(file, error.line, f"{file}, line {error.line}: stopped after a second. This loop does not end.")
    if not frames:
        return Fault("", None, _sentence(error))
    if isinstance(error, RecursionError):  # it may have ended at a function's start; the call says more
        edited = [(frame, line) for frame, line in edited if line != frame.f_code.co_firstlineno]
    frame, line = (edited or frames)[-1]
    file = names[frame.f_code.co_filename]
    shapes = _shapes(frame, line, lesson.text(file))
    return Fault(file, line, f"{file}, line {line}: {_sentence(error)}{f' Shapes: {shapes}.' if shapes else ''}")


def _sentence(error: BaseException) -> str:
    """Return the exception's own words, with what NumPy says of a product put plainly."""
    text = str(error).strip()
    mismatch = re.search(r"size (\d+) is different from (\d+)", text)
    if isinstance(error, ValueError) and text.startswith("matmul") and mismatch:
        text = f"the columns of the first matrix and the rows of the second differ: {mismatch[2]} and {mismatch[1]}"
    if isinstance(error, RecursionError):
        text = "a function calls itself without an end"
    if isinstance(error, MemoryError):
        text = text or "there is not enough memory for an array"
    words = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return words.rstrip(".") + "."


def _shapes(frame: FrameType, line: int, text: str) -> str:
    """Return the shapes of the arrays on a line: "activations[-1] (64, 784), W (784, 128)"."""
    found = lines_of(text).get(line)
    if found is None:
        return ""
    arrays = [(name, array) for name, array in arrays_in(found.touched, frame) if array.ndim]
    return ", ".join(f"{name} {_shape(array)}" for name, array in arrays[:6] if name not in found.assigned)


def _shape(array: np.ndarray) -> str:
    return f"({', '.join(map(str, array.shape))}{',' if array.ndim == 1 else ''})"
