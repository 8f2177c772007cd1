"""Initial weights: how wide to draw them, by name.

An initializer takes the number of inputs and outputs of a layer and returns the standard deviation of its
weights, which are drawn from a normal distribution. Biases always start at zero.
"""

from collections.abc import Callable
from math import sqrt


def he(n_in: int, n_out: int) -> float:
    """Return sqrt(2 / n_in): keeps the variance through ReLU layers (He et al., 2015, eq. 10)."""
    return sqrt(2 / n_in)


def xavier(n_in: int, n_out: int) -> float:
    """Return sqrt(2 / (n_in + n_out)): keeps it through tanh layers, both ways (Glorot & Bengio, 2010, eq. 12)."""
    return sqrt(2 / (n_in + n_out))


def normal(n_in: int, n_out: int) -> float:
    """Return 0.01: small whatever the layer, as networks were started before the two above."""
    return 0.01


def zeros(n_in: int, n_out: int) -> float:
    """Return 0: every hidden unit computes the same and learns the same. Here to be seen failing."""
    return 0.0


INITIALIZERS: dict[str, Callable[[int, int], float]] = {
    "he": he,
    "xavier": xavier,
    "normal": normal,
    "zeros": zeros,
}
