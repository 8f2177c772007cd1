"""A kernel that the host may offer: NumPy's slowest loops, done in place on NumPy's own memory.

In the browser NumPy has neither BLAS nor SIMD. The host hands over plain functions of numbers; here they become
functions of arrays, twins of those in ops.py, and are compared with them before they take their place.
"""

from collections.abc import Callable
from ctypes import c_size_t
from math import sqrt

import numpy as np

from digitnet import ops
from digitnet.dataset import PIXELS
from digitnet.page import einsum, kernel_check

FLOAT = np.dtype(np.float32)
BYTE = np.dtype(np.uint8)


class Kernel:
    """The host's functions, which take addresses, counts and strides in bytes, as twins of those in ops.py.

    Each does what its namesake does for float32 arrays, and declines everything else (NotImplemented).
    """

    def __init__(
        self,
        sgemm: Callable[..., object],
        scratch_size: Callable[[int], int],
        adam: Callable[..., object],
        scale: Callable[..., object],
        warp: Callable[..., object],
        empty: Callable[[tuple[int, ...], np.dtype], np.ndarray] = np.empty,
    ) -> None:
        """Take the five functions of web/kernel/kernel.ts, and what makes room for a result."""
        self._sgemm, self._scratch_size, self._adam, self._scale, self._warp = sgemm, scratch_size, adam, scale, warp
        self._empty = empty
        self._scratch, self._scratch_columns = np.empty(0, np.uint8), -1
        self._frame = np.empty(32 * 32, np.uint8)

    def matmul(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return a @ b; `a` and `b` may have any strides."""
        if (
            a.dtype != FLOAT or b.dtype != FLOAT
            or a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]
        ):  # fmt: skip
            return NotImplemented
        (m, k), n = a.shape, b.shape[1]
        out = self._empty((m, n), FLOAT)
        if n > self._scratch_columns:
            self._scratch, self._scratch_columns = np.empty(self._scratch_size(n), np.uint8), n
        self._sgemm(
            m, n, k, address(a), *a.strides, address(b), *b.strides, address(out), 4 * n, address(self._scratch)
        )
        return out

    def adam_update(
        self, w: np.ndarray, g: np.ndarray, m: np.ndarray, s: np.ndarray,
        t: int, lr: float, beta1: float, beta2: float, eps: float,
    ) -> None:  # fmt: skip
        """Update w, m and s in place.

        Both corrections move into two numbers: lr m̂ / (√ŝ + ε) is rate · m / (√s + ε √(1 - β₂ᵗ)).
        """
        if not all(array.dtype == FLOAT and array.flags.carray and array.size == w.size for array in (w, g, m, s)):
            return NotImplemented
        correction = sqrt(1 - beta2**t)
        rate = lr * correction / (1 - beta1**t)
        self._adam(address(w), address(g), address(m), address(s), w.size, rate, beta1, beta2, eps * correction)
        return None

    def scale_pixels(self, images: np.ndarray, dtype: type | np.dtype = np.float32) -> np.ndarray:
        """Return uint8 pixels as floats from 0 to 1."""
        if dtype != FLOAT or images.dtype != BYTE or not images.flags.c_contiguous:
            return NotImplemented
        out = self._empty(images.shape, FLOAT)
        self._scale(address(images), images.size, 1 / 255, address(out))
        return out

    def warp(self, images: np.ndarray, maps: np.ndarray) -> np.ndarray:
        """Return each image redrawn through its map."""
        if (
            images.dtype != BYTE or maps.dtype != FLOAT or not images.flags.c_contiguous or not maps.flags.c_contiguous
            or images.shape != (len(maps), PIXELS) or maps.shape[1:] != (6,)
        ):  # fmt: skip
            return NotImplemented
        out = self._empty(images.shape, BYTE)
        self._warp(address(images), address(maps), len(maps), address(out), address(self._frame))
        return out


def address(array: np.ndarray) -> int:
    """Return where the array's first element lies.

    `array.__array_interface__["data"]` says the same, but describes the whole array to do so: four times as slow,
    and a training step asks thirty times. In NumPy's C interface the pointer comes right after the object's header.
    """
    return c_size_t.from_address(id(array) + object.__basicsize__).value


_installed: Kernel | None = None
_in_use = "numpy"


def install(
    sgemm: Callable[..., object],
    scratch_size: Callable[[int], int],
    adam: Callable[..., object],
    scale: Callable[..., object],
    warp: Callable[..., object],
) -> str:
    """Use the host's functions if they agree with NumPy; return "" or else a sentence that says why not."""
    global _installed
    try:
        kernel_check.check(lambda empty: Kernel(sgemm, scratch_size, adam, scale, warp, empty))
    except Exception as error:  # whatever a foreign function may raise
        return f"Running on NumPy without the kernel, because the kernel failed its test: {error}"
    _installed = Kernel(sgemm, scratch_size, adam, scale, warp)
    use("simd")
    return ""


def use(name: str) -> None:
    """Let the installed kernel ("simd") or NumPy alone ("numpy") do the work; ValueError where there is no such."""
    global _in_use
    if name not in ("simd", "numpy") or (name == "simd" and _installed is None):
        raise ValueError(f"There is no kernel called {name!r} here.")
    ops.use(_installed if name == "simd" else einsum.TWINS)
    _in_use = name


def in_use() -> str:
    """Return "simd" or "numpy"."""
    return _in_use
