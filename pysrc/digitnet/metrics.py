"""How good are the predictions: accuracy, the confusion matrix, and what follows from it.

Labels and predictions are integers from 0 to n_classes - 1, one a sample, in arrays or lists of equal length.
Where a quotient would be 0 / 0 (the accuracy on a class without samples) the answer is nan: unknown, not
wrong.
"""

import numpy as np
from numpy.typing import ArrayLike


def accuracy(labels: ArrayLike, predicted: ArrayLike) -> float:
    """Return the share of predictions that equal their label; nan when there are none."""
    truth, guess = _integers(labels), _integers(predicted)
    _check_lengths(truth, guess)
    return float(np.mean(truth == guess)) if truth.size else float("nan")


def confusion_matrix(labels: ArrayLike, predicted: ArrayLike, n_classes: int) -> np.ndarray:
    """Return (n_classes, n_classes) counts: rows are true classes, columns predicted ones."""
    truth, guess = _integers(labels, n_classes), _integers(predicted, n_classes)
    _check_lengths(truth, guess)
    counts = np.bincount(truth * n_classes + guess, minlength=n_classes * n_classes)
    return counts.reshape(n_classes, n_classes)


def per_class_accuracy(confusion: np.ndarray) -> np.ndarray:
    """Return (n_classes,): of the samples of each class, the share that was predicted as it."""
    return _share(np.diagonal(confusion), confusion.sum(axis=1))


recall = per_class_accuracy  # its name beside precision


def precision(confusion: np.ndarray) -> np.ndarray:
    """Return (n_classes,): of the samples predicted as each class, the share that belongs to it."""
    return _share(np.diagonal(confusion), confusion.sum(axis=0))


def prediction_distribution(predicted: ArrayLike, n_classes: int) -> np.ndarray:
    """Return (n_classes,) counts: how often each class was predicted."""
    return np.bincount(_integers(predicted, n_classes), minlength=n_classes)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _integers(values: ArrayLike, n_classes: int | None = None) -> np.ndarray:
    """Return `values` as a vector of intp: uint8 labels would overflow in `label * n_classes`."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"There is one label or prediction a sample; this array has shape {array.shape}.")
    if array.size and array.dtype.kind not in "iu":
        raise ValueError(f"Labels and predictions are integers; this array holds {array.dtype}.")
    if n_classes is not None and array.size and not 0 <= array.min() <= array.max() < n_classes:
        raise ValueError(
            f"Labels and predictions lie in 0 to {n_classes - 1}, these in {array.min()} to {array.max()}."
        )
    return array.astype(np.intp)


def _check_lengths(truth: np.ndarray, guess: np.ndarray) -> None:
    if len(truth) != len(guess):
        raise ValueError(f"There are {len(truth):,} labels but {len(guess):,} predictions.")
