"""Does a kernel do what ops.py defines, and write nowhere but into its results?"""

from collections.abc import Callable
from inspect import unwrap
from math import prod
from typing import Any

import numpy as np

from digitnet import ops
from digitnet.dataset import PIXELS

MARGIN = 32


class Frame:
    """Room for one array between ones, which must stay."""

    def __init__(self) -> None:
        """Begin with room for nothing."""
        self.all = np.ones(2 * MARGIN, np.float32)

    def empty(self, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """Return room for an array, as np.empty does."""
        self.all = np.ones(2 * MARGIN + prod(shape), dtype)
        return self.all[MARGIN:-MARGIN].reshape(shape)

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return a copy of some values that lies in the frame."""
        copy = self.empty(values.shape, values.dtype)
        copy[...] = values
        return copy

    def require(self, what: str, got: np.ndarray, wanted: np.ndarray) -> None:
        """Raise ArithmeticError unless the frame is whole and the array in it is what is wanted."""
        is_whole = (self.all[:MARGIN] == 1).all() and (self.all[-MARGIN:] == 1).all()
        if not is_whole or not np.allclose(got, wanted, rtol=1e-5, atol=1e-6, equal_nan=True):
            raise ArithmeticError(f"{what} differs from NumPy's.")


def check(make: Callable[[Callable[..., np.ndarray]], Any]) -> None:
    """Raise ArithmeticError, with a sentence, unless the kernel does what ops.py defines and writes nowhere else.

    make: returns the kernel, given what makes room for its results.
    """
    rng, frame = np.random.default_rng(0), Frame()
    kernel = make(frame.empty)

    # One number, an empty sum, one tile, odd edges all round; then a 0 that meets an infinity.
    for m, k, n in ((1, 1, 1), (3, 0, 2), (2, 5, 16), (5, 270, 19)):
        for a, b in zip(_layouts(rng, m, k), reversed(_layouts(rng, k, n)), strict=True):
            frame.require("The matrix product", kernel.matmul(a, b), np.matmul(a, b))
    product = kernel.matmul(np.eye(2, dtype=np.float32), np.array([[np.inf], [1]], np.float32))
    frame.require("The product with infinity", product, np.array([[np.inf], [np.nan]]))

    pixels = rng.integers(0, 256, (1, 37), np.uint8)
    frame.require("The scaling of pixels", kernel.scale_pixels(pixels), pixels / 255)

    # One image turned about, one mostly moved out of sight.
    images = rng.integers(0, 256, (2, PIXELS), np.uint8)
    maps = np.array([[0.9, -0.3, 4.2, 0.4, 1.1, -5.6], [1, 0, 20.5, 0, -1, 40]], np.float32)
    frame.require("The warping of images", kernel.warp(images, maps), unwrap(ops.warp)(images, maps))

    expected = list(rng.random((4, 37), np.float32))
    frames = [Frame() for _ in expected]
    got = [frame.of(values) for frame, values in zip(frames, expected, strict=True)]
    for update, arrays in ((kernel.adam_update, got), (unwrap(ops.adam_update), expected)):
        update(*arrays, 3, 0.01, 0.9, 0.999, 1e-8)
    for frame, values, wanted in zip(frames, got, expected, strict=True):
        frame.require("Adam's update", values, wanted)


def _layouts(rng: np.random.Generator, rows: int, columns: int) -> list[np.ndarray]:
    """Return (rows, columns) matrices of small integers, many 0: stored by rows, by columns, scattered backwards."""

    def numbers(*shape: int) -> np.ndarray:
        return np.maximum(rng.integers(-3, 4, shape), 0).astype(np.float32)

    return [numbers(rows, columns), numbers(columns, rows).T, numbers(rows, 2 * columns)[::-1, ::-2]]
