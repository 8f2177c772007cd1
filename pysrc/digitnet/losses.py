"""Softmax and cross-entropy: from ten raw numbers to probabilities, and how wrong they are."""

import numpy as np


def one_hot(labels: np.ndarray, n_classes: int, dtype: type | np.dtype = np.float32) -> np.ndarray:
    """Return (n, n_classes) with a 1 in the column of each label and 0 elsewhere.

    labels: (n,) integers in 0 … n_classes - 1; anything else raises ValueError.
    """
    labels = np.asarray(labels)
    if labels.size and not 0 <= labels.min() <= labels.max() < n_classes:
        raise ValueError(f"Labels must lie in 0 to {n_classes - 1}; these lie in {labels.min()} to {labels.max()}.")
    Y = np.zeros((len(labels), n_classes), dtype)
    Y[np.arange(len(labels)), labels] = 1
    return Y


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return exp(z_i) / Σ exp(z_j) along the last axis: (n, k) in, (n, k) out, each row sums to 1.

    Subtracting the row's maximum changes nothing in the quotient and keeps exp() from overflowing.
    """
    p = logits - logits.max(axis=-1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=-1, keepdims=True)
    return p


def softmax_cross_entropy(logits: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean of -Σ y log p over the rows, and its gradient with respect to the logits.

    logits, Y: (n, k), Y one-hot. The derivatives of the logarithm and of softmax cancel into (p - y) / n
    (Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.109).
    The logarithm is taken as z_y - max - log Σ exp(z - max), so that a probability of 0 costs no infinity.
    """
    n = len(logits)
    delta = logits - logits.max(axis=1, keepdims=True)
    log_likelihood = float(np.vdot(delta, Y))
    np.exp(delta, out=delta)
    total = delta.sum(axis=1, keepdims=True)
    log_likelihood -= float(np.log(total).sum())
    delta /= total
    delta -= Y
    delta /= n
    return -log_likelihood / n, delta
