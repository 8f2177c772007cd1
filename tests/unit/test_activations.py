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
def test_keeps_the_type_and_leaves_its_input_alone(name):
    f, derivative = ACTIVATIONS[name]
    z = Z.astype(np.float32)
    a = f(z)
    assert a.dtype == np.float32
    assert (a * derivative(a)).dtype == np.float32
    np.testing.assert_array_equal(z, Z.astype(np.float32))


def test_relu_at_infinity():
    np.testing.assert_array_equal(ACTIVATIONS["relu"].fn(np.array([-np.inf, np.inf])), [0, np.inf])


def test_sigmoid_never_overflows():
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(ACTIVATIONS["sigmoid"].fn(np.array([-1e4, 1e4])), [0, 1])
