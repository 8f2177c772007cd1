"""Handwritten digits as arrays, and how to divide them into training, validation and test images."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

SIDE = 28
PIXELS = SIDE * SIDE


@dataclass(frozen=True, eq=False, slots=True)
class Dataset:
    """Images, and what they show where that is known.

    images: (n, 784) uint8, row by row, 0 = paper, 255 = ink. labels: (n,) integers from 0, or None.
    """

    images: np.ndarray
    labels: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless shapes, types and lengths fit; make the labels intp."""
        images = self.images
        if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.shape[1:] != (PIXELS,):
            found = f"{images.dtype} {images.shape}" if isinstance(images, np.ndarray) else type(images).__name__
            raise ValueError(f"Images are a uint8 array of shape (n, {PIXELS}), not {found}.")
        if self.labels is None:
            return
        labels = np.asarray(self.labels)
        if labels.shape != (len(images),):
            raise ValueError(f"There are {len(images):,} images but labels of shape {labels.shape}.")
        if labels.size and (labels.dtype.kind not in "iu" or labels.min() < 0):
            raise ValueError("Labels are integers from 0 on.")
        object.__setattr__(self, "labels", labels.astype(np.intp))

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.images)

    def take(self, rows: slice | ArrayLike) -> "Dataset":
        """Return the chosen rows (a slice, indices or a mask) as a dataset; a slice copies nothing."""
        chosen = rows if isinstance(rows, slice) else np.asarray(rows)
        return Dataset(self.images[chosen], None if self.labels is None else self.labels[chosen])


def split(dataset: Dataset, *sizes: int, seed: int | np.random.Generator = 0) -> tuple[Dataset, ...]:
    """Return shuffled, disjoint parts with `sizes` images each, such as train, validation and test."""
    if min(sizes, default=0) < 0 or sum(sizes) > len(dataset):
        raise ValueError(f"Parts of {sizes} images cannot be made from {len(dataset):,} images.")
    order = np.random.default_rng(seed).permutation(len(dataset))
    bounds = pairwise(np.cumsum((0, *sizes)))
    return tuple(dataset.take(order[a:b]) for a, b in bounds)


SHIPPED_FIRST = 10_000  # of MNIST's training images: those that the page loads before more are asked for


def train_validation_test(
    train: Dataset, test: Dataset, n: int, seed: int, validation_share: float = 0.0, extra_test: int = 0
) -> tuple[Dataset, Dataset | None, Dataset]:
    """Return training, validation (or None) and test images for a run that may use `n` images of `train`.

    Fewer than SHIPPED_FIRST are drawn by the seed from the first SHIPPED_FIRST, so that the page and the command
    line draw the same ones; otherwise they are the first `n`. Validation images are the last of the `n`;
    `extra_test` images that were not drawn join the test images, as far as there are any.
    """
    pool = train.take(slice(0, SHIPPED_FIRST)) if n <= SHIPPED_FIRST else train
    if n > len(pool):
        raise ValueError(f"There are only {len(pool):,} training images here, not {n:,}.")
    if n < SHIPPED_FIRST:
        pool = pool.take(np.random.default_rng([seed, 2]).permutation(len(pool)))
    unused = pool.take(slice(n, n + extra_test))
    if len(unused):
        test = concatenate(test, unused)
    n_train = n - int(n * validation_share)
    validation = pool.take(slice(n_train, n)) if n_train < n else None
    return pool.take(slice(0, n_train)), validation, test


def concatenate(first: Dataset, second: Dataset) -> Dataset:
    """Return the images of two labelled datasets, one after the other."""
    if first.labels is None or second.labels is None:
        raise ValueError("Both datasets need labels to be joined.")
    return Dataset(np.concatenate((first.images, second.images)), np.concatenate((first.labels, second.labels)))


def require_labels(data: Dataset) -> np.ndarray:
    """Return the labels (n,) of a data set that has at least one image, or raise ValueError."""
    if data.labels is None or len(data) == 0:
        raise ValueError("Training and evaluation need at least one image, with labels.")
    return data.labels
