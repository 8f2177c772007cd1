"""The operations are their definitions, until a host's twins do the work."""

import numpy as np
import pytest

from digitnet import ops


@pytest.fixture(autouse=True)
def numpy_alone():
    yield
    ops.use(None)


def test_the_definitions():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(ops.matmul(a, b), [[20, 23, 26, 29], [56, 68, 80, 92]])
    scaled = ops.scale_pixels(np.array([[0, 51, 255]], np.uint8))
    np.testing.assert_allclose(scaled, [[0, 0.2, 1]], rtol=1e-6)
    assert scaled.dtype == np.float32
    assert ops.scale_pixels(np.zeros((1, 2), np.uint8), np.float64).dtype == np.float64


def test_a_warp_by_hand():
    image = np.zeros((28, 28), np.uint8)
    image[5, 7], image[5, 8], image[6, 7], image[6, 8] = 40, 80, 120, 240
    # Result (0, 0) comes from (5.25, 7.5): a quarter of the way from (40 + 80) / 2 to (120 + 240) / 2.
    warped = ops.warp(image.reshape(1, 784), np.array([[1, 0, 5.25, 0, 1, 7.5]], np.float32))
    assert warped.dtype == np.uint8
    assert warped[0, 0] == 90
    assert warped[0, 28] == 135  # (1, 0) comes from (6.25, 7.5), three quarters of (120 + 240) / 2: paper is below
    swapped = ops.warp(image.reshape(1, 784), np.array([[0, 1, 0, 1, 0, 0]], np.float32))
    np.testing.assert_array_equal(swapped.reshape(28, 28), image.T)
    outside = ops.warp(np.full((1, 784), 200, np.uint8), np.array([[1, 0, -0.5, 0, 1, 30]], np.float32))
    assert not outside.any()
    edge = ops.warp(np.full((1, 784), 200, np.uint8), np.array([[1, 0, -0.5, 0, 1, 0]], np.float32))
    assert (edge.reshape(28, 28)[0] == 100).all()
    assert (edge.reshape(28, 28)[1:] == 200).all()


def test_the_first_adam_update_by_hand():
    # g = 2: m = 0.1 · 2 = 0.2, s = 0.001 · 4 = 0.004; m̂ = 0.2 / 0.1 = 2, ŝ = 0.004 / 0.001 = 4; w = 1 - 0.5 · 2 / √4
    w, g, m, s = (np.array([x]) for x in (1.0, 2.0, 0.0, 0.0))
    ops.adam_update(w, g, m, s, 1, 0.5, 0.9, 0.999, 0.0)
    np.testing.assert_allclose([w[0], g[0], m[0], s[0]], [0.5, 2, 0.2, 0.004])


class Twins:
    """Does 1 × 1 products, in a way that can be told apart."""

    def matmul(self, a, b):
        return np.array([[7.0]]) if a.shape == b.shape == (1, 1) else NotImplemented


def test_a_twin_does_what_it_does_not_decline_until_it_is_switched_off():
    one, two = np.ones((1, 1)), np.full((2, 2), 2.0)
    ops.use(Twins())
    np.testing.assert_array_equal(ops.matmul(one, one), [[7]])
    np.testing.assert_array_equal(ops.matmul(two, two), [[8, 8], [8, 8]])
    np.testing.assert_array_equal(ops.scale_pixels(np.array([[255]], np.uint8)), [[1]])
    ops.use(None)
    np.testing.assert_array_equal(ops.matmul(one, one), [[1]])


def test_they_are_still_the_functions_that_a_reader_sees():
    assert ops.matmul.__name__ == "matmul"
    assert "matrix product" in ops.matmul.__doc__
