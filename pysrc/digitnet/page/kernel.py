"""A kernel that the host may offer: NumPy's slowest loops, done in place on NumPy's own memory.

In the browser NumPy has neither BLAS nor SIMD. The host hands over plain functions of numbers; here they become
functions of arrays, are compared with NumPy, and take the place of NumPy's form until `use("numpy")`.
"""

from collections.abc import Callable
from ctypes import c_size_t

import numpy as np

from digitnet import linalg, optimizers, training

FLOAT = np.dtype(np.float32)
BYTE = np.dtype(np.uint8)


class Kernel:
    """The host's functions, which take addresses, counts and strides in bytes, as functions of arrays.

    Each does what its namesake in NumPy does for contiguous float32, and leaves everything else to that.
    """

    def __init__(
        self,
        sgemm: Callable[..., object],
        scratch_size: Callable[[int], int],
        adam: Callable[..., object],
        scale: Callable[..., object],
    ) -> None:
        """Take the four functions of web/kernel/kernel.ts."""
        self._sgemm, self._scratch_size, self._adam, self._scale = sgemm, scratch_size, adam, scale
        self._scratch, self._scratch_columns = np.empty(0, np.uint8), -1

    def product(self, a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return a @ b, as `linalg.numpy_product`; `a` and `b` may have any strides."""
        if (
            a.dtype != FLOAT or b.dtype != FLOAT
            or a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]
        ):  # fmt: skip
            return linalg.numpy_product(a, b, out)
        (m, k), n = a.shape, b.shape[1]
        if out is None:
            out = np.empty((m, n), FLOAT)
        elif (
            out.shape != (m, n) or not _is_ours(out, FLOAT)
            or np.may_share_memory(out, a) or np.may_share_memory(out, b)
        ):  # fmt: skip
            return linalg.numpy_product(a, b, out)
        if n > self._scratch_columns:
            self._scratch, self._scratch_columns = np.empty(self._scratch_size(n), np.uint8), n
        self._sgemm(
            m, n, k, address(a), *a.strides, address(b), *b.strides, address(out), 4 * n, address(self._scratch)
        )
        return out

    def adam_update(
        self, w: np.ndarray, g: np.ndarray, m: np.ndarray, v: np.ndarray,
        rate: float, beta1: float, beta2: float, eps: float,
    ) -> None:  # fmt: skip
        """Update w, m and v in place, as `optimizers.numpy_adam_update`."""
        if all(_is_ours(array, FLOAT) and array.size == w.size for array in (w, g, m, v)):
            self._adam(address(w), address(g), address(m), address(v), w.size, rate, beta1, beta2, eps)
        else:
            optimizers.numpy_adam_update(w, g, m, v, rate, beta1, beta2, eps)

    def scale(self, pixels: np.ndarray, factor: float, out: np.ndarray) -> np.ndarray:
        """Write pixels · factor to `out` and return it, as `training.numpy_scale`."""
        if _is_ours(out, FLOAT) and pixels.dtype == BYTE and pixels.flags.c_contiguous and out.shape == pixels.shape:
            self._scale(address(pixels), pixels.size, factor, address(out))
            return out
        return training.numpy_scale(pixels, factor, out)


def address(array: np.ndarray) -> int:
    """Return where the array's first element lies.

    `array.__array_interface__["data"]` says the same, but describes the whole array to do so: four times as slow,
    and a training step asks thirty times. In NumPy's C interface the pointer comes right after the object's header.
    """
    return c_size_t.from_address(id(array) + object.__basicsize__).value


def _is_ours(array: np.ndarray, dtype: np.dtype) -> bool:
    return array.dtype == dtype and array.flags.carray  # contiguous and writeable


_installed: Kernel | None = None


def install(
    sgemm: Callable[..., object],
    scratch_size: Callable[[int], int],
    adam: Callable[..., object],
    scale: Callable[..., object],
) -> str:
    """Use the host's functions if they agree with NumPy; return "" or else a sentence that says why not."""
    global _installed
    try:
        kernel = Kernel(sgemm, scratch_size, adam, scale)
        check(kernel)
    except Exception as error:  # whatever a foreign function may raise
        return f"NumPy does the work alone, because the kernel failed its test: {error}"
    _installed = kernel
    use("simd")
    return ""


def use(name: str) -> None:
    """Let the installed kernel ("simd") or NumPy alone ("numpy") do the work; ValueError where there is no such."""
    if name not in ("simd", "numpy") or (name == "simd" and _installed is None):
        raise ValueError(f"There is no kernel called {name!r} here.")
    kernel = _installed if name == "simd" else None
    linalg.product = kernel.product if kernel else linalg.numpy_product
    optimizers.adam_update = kernel.adam_update if kernel else optimizers.numpy_adam_update
    training.scale = kernel.scale if kernel else training.numpy_scale


def in_use() -> str:
    """Return "simd" or "numpy"."""
    return "numpy" if linalg.product is linalg.numpy_product else "simd"


def check(kernel: Kernel) -> None:
    """Raise ArithmeticError, with a sentence, unless the kernel does what NumPy does and writes nowhere else."""
    rng = np.random.default_rng(0)
    probe = np.empty(2, FLOAT)[1:]
    if address(probe) != probe.__array_interface__["data"][0]:
        raise ArithmeticError("Arrays do not lie where they are expected.")

    # One number, an empty sum, one tile, odd edges all round; then a 0 that meets an infinity.
    for m, k, n in ((1, 1, 1), (3, 0, 2), (2, 5, 16), (5, 270, 19)):
        for a, b in zip(_layouts(rng, m, k), reversed(_layouts(rng, k, n)), strict=True):
            out = _framed(np.zeros((m, n)))
            kernel.product(a, b, _inside(out).reshape(m, n))
            _require_equal("The matrix product", out, np.matmul(a, b))
    out = _framed(np.zeros(2))
    kernel.product(np.eye(2, dtype=FLOAT), np.array([[np.inf], [1]], FLOAT), _inside(out).reshape(2, 1))
    _require_equal("The product with infinity", out, np.array([np.inf, np.nan]))

    expected = rng.random((4, 37), FLOAT)
    got = [_framed(values) for values in expected]
    for update, (w, g, mean, square) in (
        (kernel.adam_update, map(_inside, got)),
        (optimizers.numpy_adam_update, expected),
    ):
        update(w, g, mean, square, 0.01, 0.9, 0.999, 1e-8)
    for values, wanted in zip(got, expected, strict=True):
        _require_equal("Adam's update", values, wanted)

    pixels = rng.integers(0, 256, 37, np.uint8)
    out = _framed(np.zeros(37))
    kernel.scale(pixels, 1 / 255, _inside(out))
    _require_equal("The scaling of pixels", out, pixels / 255)


MARGIN = 32


def _framed(values: np.ndarray) -> np.ndarray:
    """Return the values with ones before and after them, which must stay."""
    ones = np.ones(MARGIN, FLOAT)
    return np.concatenate([ones, values.ravel(), ones], dtype=FLOAT, casting="unsafe")


def _inside(framed: np.ndarray) -> np.ndarray:
    return framed[MARGIN:-MARGIN]


def _layouts(rng: np.random.Generator, rows: int, columns: int) -> list[np.ndarray]:
    """Return (rows, columns) matrices of small integers, many 0: stored by rows, by columns, scattered backwards."""

    def numbers(*shape: int) -> np.ndarray:
        return np.maximum(rng.integers(-3, 4, shape), 0).astype(FLOAT)

    return [numbers(rows, columns), numbers(columns, rows).T, numbers(rows, 2 * columns)[::-1, ::-2]]


def _require_equal(what: str, got: np.ndarray, expected: np.ndarray) -> None:
    wanted = _framed(expected)
    if not np.allclose(got, wanted, rtol=1e-5, atol=1e-6, equal_nan=True):
        raise ArithmeticError(f"{what} differs from NumPy's.")
