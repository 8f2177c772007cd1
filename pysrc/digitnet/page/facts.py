"""The facts of a run that has ended, on which its diagnosis rests."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from digitnet.activations import ACTIVATIONS
from digitnet.dataset import Dataset, require_labels
from digitnet.initializers import INITIALIZERS
from digitnet.network import MLP
from digitnet.ops import scale_pixels
from digitnet.page.course import Course
from digitnet.page.run import Run
from digitnet.settings import Settings

IDENTICAL = 1e-4  # largest difference between units that are the same but for rounding, as a share of their weights
NO_SLOPE = 1e-4  # a unit whose slope stays below this on all images hardly learns
IMAGES = 1_000  # training images that the hidden units are looked at with


class Layer(NamedTuple):
    """A hidden layer: how many units it has, whether all are the same, how many have no slope on any image."""

    units: int
    identical: bool
    dead: int


@dataclass(frozen=True)
class Facts:
    """What the rules know of a run.

    Accuracies are fractions; train_accuracy and train_loss are means over the last epoch's samples, the loss
    without the penalty of L2. shrinkage: the size (RMS) of the weights as a share of what it was at first.
    most_frequent: the class with most test images, and chance: its share of them.
    images: training images that the hidden layers were looked at with. course: of the loss.
    """

    settings: Settings
    diverged: bool
    epochs: int
    step: int
    course: Course
    train_loss: float
    train_accuracy: float
    test_accuracy: float
    test_images: int
    most_frequent: str
    chance: float
    layers: tuple[Layer, ...]
    shrinkage: float
    images: int

    @property
    def is_at_chance(self) -> bool:
        """Whether the test accuracy is what one constant answer gets, within three standard errors."""
        error = math.sqrt(self.chance * (1 - self.chance) / self.test_images)
        return self.test_accuracy <= self.chance + 3 * error


def facts_of(run: Run, class_names: list[str]) -> Facts | None:
    """Return the facts of a run that is done or has diverged, or None while it can go on."""
    progress, model = run.progress(), run.training.model
    if progress["state"] not in ("done", "diverged"):
        return None
    has_diverged = progress["state"] == "diverged"
    images = run.training.data.images[:IMAGES]
    label, share = most_frequent(run.test)
    loss = progress["train_loss"] or 0.0
    return Facts(
        settings=run.settings,
        diverged=has_diverged,
        epochs=progress["epoch"],
        step=progress["step"],
        course=run.course,
        train_loss=loss if has_diverged else loss - penalty(model, run.settings.l2),
        train_accuracy=progress["train_accuracy"] or 0.0,
        test_accuracy=progress["test_accuracy"] or 0.0,
        test_images=len(run.test),
        most_frequent=class_names[label],
        chance=share,
        layers=() if has_diverged else look_at_layers(model, images),
        shrinkage=1.0 if has_diverged else shrinkage(model),
        images=len(images),
    )


def look_at_layers(model: MLP, images: np.ndarray) -> tuple[Layer, ...]:
    """Return what uint8 images (n, 784) show of each hidden layer."""
    with np.errstate(over="ignore", invalid="ignore"):
        activations = model.forward(scale_pixels(images, model.dtype))[1:-1]
        derivative = ACTIVATIONS[model.activation].derivative
        return tuple(
            Layer(a.shape[1], _are_identical(*model.layer(i)), int((np.abs(derivative(a)) < NO_SLOPE).all(0).sum()))
            for i, a in enumerate(activations)
        )


def _are_identical(W: np.ndarray, b: np.ndarray) -> bool:
    incoming = np.vstack([W, b])
    difference = np.abs(incoming - incoming[:, :1]).max()
    return incoming.shape[1] > 1 and bool(difference <= IDENTICAL * np.abs(incoming).max())


def shrinkage(model: MLP) -> float:
    """Return the RMS of all weights as a share of what the initialiser aims at; infinity where that is 0."""
    now = first = 0.0
    for index in range(model.n_layers):
        W, _ = model.layer(index)
        now += float(np.vdot(W, W))
        first += W.size * INITIALIZERS[model.init](*W.shape) ** 2
    return math.sqrt(now / first) if first else math.inf


def penalty(model: MLP, l2: float) -> float:
    """Return ½ l2 ΣW², the part of the training loss that is not about the data."""
    return 0.5 * l2 * sum(float(np.vdot(W, W)) for W in model.params[::2]) if l2 else 0.0


def most_frequent(data: Dataset) -> tuple[int, float]:
    """Return the class with most images, and its share of them."""
    counts = np.bincount(require_labels(data))
    return int(counts.argmax()), float(counts.max() / counts.sum())
