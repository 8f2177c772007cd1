"""Activation functions, each beside its derivative.

A derivative is written in terms of the *output* a = f(z), because `forward` keeps the activations and not the z
before them. Everything is element by element: any shape in, the same shape out.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

LEAK = 0.01


def linear(z: np.ndarray) -> np.ndarray:
    """Return z itself: f(z) = z."""
    return z


def linear_derivative(a: np.ndarray) -> np.ndarray:
    """Return f'(z) = 1."""
    return np.ones_like(a)


def relu(z: np.ndarray) -> np.ndarray:
    """Return the rectified linear unit: f(z) = max(z, 0)."""
    return np.maximum(z, 0)


def relu_derivative(a: np.ndarray) -> np.ndarray:
    """Return f'(z) = 1 where z > 0, which is where a > 0, else 0 (the usual choice at the kink)."""
    return a > 0


def leaky_relu(z: np.ndarray) -> np.ndarray:
    """Return f(z) = z where z > 0, else 0.01 z: some gradient passes through every unit."""
    return np.maximum(z, LEAK * z)


def leaky_relu_derivative(a: np.ndarray) -> np.ndarray:
    """Return f'(z) = 1 where z > 0, which is where a > 0, else 0.01."""
    return np.where(a > 0, 1, LEAK).astype(a.dtype)


def tanh(z: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent, between -1 and 1."""
    return np.tanh(z)


def tanh_derivative(a: np.ndarray) -> np.ndarray:
    """Return f'(z) = 1 - tanh(z)²."""
    return 1 - a * a


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return f(z) = 1 / (1 + exp(-z)), between 0 and 1.

    Written as (1 + tanh(z / 2)) / 2: the same function, and no exponential that could overflow.
    """
    return (1 + np.tanh(z / 2)) / 2


def sigmoid_derivative(a: np.ndarray) -> np.ndarray:
    """Return f'(z) = f(z) (1 - f(z))."""
    return a * (1 - a)


class Activation(NamedTuple):
    """A function f and its derivative f' in terms of f's output."""

    fn: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray], np.ndarray]


ACTIVATIONS = {
    "relu": Activation(relu, relu_derivative),
    "leaky_relu": Activation(leaky_relu, leaky_relu_derivative),
    "tanh": Activation(tanh, tanh_derivative),
    "sigmoid": Activation(sigmoid, sigmoid_derivative),
    "linear": Activation(linear, linear_derivative),
}
