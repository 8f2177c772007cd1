"""Products by einsum are NumPy's, whatever the layout, and of any size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitnet.page import einsum
from digitnet.page.einsum import TWINS

SIZES = st.one_of(st.integers(0, 9), st.integers(10, 70))
LAYOUTS = st.sampled_from(
    [
        lambda rows, columns: (rows, columns, lambda x: x),
        lambda rows, columns: (columns, rows, lambda x: x.T),
        lambda rows, columns: (3 * rows, 2 * columns, lambda x: x[::-3, ::2]),
        lambda rows, columns: (2 * columns, rows, lambda x: x.T[:, ::-2]),
    ]
)


@given(m=SIZES, k=SIZES, n=SIZES, layouts=st.tuples(LAYOUTS, LAYOUTS))
@settings(max_examples=50, deadline=None)
def test_equals_numpy_whatever_the_layout(m, k, n, layouts):
    rng = np.random.default_rng(m + 100 * k + 10_000 * n)

    def matrix(layout, rows, columns):
        height, width, view = layout(rows, columns)
        return view(rng.standard_normal((height, width)))

    a, b = matrix(layouts[0], m, k), matrix(layouts[1], k, n)
    np.testing.assert_allclose(TWINS.matmul(a, b), np.matmul(a, b), atol=1e-12)


@given(
    shape=st.tuples(st.integers(5, 90), st.integers(5, 90), st.integers(1, 90)),
    zero_rows=st.integers(0, 90), zero_columns=st.integers(0, 90),
    by_columns=st.booleans(), special=st.sampled_from([0, 1, np.inf, np.nan]),
)  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_leaves_out_zeros_but_not_zero_times_infinity(shape, zero_rows, zero_columns, by_columns, special):
    m, k, n = shape
    rng = np.random.default_rng(m + 100 * k + 10_000 * n)
    a, b = rng.standard_normal((m, k)), rng.standard_normal((k, n))
    a[:zero_rows], a[:, :zero_columns], b[0, 0] = 0, 0, special
    a = np.asfortranarray(a) if by_columns else a
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(TWINS.matmul(a, b), np.matmul(a, b), atol=1e-12)


def test_what_einsum_cannot_count_is_done_in_bands(monkeypatch):
    """In WebAssembly its limit is 2³¹ - 1 products, which a layer of 4,096 × 3,000 passes with a batch of 256."""
    counted = []
    monkeypatch.setattr(einsum, "MAX_PRODUCTS", 1_000)
    monkeypatch.setattr(
        einsum, "product", lambda a, b: counted.append(a.shape[0] * a.shape[1] * b.shape[1]) or np.matmul(a, b)
    )
    rng = np.random.default_rng(0)
    for m, k, n in ((50, 12, 10), (7, 20, 50), (1, 30, 33)):
        a, b = rng.standard_normal((m, k)), rng.standard_normal((k, n))
        np.testing.assert_allclose(TWINS.matmul(a, b), a @ b)
    assert len(counted) > 3
    assert max(counted) <= 1_000
    assert TWINS.matmul(np.ones((2, 40)), np.ones((40, 40))) is NotImplemented, "not even one row"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_type(dtype):
    assert TWINS.matmul(np.ones((6, 7), dtype), np.ones((7, 5), dtype)).dtype == dtype


def test_declines_what_does_not_fit_also_where_einsum_would_broadcast():
    assert TWINS.matmul(np.ones((6, 1)), np.ones((7, 5))) is NotImplemented
    assert TWINS.matmul(np.ones(6), np.ones((6, 5))) is NotImplemented
