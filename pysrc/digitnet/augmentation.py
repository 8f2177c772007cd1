"""Augmentation: training images changed at random, so that the network learns what stays the same."""

import numpy as np

from digitnet.dataset import PIXELS, SIDE


def random_shift(most: int, rng: np.random.Generator) -> tuple[int, int]:
    """Return by how many pixels to move a batch down and right, each drawn from -most … most."""
    down, right = rng.integers(-most, most, 2, endpoint=True)
    return int(down), int(right)


def shifted(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """Return images (n, 784) moved by some pixels; paper (0) follows, and what crosses the edge is lost."""
    square = images.reshape(-1, SIDE, SIDE)
    moved = np.zeros_like(square)
    (to_rows, from_rows), (to_columns, from_columns) = _overlap(down), _overlap(right)
    moved[:, to_rows, to_columns] = square[:, from_rows, from_columns]
    return moved.reshape(-1, PIXELS)


def _overlap(by: int) -> tuple[slice, slice]:
    """Return where the pixels of one axis arrive that are moved by `by`, and where they come from."""
    return slice(max(by, 0), SIDE + min(by, 0)), slice(max(-by, 0), SIDE + min(-by, 0))
