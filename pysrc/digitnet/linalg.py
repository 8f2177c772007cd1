"""The one matrix product that everything else calls, whoever computes it."""

import sys
from collections.abc import Callable

import numpy as np

Product = Callable[[np.ndarray, np.ndarray, np.ndarray | None], np.ndarray]


def matmul(a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return a @ b, (m, k) times (k, n), written to `out` (m, n) where given."""
    return product(a, b, out)


def blas_product(a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return a @ b by NumPy's own product, which natively is BLAS.

    A column times a row, the gradient from one sample, has nothing to sum: BLAS takes four times as long over it.
    """
    if a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0] == 1:
        return np.multiply(a, b, out=out)
    return np.matmul(a, b, out=out)


def einsum_product(a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return a @ b by `einsum`: where NumPy has no BLAS, 2 to 4 times as fast as its own product.

    It is quickest when its innermost loop is long and runs over neighbours in memory. `a` offers one axis for
    that, k when it is stored by rows and m when by columns; n is the other choice, and the longer one is taken.
    Rows or columns of `a` that are all 0 are left out: in a batch of 64 digits a third of the pixels carry no ink.
    """
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        return np.matmul(a, b, out=out)
    (m, k), n = a.shape, b.shape[1]
    if out is not None and (out.shape != (m, n) or np.may_share_memory(out, a) or np.may_share_memory(out, b)):
        return np.matmul(a, b, out=out)
    if min(m, k) > 4:  # else the copy costs more than it brings
        if k > n and a.strides[0] > a.strides[1]:
            if (used := _nonzero_rows(a.T, b)) is not None:
                return np.einsum("ik,kj->ij", a.T[used].T, b[used], out=out)
            return np.einsum("ik,jk->ij", a, np.ascontiguousarray(b.T), out=out)
        if m > n and a.strides[0] < a.strides[1]:
            if (used := _nonzero_rows(a, b)) is not None:
                if out is None:
                    out = np.empty((m, n), np.result_type(a, b))
                out.fill(0)
                out[used] = np.einsum("ik,kj->ij", a[used], np.ascontiguousarray(b))
                return out
            by_columns = np.einsum("jk,ki->ji", b.T, a.T).T
            if out is None:
                return by_columns
            np.copyto(out, by_columns)
            return out
    return np.einsum("ik,kj->ij", a, np.ascontiguousarray(b), out=out)


def _nonzero_rows(a: np.ndarray, b: np.ndarray) -> np.ndarray | None:
    """Return the indices of the rows of `a` that are not all 0, or None where leaving the others out is no gain."""
    if b.shape[1] < 64:  # to look for them would take longer
        return None
    rows = np.flatnonzero(a.any(axis=1))
    # 0 times infinity is not 0.
    return rows if len(rows) < 0.8 * len(a) and np.isfinite(b).all() else None


# WebAssembly has no BLAS. The host may offer a kernel of its own, which then stands here.
numpy_product: Product = einsum_product if sys.platform == "emscripten" else blas_product
product: Product = numpy_product
