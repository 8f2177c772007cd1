"""Softmax and cross-entropy: from ten scores to probabilities, and how wrong they are."""

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
    """Return exp(z_k) / Σ_j exp(z_j) along the last axis: (n, k) in, (n, k) out, each row sums to 1.

    Subtracting the row's maximum changes nothing in the quotient and keeps exp() from overflowing.
    """
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return log(softmax(logits)) as z_k - log Σ_j exp(z_j), which stays finite where a probability rounds to 0."""
    z = logits - logits.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def softmax_cross_entropy(logits: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return L = -1/n Σ_i Σ_k y_ik log p_ik, and its gradient with respect to the logits, (n, k).

    logits, Y: (n, k), Y one-hot, p = softmax(logits). The derivatives of the logarithm and of softmax cancel into
    (p - y) / n (Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.109).
    """
    n = len(logits)
    log_p = log_softmax(logits)
    loss = -np.sum(Y * log_p) / n
    return float(loss), (np.exp(log_p) - Y) / n
