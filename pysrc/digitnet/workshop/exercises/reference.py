"""What is right, in plain NumPy of its own: answers are compared with these, never with the code that is edited."""

from collections.abc import Callable, Sequence

import numpy as np

Array = np.ndarray

FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "linear": lambda z: z,
}

SLOPES: dict[str, Callable[[Array], Array]] = {  # at z itself, not at the output
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, 1.0, 0.01),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    "linear": lambda z: np.ones_like(z),
}


def log_softmax(z: Array) -> Array:
    """Return the logarithms of the probabilities, row by row."""
    z = z - z.max(axis=1)[:, None]
    return z - np.log(np.exp(z).sum(axis=1))[:, None]


def cross_entropy(z: Array, Y: Array) -> float:
    """Return the mean over the rows of -log p of the right class."""
    return float(-(Y * log_softmax(z)).sum(axis=1).mean())


def forward(params: Sequence[Array], X: Array, activation: str) -> tuple[list[Array], list[Array]]:
    """Return the sums z1, z2, … and the activations X, a1, …, logits."""
    sums, activations = [], [X]
    for i in range(0, len(params), 2):
        sums.append(np.einsum("ni,io->no", activations[-1], params[i]) + params[i + 1])
        is_output = i + 2 == len(params)
        activations.append(sums[-1] if is_output else FUNCTIONS[activation](sums[-1]))
    return sums, activations


def gradients(
    params: Sequence[Array], X: Array, Y: Array, activation: str, slope: Callable[[Array], Array] | None = None
) -> list[Array]:
    """Return dW1, db1, …; `slope` instead of the activation's own derivative, to see what a mistake would give."""
    sums, activations = forward(params, X, activation)
    slope = slope or SLOPES[activation]
    dz, grads = (np.exp(log_softmax(sums[-1])) - Y) / len(X), []
    for layer in reversed(range(len(sums))):
        grads += [dz.sum(axis=0), np.einsum("ni,no->io", activations[layer], dz)]
        if layer:
            dz = np.einsum("no,io->ni", dz, params[2 * layer]) * slope(sums[layer - 1])
    return grads[::-1]


def momentum(w: Array, gradients: Sequence[Array], lr: float, beta: float, keep: bool = True) -> Array:
    """Return w after a step for each gradient; without `keep` the velocity is forgotten after every step."""
    v = np.zeros_like(w)
    for g in gradients:
        v = (beta * v if keep else 0.0) + g
        w = w - lr * v
    return w


def adam(
    w: Array,
    gradients: Sequence[Array],
    lr: float,
    times: Sequence[int] = (1, 2, 3, 4, 5),
    correct: Callable[[Array, float], Array] = np.divide,
    root: Callable[[Array], Array] = np.sqrt,
    share: float = 0.1,
) -> Array:
    """Return w after Adam's steps (β₁ 0.9, β₂ 0.999, ε 1e-8); the other arguments make typical mistakes."""
    m, s = np.zeros_like(w), np.zeros_like(w)
    for t, g in zip(times, gradients, strict=False):
        m = 0.9 * m + share * g
        s = 0.999 * s + (0.001 if share == 0.1 else 1.0) * g**2
        w = w - lr * correct(m, 1 - 0.9**t) / (root(correct(s, 1 - 0.999**t)) + 1e-8)
    return w


def shifted(images: Array, down: int, right: int) -> Array:
    """Return images (n, 784) moved, pixel by pixel."""
    moved = np.zeros_like(images).reshape(-1, 28, 28)
    for row in range(28):
        for column in range(28):
            if 0 <= row - down < 28 and 0 <= column - right < 28:
                moved[:, row, column] = images[:, (row - down) * 28 + column - right]
    return moved.reshape(-1, 784)
