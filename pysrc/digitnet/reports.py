"""What an evaluation says, as plain data for the page and the command line."""

from typing import TypedDict

import numpy as np

from digitnet.dataset import Dataset, require_labels
from digitnet.evaluation import Evaluation
from digitnet.metrics import confusion_matrix, per_class_accuracy, precision, prediction_distribution


class Reading(TypedDict):
    """One image of a data set: its index there, what it shows, what was read, and the probability of that."""

    index: int
    label: int
    predicted: int
    confidence: float | None


class Report(TypedDict):
    """What an evaluation says. `truth` and `distribution` are counts by class: the labels' and the predictions'."""

    count: int
    accuracy: float
    loss: float | None
    confusion: list[list[int]]
    per_class: list[float | None]
    precision: list[float | None]
    recall: list[float | None]
    distribution: list[int]
    truth: list[int]
    mistakes: list[Reading]
    mistake_count: int


class Cell(TypedDict):
    """Images in one cell of a confusion matrix, and how many there are in all."""

    indices: list[int]
    confidences: list[float | None]
    count: int


def report(data: Dataset, evaluation: Evaluation, max_mistakes: int = 200) -> Report:
    """Return accuracy, loss, confusion matrix, its margins, counts by class, and mistakes, most confident first."""
    labels, predicted = require_labels(data), evaluation.probabilities.argmax(axis=1)
    n_classes = evaluation.probabilities.shape[1]
    confusion = confusion_matrix(labels, predicted, n_classes)
    wrong = np.flatnonzero(labels != predicted)
    recall = _numbers(per_class_accuracy(confusion))
    return {
        "count": len(data),
        "accuracy": evaluation.accuracy,
        "loss": finite(evaluation.loss),
        "confusion": confusion.tolist(),
        "per_class": recall,
        "precision": _numbers(precision(confusion)),
        "recall": recall,
        "distribution": prediction_distribution(predicted, n_classes).tolist(),
        "truth": confusion.sum(axis=1).tolist(),
        "mistakes": _readings(labels, evaluation, _most_confident(evaluation, wrong)[:max_mistakes]),
        "mistake_count": len(wrong),
    }


def confusion_cell(data: Dataset, evaluation: Evaluation, row: int, column: int, limit: int) -> Cell:
    """Return up to `limit` images of class `row` read as `column`, most confident first, and how many there are."""
    predicted = evaluation.probabilities.argmax(axis=1)
    found = np.flatnonzero((require_labels(data) == row) & (predicted == column))
    shown = _most_confident(evaluation, found)[:limit]
    confidences = _numbers(evaluation.probabilities[shown].max(axis=1))
    return {"indices": shown.tolist(), "confidences": confidences, "count": len(found)}


def right_examples(data: Dataset, evaluation: Evaluation, count: int) -> list[Reading]:
    """Return the first `count` images that were read right."""
    labels = require_labels(data)
    right = np.flatnonzero(labels == evaluation.probabilities.argmax(axis=1))
    return _readings(labels, evaluation, right[:count])


def _most_confident(evaluation: Evaluation, rows: np.ndarray) -> np.ndarray:
    return rows[np.argsort(-evaluation.probabilities[rows].max(axis=1), kind="stable")]


def _readings(labels: np.ndarray, evaluation: Evaluation, rows: np.ndarray) -> list[Reading]:
    p = evaluation.probabilities[rows]
    columns = (rows.tolist(), labels[rows].tolist(), p.argmax(axis=1).tolist(), _numbers(p.max(axis=1)))
    return [
        {"index": index, "label": label, "predicted": predicted, "confidence": confidence}
        for index, label, predicted, confidence in zip(*columns, strict=True)
    ]


def finite(value: float) -> float | None:
    """Return the number, or None for what is unknown or infinite: JSON has neither."""
    return float(value) if np.isfinite(value) else None


def _numbers(values: np.ndarray) -> list[float | None]:
    return [finite(value) for value in values.tolist()]
