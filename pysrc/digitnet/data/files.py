"""Files and folders as a command line has them."""

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from digitnet.data.csv import BLOCK, CsvReader
from digitnet.data.idx import MAX_IDX_BYTES, idx_dataset, is_idx, load_idx
from digitnet.dataset import Dataset

IDX_NAMES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def load_mnist(folder: str | Path) -> tuple[Dataset, Dataset]:
    """Return the training and the test set from a folder with the four files of MNIST (or Fashion-MNIST).

    Each may be gzipped or not, and be called train-images-idx3-ubyte or train-images.idx3-ubyte.
    """
    train, test = (
        idx_dataset(*(load_idx(_find(Path(folder), name).read_bytes()) for name in names))
        for names in IDX_NAMES.values()
    )
    return train, test


def _find(folder: Path, name: str) -> Path:
    for spelling in (name, name.replace("-idx", ".idx")):
        for path in (folder / spelling, folder / f"{spelling}.gz"):
            if path.is_file():
                return path
    raise FileNotFoundError(f"There is no {name} (or {name}.gz) in {folder}.")


def load_file(path: str | Path) -> Dataset:
    """Return the images of an IDX or CSV file, the latter with its labels where it has them."""
    with open(path, "rb") as file:
        start = file.read(4)
        file.seek(0)
        if is_idx(start):
            return idx_dataset(load_idx(file.read(MAX_IDX_BYTES + 1)))
        reader = CsvReader()
        while chunk := file.read(BLOCK):
            reader.feed(chunk)
    return reader.finish()


def submission_csv(predicted: ArrayLike) -> bytes:
    """Return the predictions as Kaggle's digit recognizer wants them: ImageId from 1 on, and Label."""
    rows = (f"{number},{digit}\n" for number, digit in enumerate(np.asarray(predicted).tolist(), 1))
    return ("ImageId,Label\n" + "".join(rows)).encode()
