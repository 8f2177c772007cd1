"""The matrix product is NumPy's, whichever way it is computed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitnet import linalg

PRODUCTS = [linalg.matmul, linalg.einsum_product]
SIZES = st.one_of(st.integers(0, 9), st.integers(10, 70))
LAYOUTS = st.sampled_from(
    [
        lambda rows, columns: (rows, columns, lambda x: x),
        lambda rows, columns: (columns, rows, lambda x: x.T),
        lambda rows, columns: (3 * rows, 2 * columns, lambda x: x[::-3, ::2]),
        lambda rows, columns: (2 * columns, rows, lambda x: x.T[:, ::-2]),
    ]
)


@given(m=SIZES, k=SIZES, n=SIZES, layouts=st.tuples(LAYOUTS, LAYOUTS, LAYOUTS), with_out=st.booleans())
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("product", PRODUCTS)
def test_equals_numpy_whatever_the_layout(product, m, k, n, layouts, with_out):
    rng = np.random.default_rng(m + 100 * k + 10_000 * n)

    def matrix(layout, rows, columns):
        height, width, view = layout(rows, columns)
        return view(rng.standard_normal((height, width)))

    a, b, out = matrix(layouts[0], m, k), matrix(layouts[1], k, n), matrix(layouts[2], m, n)
    result = product(a, b, out=out if with_out else None)
    np.testing.assert_allclose(result, np.matmul(a, b), atol=1e-12)
    assert (result is out) == with_out


@given(
    shape=st.tuples(st.integers(5, 90), st.integers(5, 90), st.integers(1, 90)),
    zero_rows=st.integers(0, 90), zero_columns=st.integers(0, 90),
    by_columns=st.booleans(), special=st.sampled_from([0, 1, np.inf, np.nan]), with_out=st.booleans(),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_leaves_out_zeros_but_not_zero_times_infinity(shape, zero_rows, zero_columns, by_columns, special, with_out):
    m, k, n = shape
    rng = np.random.default_rng(m + 100 * k + 10_000 * n)
    a, b = rng.standard_normal((m, k)), rng.standard_normal((k, n))
    a[:zero_rows], a[:, :zero_columns], b[0, 0] = 0, 0, special
    a = np.asfortranarray(a) if by_columns else a
    with np.errstate(invalid="ignore"):
        result = linalg.einsum_product(a, b, out=np.full((m, n), 7.0) if with_out else None)
        np.testing.assert_allclose(result, np.matmul(a, b), atol=1e-12)


@pytest.mark.parametrize("product", PRODUCTS)
def test_keeps_the_type(product):
    for dtype in (np.float32, np.float64):
        assert product(np.ones((6, 7), dtype), np.ones((7, 5), dtype)).dtype == dtype


@pytest.mark.parametrize("product", PRODUCTS)
def test_refuses_what_does_not_fit_also_where_einsum_would_broadcast(product):
    with pytest.raises(ValueError, match="matmul"):
        product(np.ones((6, 1)), np.ones((7, 5)))
    with pytest.raises(ValueError, match="matmul"):
        product(np.ones((6, 7)), np.ones((7, 5)), np.ones((5, 6)))


@pytest.mark.parametrize("product", PRODUCTS)
def test_may_overwrite_its_operand(product):
    a, b = np.arange(64.0).reshape(8, 8), np.eye(8)[::-1]
    expected = a[:, ::-1].copy()
    np.testing.assert_array_equal(product(a, b, a), expected)


def test_natively_numpy_multiplies():
    assert linalg.product is linalg.blas_product
