"""What the build says: its steps on the terminal, and why it stops."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

COLUMNS = (
    SpinnerColumn(),
    TextColumn("{task.description}"),
    BarColumn(),
    DownloadColumn(),
    TimeElapsedColumn(),
)
BARS = Progress(*COLUMNS, console=Console(stderr=True), transient=True)


class BuildError(Exception):
    """One sentence that says what went wrong and names the file."""


@contextlib.contextmanager
def step(what: str, size: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show one step while it runs, on a terminal as a bar; what is yielded is told the bytes that have arrived."""
    BARS.console.print(what)
    task = BARS.add_task(what, total=size)
    try:
        yield functools.partial(BARS.advance, task)
    finally:
        BARS.remove_task(task)
