"""Testing a network: its loss, its accuracy and its probabilities on images that it may never have seen."""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from digitnet.dataset import Dataset, require_labels
from digitnet.losses import one_hot, softmax, softmax_cross_entropy
from digitnet.metrics import accuracy
from digitnet.network import MLP
from digitnet.ops import scale_pixels

CHUNK = 256  # so many images exist as floats at a time


class Evaluation(NamedTuple):
    """How a network does on a data set: mean cross-entropy, share read correctly, and probabilities (n, k)."""

    loss: float
    accuracy: float
    probabilities: np.ndarray


def evaluate(model: MLP, data: Dataset) -> Evaluation:
    """Evaluate `model` on labelled `data`; ValueError for none, or without labels."""
    return finished(evaluating(model, data))


def evaluating(model: MLP, data: Dataset) -> Generator[None, None, Evaluation]:
    """Evaluate `model` on labelled `data`, yielding after each chunk, so that a host can do other things in between."""
    labels = require_labels(data)
    logits = np.empty((len(data), model.sizes[-1]), model.dtype)
    for start in range(0, len(data), CHUNK):
        rows = slice(start, start + CHUNK)
        logits[rows] = logits_of(model, data.images[rows])
        yield
    with np.errstate(over="ignore", invalid="ignore"):  # a network that has diverged may still be looked at
        loss, _ = softmax_cross_entropy(logits, one_hot(labels, logits.shape[1], logits.dtype))
        probabilities = softmax(logits)
    return Evaluation(loss, accuracy(labels, probabilities.argmax(axis=1)), probabilities)


@np.errstate(over="ignore", invalid="ignore")
def logits_of(model: MLP, images: np.ndarray) -> np.ndarray:
    """Return the network's scores (n, k) for uint8 images (n, 784)."""
    return model.forward(scale_pixels(images, model.dtype))[-1]


def predict_images(model: MLP, data: Dataset) -> np.ndarray:
    """Return what `model` reads in each image, (n,) integers; labels are not needed."""
    return finished(predicting(model, data))


def predicting(model: MLP, data: Dataset) -> Generator[None, None, np.ndarray]:
    """Do the same, yielding after each chunk."""
    predicted = np.empty(len(data), np.intp)
    for start in range(0, len(data), CHUNK):
        rows = slice(start, start + CHUNK)
        predicted[rows] = logits_of(model, data.images[rows]).argmax(axis=1)
        yield
    return predicted


def finished[T](chunks: Generator[object, None, T]) -> T:
    """Run a generator to its end and return what it returns."""
    while True:
        try:
            next(chunks)
        except StopIteration as end:
            return end.value
