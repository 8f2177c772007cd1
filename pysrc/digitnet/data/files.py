"""Files and folders as a command line has them."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import ArrayLike

from digitnet.data.csv import BLOCK, CsvReader
from digitnet.data.idx import idx_dataset, is_idx, read_idx
from digitnet.dataset import PIXELS, Dataset, require_labels

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
        reader = CsvReader(size=os.fstat(file.fileno()).st_size)
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
    """Open a file to write that takes the place of `path` when the block ends; an exception leaves `path` as it was.

    It is a neighbour of `path` until then, so that a crash or a full disk never leaves half a file. What is not a
    regular file, such as /dev/stdout, is written to directly. Raises OSError where there can be no such file.
    """
    target, part = _places(path)
    try:
        with _open_to_write(part, path) as file:
            yield file
        if part != target:
            os.replace(part, target)
    finally:
        if part != target:
            part.unlink(missing_ok=True)


def check_writable(path: str | Path) -> None:
    """Raise OSError unless `replacing` can write there; what is there stays as it is."""
    target, part = _places(path)
    if part != target:
        _open_to_write(part, path).close()
        part.unlink()
    elif target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))


def _places(path: str | Path) -> tuple[Path, Path]:
    """Return where a file is to be in the end, and where it is written."""
    target = Path(os.path.realpath(path))
    is_special = target.exists() and not target.is_file()
    return target, target if is_special else target.with_name(f"{target.name}.{os.getpid()}.part")


def _open_to_write(part: Path, path: str | Path) -> IO[bytes]:
    try:
        return open(part, "wb")
    except OSError as error:  # name the path that was asked for
        raise OSError(error.errno, error.strerror, str(path)) from None


def submission_csv(predicted: ArrayLike) -> bytes:
    """Return the predictions as Kaggle's digit recognizer wants them: ImageId from 1 on, and Label."""
    rows = (f"{number},{digit}\n" for number, digit in enumerate(np.asarray(predicted).tolist(), 1))
    return ("ImageId,Label\n" + "".join(rows)).encode()


def drawings_csv(drawings: Dataset) -> bytes:
    """Return labelled images as a CSV file with the columns of Kaggle's train.csv: label, pixel0 … pixel783."""
    table = np.column_stack([require_labels(drawings), drawings.images])
    header = ",".join(["label", *(f"pixel{i}" for i in range(PIXELS))])
    return "".join(f"{line}\n" for line in [header, *(",".join(map(str, row)) for row in table.tolist())]).encode()
