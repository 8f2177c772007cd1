"""Writers of the files that digitnet reads, for tests."""

import struct

import numpy as np

from digitnet import Dataset

PIXEL_NAMES = [f"pixel{i}" for i in range(784)]


def random_digits(n, seed=0):
    """Random images, mostly paper as digits are, with labels."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (n, 784), np.uint8) * (rng.random((n, 784)) < 0.2).astype(np.uint8)
    return Dataset(images, rng.integers(0, 10, n))


def to_idx(array, kind=8):
    """The bytes of an IDX file with a uint8 array; another kind of number may be announced."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape) + array.tobytes()


def to_csv(data, header=True, newline="\n"):
    """The bytes of a CSV file as Kaggle writes them: the label first, where there are labels, then 784 pixels."""
    labelled = data.labels is not None
    table = np.column_stack([data.labels, data.images]) if labelled else data.images
    lines = [",".join(["label"] * labelled + PIXEL_NAMES)] * header
    lines += [",".join(map(str, row)) for row in table.tolist()]
    return (newline.join(lines) + newline).encode()


def assert_same_digits(got, expected):
    """Compare two data sets."""
    np.testing.assert_array_equal(got.images, expected.images)
    assert got.images.dtype == np.uint8
    if expected.labels is None:
        assert got.labels is None
    else:
        np.testing.assert_array_equal(got.labels, expected.labels)
