"""Gradient descent and two of its descendants: how a gradient changes the parameters.

Each `.step(params, grads)` takes two lists of arrays with equal shapes and updates `params` in place.
"""

from collections.abc import Callable

import numpy as np

from digitnet import ops

Arrays = list[np.ndarray]


class SGD:
    """Plain gradient descent: w ← w - lr g."""

    def __init__(self, lr: float) -> None:
        """Keep the learning rate; ValueError unless it is above 0."""
        self.lr = _positive("learning rate", lr)

    def step(self, params: Arrays, grads: Arrays) -> None:
        """Update every parameter in place."""
        for w, g in zip(params, grads, strict=True):
            w -= self.lr * g


class Momentum:
    """Gradient descent that keeps some of its velocity: v ← β v + g, w ← w - lr v (Polyak, 1964)."""

    def __init__(self, lr: float, beta: float = 0.9) -> None:
        """Keep the learning rate and the share β of the velocity that a step keeps."""
        self.lr, self.beta = _positive("learning rate", lr), _share("beta", beta)
        self.velocities: list[np.ndarray] = []

    def step(self, params: Arrays, grads: Arrays) -> None:
        """Update every parameter in place."""
        self.velocities = self.velocities or [np.zeros_like(w) for w in params]
        for w, g, v in zip(params, grads, self.velocities, strict=True):
            v *= self.beta
            v += g
            w -= self.lr * v


class Adam:
    """Momentum in which every weight gets a step of its own size (Kingma & Ba, 2015, algorithm 1).

    m ← β₁ m + (1 - β₁) g, s ← β₂ s + (1 - β₂) g², w ← w - lr m̂ / (√ŝ + ε), with m̂ = m / (1 - β₁ᵗ) and
    ŝ = s / (1 - β₂ᵗ) making up for the zeros that m and s start from. The paper calls s v.
    """

    def __init__(self, lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> None:
        """Keep the learning rate, the two decay rates and the ε that keeps the division finite."""
        self.lr, self.eps = _positive("learning rate", lr), _positive("eps", eps)
        self.beta1, self.beta2 = _share("beta1", beta1), _share("beta2", beta2)
        self.t = 0
        self.m: list[np.ndarray] = []
        self.s: list[np.ndarray] = []

    def step(self, params: Arrays, grads: Arrays) -> None:
        """Update every parameter in place; t counts the steps, not the parameters."""
        self.m = self.m or [np.zeros_like(w) for w in params]
        self.s = self.s or [np.zeros_like(w) for w in params]
        self.t += 1
        for w, g, m, s in zip(params, grads, self.m, self.s, strict=True):
            ops.adam_update(w, g, m, s, self.t, self.lr, self.beta1, self.beta2, self.eps)


class WeightAverage:
    """A running average of the weights: a ← d a + (1 - d) w, every few steps (Polyak & Juditsky, 1992).

    The weights jump about the minimum; their average lies nearer to its middle. Early on, when there is little to
    average, d is smaller: (1 + t) / (10 + t) at update t.
    """

    every = 8  # steps from one update to the next: it costs next to nothing, and weights change little in between

    def __init__(self, params: Arrays) -> None:
        """Begin with the weights as they are."""
        self.params = [w.copy() for w in params]
        self.steps = self.updates = 0

    def update(self, params: Arrays, decay: float) -> None:
        """Take the weights of one more step into account."""
        self.steps += 1
        if self.steps % self.every == 0:
            self.updates += 1
            share = 1 - min(decay, (1 + self.updates) / (10 + self.updates))
            for a, w in zip(self.params, params, strict=True):
                a += share * (w - a)


Optimizer = SGD | Momentum | Adam

OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {"sgd": SGD, "momentum": Momentum, "adam": Adam}


def _positive(what: str, value: float) -> float:
    if not 0 < value < np.inf:  # also False for NaN
        raise ValueError(f"The {what} must be a number above 0; got {value!r}.")
    return value


def _share(what: str, value: float) -> float:
    if not 0 <= value < 1:
        raise ValueError(f"{what} must be a number from 0 to below 1; got {value!r}.")
    return value
