"""Signs of life from long calls: the page takes a worker that says nothing for long enough for dead."""

from collections.abc import Callable, Generator


def _nothing() -> None:
    """Give no sign where nobody waits for one, as in a test."""


give: Callable[[], object] = _nothing  # the bridge puts the worker's own here


def alive[T](chunks: Generator[object, None, T]) -> T:
    """Run a generator to its end, with a sign of life after each chunk; return what it returns."""
    while True:
        try:
            next(chunks)
        except StopIteration as end:
            return end.value
        give()
