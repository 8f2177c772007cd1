"""Is backpropagation right? Compare it with the slope measured by moving each parameter a little."""

import numpy as np

from digitnet.network import MLP


def numerical_gradient(
    model: MLP, param: np.ndarray, X: np.ndarray, Y: np.ndarray, l2: float = 0.0, eps: float = 1e-5
) -> np.ndarray:
    """Return the loss's slope along each entry w of `param`, one of the model's: (L(w + eps) - L(w - eps)) / 2 eps.

    X: (n, d); Y: (n, k) one-hot. Its own error is of the order eps², so this needs float64. `param` is as before at
    the end.
    """
    slopes = np.empty_like(param)
    for index in np.ndindex(param.shape):
        w = param[index]
        param[index] = w + eps
        above, _ = model.loss_and_grads(X, Y, l2)
        param[index] = w - eps
        below, _ = model.loss_and_grads(X, Y, l2)
        param[index] = w
        slopes[index] = (above - below) / (2 * eps)
    return slopes


def relative_errors(gradient: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Return |g - s| / max(|g| + |s|, 1e-6) for each entry."""
    return np.abs(gradient - slopes) / np.maximum(np.abs(gradient) + np.abs(slopes), 1e-6)


def gradient_check(model: MLP, X: np.ndarray, Y: np.ndarray, l2: float = 0.0, eps: float = 1e-5) -> float:
    """Return the largest relative error between loss_and_grads and slopes, on a copy in float64.

    It is below 1e-6 for a correct gradient; near a kink of ReLU it can be larger.
    """
    model = model.astype(np.float64)
    X, Y = X.astype(np.float64), Y.astype(np.float64)
    _, grads = model.loss_and_grads(X, Y, l2)
    grads = [grad.copy() for grad in grads]  # later calls may use the same arrays
    return max(
        float(relative_errors(grad, numerical_gradient(model, param, X, Y, l2, eps)).max())
        for param, grad in zip(model.params, grads, strict=True)
    )
