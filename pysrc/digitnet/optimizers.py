"""Gradient descent and two of its descendants: how a gradient changes the parameters.

Each `.step(params, grads)` takes two lists of arrays with equal shapes and updates `params` in place. In the
browser every pass over 100,000 weights counts, so the updates are written with as few as the formulas allow.
"""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np

Arrays = Sequence[np.ndarray]


def _zeros_like(arrays: Arrays) -> list[np.ndarray]:
    return [np.zeros_like(array) for array in arrays]


class SGD:
    """Plain gradient descent: w ← w - lr g."""

    def __init__(self, lr: float) -> None:
        """Remember the learning rate."""
        self.lr = lr

    def step(self, params: Arrays, grads: Arrays) -> None:
        """Update every parameter in place."""
        for w, g in zip(params, grads, strict=True):
            w -= self.lr * g


class Momentum:
    """Gradient descent with a heavy ball: v ← β v + g, w ← w - lr v (Polyak, 1964)."""

    def __init__(self, lr: float, beta: float = 0.9) -> None:
        """Remember the learning rate and how much of the velocity a step keeps."""
        self.lr, self.beta = lr, beta
        self.velocities: list[np.ndarray] = []

    def step(self, params: Arrays, grads: Arrays) -> None:
        """Update every parameter in place."""
        self.velocities = self.velocities or _zeros_like(params)
        for w, g, v in zip(params, grads, self.velocities, strict=True):
            v *= self.beta
            v += g
            w -= self.lr * v


class Adam:
    """Momentum in which every weight gets a step of its own size (Kingma & Ba, 2015, algorithm 1).

    m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², w ← w - lr m̂ / (√v̂ + ε), with m̂ = m / (1 - β₁ᵗ) and
    v̂ = v / (1 - β₂ᵗ) making up for the zeros that m and v start from.
    """

    def __init__(self, lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> None:
        """Remember the learning rate, the two decay rates and the ε that keeps the division finite."""
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t = 0
        self.m: list[np.ndarray] = []
        self.v: list[np.ndarray] = []

    def step(self, params: Arrays, grads: Arrays) -> None:
        """Update every parameter in place; t counts the calls, not the parameters."""
        self.m = self.m or _zeros_like(params)
        self.v = self.v or _zeros_like(params)
        self.t += 1
        # lr m̂ / (√v̂ + ε) with both corrections moved into two numbers: rate · m / (√v + eps).
        correction = sqrt(1 - self.beta2**self.t)
        rate = self.lr * correction / (1 - self.beta1**self.t)
        eps = self.eps * correction
        for w, g, m, v in zip(params, grads, self.m, self.v, strict=True):
            adam_update(w, g, m, v, rate, self.beta1, self.beta2, eps)


def numpy_adam_update(
    w: np.ndarray,
    g: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    rate: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> None:
    """Update one array in place: m ← β₁ m + (1 - β₁) g, v likewise with β₂ and g², w ← w - rate m / (√v + eps)."""
    m += (1 - beta1) * (g - m)
    v += (1 - beta2) * (g * g - v)
    w -= rate * m / (np.sqrt(v) + eps)


# A host's kernel may do the same in one pass over memory, and then stands here.
adam_update: Callable[..., None] = numpy_adam_update


Optimizer = SGD | Momentum | Adam

OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {"sgd": SGD, "momentum": Momentum, "adam": Adam}
