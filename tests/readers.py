"""The readers of files that anybody may bring, each with a good file to begin from."""

import gzip
import io
from collections.abc import Callable

import numpy as np
from writers import random_digits, to_csv, to_idx

from digitnet.data.csv import load_csv
from digitnet.data.idx import load_idx
from digitnet.network import MLP
from digitnet.storage import load, save


def network() -> bytes:
    """A small network as a file."""
    file = io.BytesIO()
    save(MLP((784, 3, 10), rng=0), file)
    return file.getvalue()


IMAGES = to_idx(np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28))
READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "csv": (load_csv, to_csv(random_digits(3))),
    "idx": (load_idx, IMAGES),
    "gzip": (load_idx, gzip.compress(IMAGES)),
    "npz": (lambda raw: load(io.BytesIO(raw)), network()),
}
