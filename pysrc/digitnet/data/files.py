"""Files and folders as a command line has them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import ArrayLike

from digitnet.data.csv import BLOCK, CsvReader
from digitnet.data.idx import idx_dataset, is_idx, read_idx
from digitnet.dataset import Dataset

IDX_NAMES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def load_mnist(folder: str | Path) -> tuple[Dataset, Dataset]:
    """Return the training and the test set from a folder with the four files of MNIST (or Fashion-MNIST).

    Each may be gzipped or not, and be called train-images-idx3-ubyte or train-images.idx3-ubyte. Raises
    FileNotFoundError for one that is missing, ValueError for one that is malformed or does not fit.
    """
    train, test = (_load_pair(Path(folder), *names) for names in IDX_NAMES.values())
    return train, test


def _load_pair(folder: Path, *names: str) -> Dataset:
    arrays = []
    for path in (_find(folder, name) for name in names):
        with naming(path), open(path, "rb") as file:
            arrays.append(read_idx(file))
    with naming(folder):
        return idx_dataset(*arrays)


def _find(folder: Path, name: str) -> Path:
    for spelling in (name, name.replace("-idx", ".idx")):
        for path in (folder / spelling, folder / f"{spelling}.gz"):
            if path.is_file():
                return path
    raise FileNotFoundError(f"There is no {name} (or {name}.gz) in {folder}.")


def load_file(path: str | Path) -> Dataset:
    """Return the images of an IDX or CSV file, the latter with its labels where it has them.

    No more of the file is read than its format allows. Raises ValueError with the path for anything else.
    """
    with naming(path), open(path, "rb") as file:
        if is_idx(file.peek(2)):
            return idx_dataset(read_idx(file))
        reader = CsvReader()
        while chunk := file.read(BLOCK):
            reader.feed(chunk)
        return reader.finish()


@contextmanager
def naming(path: str | Path) -> Iterator[None]:
    """Put the path in front of the sentence of a ValueError that leaves the block."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


@contextmanager
def replacing(path: str | Path) -> Iterator[IO[bytes]]:
    """Open a file to write that takes the place of `path` when the block ends; without an end, `path` stays as it was.

    It is a neighbour of `path` until then, so that a crash or a full disk never leaves half a file. What is not a
    regular file, such as /dev/stdout, is written to directly. Raises OSError where there can be no such file.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        with open(path, "wb") as file:
            yield file
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            yield file
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def submission_csv(predicted: ArrayLike) -> bytes:
    """Return the predictions as Kaggle's digit recognizer wants them: ImageId from 1 on, and Label."""
    rows = (f"{number},{digit}\n" for number, digit in enumerate(np.asarray(predicted).tolist(), 1))
    return ("ImageId,Label\n" + "".join(rows)).encode()
