"""Is backpropagation right? Compare it with the slope measured by moving each parameter a little."""

import numpy as np

from digitnet.network import MLP


def gradient_check(model: MLP, X: np.ndarray, Y: np.ndarray, l2: float = 0.0, eps: float = 1e-5) -> float:
    """Return the largest relative error between loss_and_grads and central differences.

    X: (n, d); Y: (n, k) one-hot. For each parameter w the slope is (L(w + eps) - L(w - eps)) / 2 eps, whose
    own error is of the order eps², so this needs float64: it works on a copy, `model` stays as it is. The
    error |g - s| / max(|g| + |s|, 1e-6) is below 1e-6 for a correct gradient; near a kink of ReLU it can be larger.
    """
    model = model.astype(np.float64)
    X, Y = X.astype(np.float64), Y.astype(np.float64)
    _, grads = model.loss_and_grads(X, Y, l2)
    largest = 0.0
    for param, grad in zip(model.params, grads, strict=True):
        for index in np.ndindex(param.shape):
            w = param[index]
            param[index] = w + eps
            above, _ = model.loss_and_grads(X, Y, l2)
            param[index] = w - eps
            below, _ = model.loss_and_grads(X, Y, l2)
            param[index] = w
            slope = (above - below) / (2 * eps)
            g = float(grad[index])
            largest = max(largest, abs(g - slope) / max(abs(g) + abs(slope), 1e-6))
    return largest
