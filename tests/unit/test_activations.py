import numpy as np
import pytest

from digitnet.activations import ACTIVATIONS

Z = np.array([-30.0, -2.0, -0.5, 0.3, 1.0, 30.0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", Z),
        ("relu", [0, 0, 0, 0.3, 1, 30]),
        ("leaky_relu", [-0.3, -0.02, -0.005, 0.3, 1, 30]),
        ("tanh", (np.exp(2 * Z) - 1) / (np.exp(2 * Z) + 1)),
        ("sigmoid", 1 / (1 + np.exp(-Z))),
    ],
)
def test_values(name, expected):
    np.testing.assert_allclose(ACTIVATIONS[name].fn(Z), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_the_slope(name):
    f, derivative = ACTIVATIONS[name]
    eps = 1e-6
    slope = (f(Z + eps) - f(Z - eps)) / (2 * eps)
    np.testing.assert_allclose(derivative(f(Z)), slope, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_works_in_place_and_keeps_the_type(name):
    z = Z.astype(np.float32)
    expected = ACTIVATIONS[name].fn(z.copy())
    assert expected.dtype == np.float32
    assert ACTIVATIONS[name].fn(z, out=z) is z
    np.testing.assert_array_equal(z, expected)


def test_sigmoid_never_overflows():
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(ACTIVATIONS["sigmoid"].fn(np.array([-1e4, 1e4])), [0, 1])
