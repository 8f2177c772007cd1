"""Slow motion: a piece of work recorded line by line, with every array that a line touched, as the code really runs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from digitnet.workshop.lesson import Lesson
from digitnet.workshop.lines import Line, Product, lines_of
from digitnet.workshop.watch import codes_in

TOOL = sys.monitoring.DEBUGGER_ID
EVENTS = sys.monitoring.events
MODULES = ("network", "activations", "losses", "optimizers", "training", "augmentation")
LEFT_OUT = {"MLP.n_layers", "MLP.layer"}  # they only look something up
MOST_ITEMS = 24  # of a list of arrays
MOST_LINES = 2_000


class Value(NamedTuple):
    """An array or number that a line touched, as it was after the line; changed: whether the line changed it."""

    name: str
    array: np.ndarray
    changed: bool


@dataclass
class Recorded:
    """One line as it ran: where it stands, how deep in calls, what it touched, and its sum of products' operands."""

    file: str
    line: int
    function: str
    depth: int
    values: list[Value] = field(default_factory=list)
    product: Product | None = None
    operands: tuple[np.ndarray, ...] = ()

    def terms_of(self, row: int, column: int) -> list[tuple[float, float]]:
        """Return the pairs of numbers whose products make up one entry: of `left @ right`, or of a sum over rows.

        ValueError where the line is no sum of products or has no such entry.
        """
        if not self.operands:
            raise ValueError("This line is no sum of products.")
        left, right = self.operands[0], self.operands[1] if len(self.operands) > 1 else None
        try:
            if right is None:
                return [(float(x), 1.0) for x in left[:, column]]
            return list(zip(left[row].tolist(), right[:, column].tolist(), strict=True))
        except IndexError:
            raise ValueError(f"There is no entry {row}, {column} here.") from None


class Recorder:
    """Records lines of a lesson's code while `recording` is open."""

    def __init__(self, lesson: Lesson) -> None:
        """Read what every line of the code touches."""
        self.lines: list[Recorded] = []
        self._codes: dict[CodeType, str] = {}
        self._touches: dict[str, dict[int, Line]] = {}
        for name in MODULES:
            file = f"{name}.py"
            codes = [code for code in codes_in(lesson.modules[name]) if code.co_qualname not in LEFT_OUT]
            self._codes |= dict.fromkeys(codes, file)
            self._touches[file] = lines_of(lesson.text(file))
        self._open: dict[FrameType, Recorded] = {}
        self._known: dict[FrameType, dict[str, np.ndarray]] = {}
        self._copies: dict[int, np.ndarray] = {}

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record what runs in the block."""
        callbacks: dict[int, Callable[..., Any]] = {
            EVENTS.LINE: self._on_line, EVENTS.PY_RETURN: self._on_return, EVENTS.PY_YIELD: self._on_return,
        }  # fmt: skip
        sys.monitoring.use_tool_id(TOOL, "digitnet trace")
        try:
            for event, callback in callbacks.items():
                sys.monitoring.register_callback(TOOL, event, callback)
            for code in self._codes:
                sys.monitoring.set_local_events(TOOL, code, EVENTS.LINE | EVENTS.PY_RETURN | EVENTS.PY_YIELD)
            yield
        finally:
            for code in self._codes:
                sys.monitoring.set_local_events(TOOL, code, 0)
            for event in callbacks:
                sys.monitoring.register_callback(TOOL, event, None)
            sys.monitoring.free_tool_id(TOOL)
            self._open.clear()
            self._known.clear()

    def _on_line(self, code: CodeType, number: int) -> None:
        frame = sys._getframe(1)
        file = self._codes[code]
        line = self._touches[file].get(number)
        open_line = self._open.get(frame)
        if open_line is not None and line is not None and open_line.line == line.number and number != line.number:
            return  # a statement of several lines goes on
        self._finish(frame)
        if line is None or len(self.lines) >= MOST_LINES:
            return
        recorded = Recorded(file, line.number, code.co_qualname, _depth(frame, self._codes))
        if line.product is not None:
            texts = [text for text in line.product if text is not None]
            found = [_evaluate(text, frame) for text in texts]
            operands = [value for value in found if isinstance(value, np.ndarray) and value.ndim == 2]
            if len(operands) == len(texts):
                recorded.product, recorded.operands = line.product, tuple(map(self._copy, operands))
        known = self._known.setdefault(frame, {})
        for name, array in arrays_in(line.touched, frame):
            known.setdefault(name, self._copy(array))
        self.lines.append(recorded)
        self._open[frame] = recorded

    def _on_return(self, code: CodeType, offset: int, value: object) -> None:
        frame = sys._getframe(1)
        recorded = self._open.get(frame)
        self._finish(frame)
        if recorded is not None and isinstance(value, np.ndarray | np.number | float):
            recorded.values.append(Value("return", self._copy(np.asarray(value)), True))

    def _finish(self, frame: FrameType) -> None:
        """Note what the frame's last line has left."""
        recorded = self._open.pop(frame, None)
        if recorded is None:
            return
        line = self._touches[recorded.file][recorded.line]
        known = self._known.setdefault(frame, {})
        for name, array in arrays_in((*line.assigned, *line.touched), frame):
            before, now = known.get(name), self._copy(array)
            changed = before is None or (now is not before and not _equal(now, before))
            recorded.values.append(Value(name, now, changed))
            known[name] = now

    def _copy(self, array: np.ndarray) -> np.ndarray:
        """Return a copy, the last one of the same place in memory where that is still right."""
        key = array.__array_interface__["data"][0] ^ hash((array.shape, array.strides))
        last = self._copies.get(key)
        if last is None or not _equal(last, array):
            last = self._copies[key] = array.copy()
        return last


def _depth(frame: FrameType, codes: dict[CodeType, str]) -> int:
    depth, outer = 0, frame.f_back
    while outer is not None:
        depth += outer.f_code in codes
        outer = outer.f_back
    return depth


def _equal(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and a.dtype == b.dtype and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))


def _evaluate(text: str, frame: FrameType) -> object:
    try:
        return eval(text, frame.f_globals, frame.f_locals)
    except Exception:  # a name that is not there yet
        return None


def arrays_in(expressions: tuple[str, ...], frame: FrameType) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays and numbers that expressions stand for, the items of lists of arrays one by one."""
    seen = set()
    for text in expressions:
        value = _evaluate(text, frame)
        items = [(text, value)]
        if isinstance(value, list | tuple) and value and all(isinstance(item, np.ndarray) for item in value):
            items = [(f"{text}[{i}]", item) for i, item in enumerate(value[:MOST_ITEMS])]
        for name, item in items:
            is_number = isinstance(item, int | float | np.number) and not isinstance(item, bool)
            if name not in seen and (is_number or (isinstance(item, np.ndarray) and item.dtype.kind in "buif")):
                seen.add(name)
                yield name, np.asarray(item)


def record_step(lesson: Lesson, training: Any) -> list[Recorded]:
    """Return the lines of the next training step, from its batch to the optimizer's last line.

    training: a Training of that lesson; it is stepped on, so hand over a copy.
    """
    recorder = Recorder(lesson)
    with recorder.recording(), np.errstate(all="ignore"):
        for progress in training.run():
            if progress is not None:
                break
    lines = recorder.lines
    start = next((i for i, line in enumerate(lines) if any(v.name == "rows" and v.changed for v in line.values)), 0)
    loops = {number for number, line in enumerate(lesson.text("optimizers.py").splitlines(), 1) if _is_loop(line)}
    updates = [i for i, line in enumerate(lines) if line.file == "optimizers.py" and line.line not in loops]
    return lines[start : (updates[-1] if updates else len(lines)) + 1]


def _is_loop(line: str) -> bool:
    return line.lstrip().startswith(("for ", "while "))
