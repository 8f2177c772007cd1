"""Runaway code is stopped: edited code may run for so long at a stretch, and is then interrupted wherever it is.

sys.monitoring (PEP 669) calls back at every backward jump and every start of a function in the code that is watched,
and only there: nothing else gets slower. One long call into NumPy cannot be interrupted so.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType, ModuleType

TOOL = sys.monitoring.PROFILER_ID
EVENTS = (sys.monitoring.events.JUMP, sys.monitoring.events.PY_START, sys.monitoring.events.PY_RESUME)
SECONDS = 1.0  # of processor time that edited code may run at a stretch
WORK_CLOCK = getattr(time, "thread_time", time.perf_counter)  # a browser has no clock of processor time
PATIENCE = 5  # times as long by the clock: for code that sleeps, and where other programs have the processor


class Runaway(BaseException):
    """Watched code ran for too long. No `except Exception` and no bare one with a loop around it keeps it alive."""

    def __init__(self, filename: str, line: int, seconds: float) -> None:
        """Say where it was."""
        super().__init__(f"It ran for more than {seconds:g} s without an end, last in line {line}.")
        self.filename, self.line = filename, line


class _Limit:
    """A time limit in force, and the code objects that it watches."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.most_work, self.latest = WORK_CLOCK() + seconds, time.perf_counter() + PATIENCE * seconds

    def look(self, code: CodeType, offset: int, *_: object) -> None:
        if WORK_CLOCK() > self.most_work or time.perf_counter() > self.latest:
            raise Runaway(code.co_filename, _line_at(code, offset), self.seconds)


_in_force: _Limit | None = None


@contextmanager
def time_limit(seconds: float, codes: Iterable[CodeType]) -> Iterator[None]:
    """Raise Runaway in the watched code objects once the block has run for so many seconds.

    It is raised at every event from then on, so that code which catches it does not get far. Within another limit,
    that one holds, for these code objects too.
    """
    global _in_force
    codes, is_outermost = list(codes), _in_force is None
    if _in_force is None:
        _in_force = _Limit(seconds)
        sys.monitoring.use_tool_id(TOOL, "digitnet")
        for event in EVENTS:
            sys.monitoring.register_callback(TOOL, event, _in_force.look)
    try:
        for code in codes:
            sys.monitoring.set_local_events(TOOL, code, sum(EVENTS))
        yield
    finally:
        for code in codes:
            sys.monitoring.set_local_events(TOOL, code, 0)
        if is_outermost:
            _in_force = None
            for event in EVENTS:
                sys.monitoring.register_callback(TOOL, event, None)
            sys.monitoring.free_tool_id(TOOL)


def codes_in(module: ModuleType) -> list[CodeType]:
    """Return the code of every function and method that a module defines, nested ones included."""
    found: list[CodeType] = []
    stack = [value for value in vars(module).values() if getattr(value, "__module__", None) == module.__name__]
    for value in stack:  # grows while it is walked through
        if isinstance(value, FunctionType):
            found += nested(value.__code__)
            if hasattr(value, "__wrapped__"):
                stack.append(value.__wrapped__)
        elif isinstance(value, type):
            stack += vars(value).values()
        elif isinstance(value, classmethod | staticmethod):
            stack.append(value.__func__)
        elif isinstance(value, property):
            stack += [function for function in (value.fget, value.fset) if function]
    return found


def nested(code: CodeType) -> list[CodeType]:
    """Return a code object and those within it: functions in functions, comprehensions, generators."""
    return [code, *(inner for const in code.co_consts if isinstance(const, CodeType) for inner in nested(const))]


def _line_at(code: CodeType, offset: int) -> int:
    for start, end, line in code.co_lines():
        if start <= offset < end and line is not None:
            return line
    return code.co_firstlineno
