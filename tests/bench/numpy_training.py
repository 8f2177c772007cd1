"""Trains the page's network without the page: natively as a program, and in the browser with NumPy's own product."""

import json
import sys
from pathlib import Path
from time import perf_counter

from digitnet import ops
from digitnet.page.session import Session


def started(data: dict[str, bytes], settings: dict[str, object]) -> Session:
    """Return a session with these settings; `data`: the page's four gzipped IDX files by their names."""
    session = Session()
    for part, prefix in (("train", "train-10000"), ("test", "test")):
        session.add_data(part, *(bytes(data[f"{prefix}-{what}"]) for what in ("images", "labels")))
    session.start()
    session.configure(settings)
    return session


def samples_per_second(session: Session, seconds: float) -> float:
    """Go on training for so many seconds."""
    start, samples = perf_counter(), session.progress()["samples"]
    samples = session.advance(seconds)["samples"] - samples
    return samples / (perf_counter() - start)


def use_plain_product() -> None:
    """Compute everything as ops.py defines it: every matrix product as `a @ b`."""
    ops.use(None)


if __name__ == "__main__":
    folder, settings, seconds = Path(sys.argv[1]), json.loads(sys.argv[2]), float(sys.argv[3])
    session = started({file.stem: file.read_bytes() for file in folder.glob("*.gz")}, settings)
    samples_per_second(session, seconds / 5)  # to warm up
    print(samples_per_second(session, seconds))
