"""The operations that take the time, each under its own name. What stands here is their definition, in NumPy.

A host may have faster twins of some: in the browser, where NumPy has no BLAS, a WebAssembly kernel. `use(twins)` is
the one switch: from then on a twin of the same name does the work, and what it declines is left to NumPy.
"""

from collections.abc import Callable
from functools import wraps

import numpy as np

from digitnet.dataset import PIXELS, SIDE

_twins: object = None


def use(twins: object) -> None:
    """Let the methods of `twins` do the work of the operations that they are named after; None is NumPy alone."""
    global _twins
    _twins = twins


def operation[**P, R](definition: Callable[P, R]) -> Callable[P, R]:
    """Mark a function as one that a twin may do instead; a twin declines arguments by returning NotImplemented."""
    name = definition.__name__

    @wraps(definition)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        twin: Callable[P, R] | None = getattr(_twins, name, None)
        result = twin(*args, **kwargs) if twin else NotImplemented
        return definition(*args, **kwargs) if result is NotImplemented else result

    return run


@operation
def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the matrix product: (m, k) times (k, n) is (m, n)."""
    return a @ b


@operation
def adam_update(
    w: np.ndarray, g: np.ndarray, m: np.ndarray, s: np.ndarray,
    t: int, lr: float, beta1: float, beta2: float, eps: float,
) -> None:  # fmt: skip
    """Take Adam's step number t with one array of parameters w and its gradient g; w, m and s change in place."""
    m *= beta1
    m += (1 - beta1) * g
    s *= beta2
    s += (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    w -= lr * m_hat / (np.sqrt(s_hat) + eps)


@operation
def scale_pixels(images: np.ndarray, dtype: type | np.dtype = np.float32) -> np.ndarray:
    """Return uint8 pixels as floats from 0 to 1: the network's input is always the pixel divided by 255."""
    return np.multiply(images, 1 / 255, dtype=dtype)


@operation
def warp(images: np.ndarray, maps: np.ndarray) -> np.ndarray:
    """Return images (n, 784) uint8, each redrawn through a map of its own: maps (n, 6) float32.

    A map (a, b, c, d, e, f) says where the pixel at (row, column) of the result comes from: row a row + b column + c,
    column d row + e column + f of the image; see `resampled`.
    """
    row, column = np.arange(SIDE, dtype=np.float32)[:, np.newaxis], np.arange(SIDE, dtype=np.float32)
    a, b, c, d, e, f = maps.T[:, :, np.newaxis, np.newaxis]
    y = np.clip((a * row + c) + b * column, -1, SIDE)  # (n, 28, 28)
    x = np.clip((d * row + f) + e * column, -1, SIDE)
    return resampled(images, y, x)


def resampled(images: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return images (n, 784) uint8, whose pixels come from the places (y, x) of the given ones: (n, 28, 28), -1 … 28.

    Between pixels it takes a mean of the four around, each weighted by how near it is (bilinear interpolation);
    outside of the image is paper (0).
    """
    top, left = np.floor(y), np.floor(x)
    down, right = y - top, x - left  # from 0 to 1: how far below and right of the pixel at (top, left)
    width = SIDE + 3  # a frame of paper lies around the image
    framed = np.zeros((len(images), width, width), np.float32)
    framed[:, 1:-2, 1:-2] = images.reshape(-1, SIDE, SIDE)
    first = np.arange(len(images))[:, np.newaxis, np.newaxis] * width * width  # of each image in the flat array
    at = first + (top.astype(int) + 1) * width + left.astype(int) + 1
    pixels = framed.ravel()
    upper = pixels[at] + right * (pixels[at + 1] - pixels[at])
    lower = pixels[at + width] + right * (pixels[at + width + 1] - pixels[at + width])
    ink = upper + down * (lower - upper)
    return (ink + np.float32(0.5)).astype(np.uint8).reshape(-1, PIXELS)
