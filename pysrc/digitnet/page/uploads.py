"""A visitor's own files, taken piece by piece: CSV as Kaggle has it, or IDX files in pairs."""

from typing import NamedTuple

import numpy as np

from digitnet.data.csv import CsvReader
from digitnet.data.idx import MAX_IDX_BYTES, idx_dataset, is_idx, load_idx
from digitnet.data.limits import MAX_IMAGES
from digitnet.dataset import PIXELS, Dataset, require_labels


class Uploaded(NamedTuple):
    """What the files held: labelled images to train on, labelled images to test on, images without labels."""

    train: Dataset | None
    test: Dataset | None
    unlabelled: Dataset | None


class Upload:
    """Open a file, feed it, close it; when all are through, `datasets` says what they hold.

    An IDX file is known by its first bytes, anything else is read as CSV. Images and labels in IDX are paired by
    their names: "t10k" or "test" in it makes them test data, as in MNIST's own files.
    """

    def __init__(self, n_classes: int = 10, room: int = 2 * MAX_IMAGES) -> None:
        """Expect labels from 0 to n_classes - 1, and no more than `room` images in all."""
        self.n_classes, self._room = n_classes, room
        self._name, self._size = "", 0
        self._reader: CsvReader | None = None
        self._raw: bytearray | None = None
        self._tables: list[Dataset] = []
        self._arrays: dict[tuple[str, int], np.ndarray] = {}  # by part and number of dimensions

    def open(self, name: str, size: int = 0) -> None:
        """Begin a file of `size` bytes (0: unknown); its name is for sentences, and tells test from training data."""
        self._name, self._size, self._reader, self._raw = name, size, None, None

    def feed(self, chunk: bytes) -> int:
        """Take the next piece; return how many images of a CSV file have been read."""
        try:
            if self._reader is None and self._raw is None:
                if is_idx(chunk):
                    self._raw = bytearray()
                else:
                    self._reader = CsvReader(self.n_classes, self._most_images(), self._size)
            if self._raw is not None:
                most = min(MAX_IDX_BYTES, 16 + PIXELS * self._most_images())
                if len(self._raw) + len(chunk) > most:
                    raise ValueError(f"It is larger than {most:,} bytes, the most that is read beside what is here.")
                self._raw += chunk
                return 0
            assert self._reader is not None
            self._reader.feed(chunk)
            return self._reader.rows
        except ValueError as error:
            raise self._named(error) from None

    def close(self) -> None:
        """End the file."""
        try:
            if self._raw is not None:
                array = load_idx(self._raw)
                part = "test" if any(word in self._name.lower() for word in ("t10k", "test")) else "train"
                key = (part, array.ndim)
                if key in self._arrays:
                    raise ValueError(f"There is a second file of {part} {_kind(array.ndim)}.")
                self._arrays[key] = array
            else:
                self._tables.append((self._reader or CsvReader(self.n_classes)).finish())
        except ValueError as error:
            raise self._named(error) from None
        finally:
            self._reader = self._raw = None

    def datasets(self) -> Uploaded:
        """Return what all the files hold together; ValueError for labels without images, or two of a kind."""
        labelled: dict[str, Dataset] = {}
        unlabelled: list[Dataset] = []
        for part in ("train", "test"):
            images, labels = self._arrays.get((part, 3)), self._arrays.get((part, 1))
            if images is None and labels is not None:
                raise ValueError(f"There are {part} labels but no {part} images: choose both files together.")
            if images is not None:
                dataset = idx_dataset(images, labels)
                self._check_labels(dataset)
                if dataset.labels is None:
                    unlabelled.append(dataset)
                else:
                    labelled[part] = dataset
        for table in self._tables:
            if table.labels is None:
                unlabelled.append(table)
            elif "train" in labelled:
                raise ValueError("There are two files of labelled images: choose one to train on.")
            else:
                labelled["train"] = table
        if len(unlabelled) > 1:
            raise ValueError("There are two files of images without labels: choose one to predict.")
        return Uploaded(labelled.get("train"), labelled.get("test"), unlabelled[0] if unlabelled else None)

    def _most_images(self) -> int:
        """Return how many images the next file may have."""
        arrays = [array for (_, ndim), array in self._arrays.items() if ndim > 1]
        return max(0, min(MAX_IMAGES, self._room - sum(map(len, self._tables)) - sum(map(len, arrays))))

    def _check_labels(self, dataset: Dataset) -> None:
        if dataset.labels is not None and len(dataset) and dataset.labels.max() >= self.n_classes:
            first = int(np.argmax(dataset.labels >= self.n_classes))
            raise ValueError(
                f"Image {first + 1:,} has the label {dataset.labels[first]}; labels go from 0 to {self.n_classes - 1}."
            )

    def _named(self, error: ValueError) -> ValueError:
        return ValueError(f"{self._name}: {error}")


def set_aside(data: Dataset, n_test: int) -> tuple[Dataset, Dataset]:
    """Return a labelled data set in two parts, the second with `n_test` images that are drawn at random.

    They change places with the last ones, so that the parts are views of one array: a copy may not fit into memory.
    """
    images = data.images if data.images.flags.writeable else data.images.copy()
    labels, n_train = require_labels(data), len(data) - n_test
    is_drawn = np.zeros(len(data), bool)
    is_drawn[np.random.default_rng(0).permutation(len(data))[:n_test]] = True
    out, back = np.flatnonzero(is_drawn[:n_train]), n_train + np.flatnonzero(~is_drawn[n_train:])
    for array in (images, labels):
        array[out], array[back] = array[back], array[out]
    whole = Dataset(images, labels)
    return whole.take(slice(0, n_train)), whole.take(slice(n_train, None))


def _kind(dimensions: int) -> str:
    return "images" if dimensions == 3 else "labels"
