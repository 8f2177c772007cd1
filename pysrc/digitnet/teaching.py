"""Teaching: a trained network learns somebody's own hand from a few labelled drawings (fine-tuning).

A few drawings are soon learned by heart, and all else forgotten. Two things help: the drawings are distorted afresh at
every step, so that their style is learned and not their pixels, and images that the network was trained on are
rehearsed beside them (Robins, "Catastrophic forgetting, rehearsal and pseudorehearsal", 1995).
"""

import math
from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from digitnet.augmentation import elastic, random_affine
from digitnet.dataset import Dataset, concatenate, require_labels
from digitnet.evaluation import logits_of
from digitnet.losses import one_hot
from digitnet.network import MLP
from digitnet.ops import scale_pixels, warp
from digitnet.optimizers import Adam
from digitnet.training import DivergedError

STEPS = 150
RATE = 0.002  # of Adam; it falls to 0 on a cosine
COPIES = 2  # of each drawing in a batch, each distorted in its own way
MOST = 160  # drawings in a batch: of more than half as many, some are drawn for each step
REHEARSED = 200  # training images in a batch
AFFINE, ELASTIC = 0.75, 1.0  # strength of the distortion, see augmentation

FOLDS = 5  # parts in which drawings are held back
FOLD_STEPS, FOLD_REHEARSED = 40, 60  # shorter, for there are five of them
FEWEST = 5  # drawings that an estimate takes


class HeldBack(NamedTuple):
    """How many drawings were held back, each once, and what share of them was read right before and after."""

    drawings: int
    before: float
    after: float


def teaching(
    model: MLP, drawings: Dataset, rehearsal: Dataset | None, seed: int = 0, steps: int = STEPS,
    rehearsed: int = REHEARSED,
) -> Generator[None]:  # fmt: skip
    """Teach `model` in place from labelled drawings, yielding after every step.

    rehearsal: images that it was trained on, of which each batch takes some; None for none.
    Raises DivergedError when the loss is not finite.
    """
    rng = np.random.default_rng(seed)
    adam = Adam(RATE)
    for step in range(steps):
        adam.lr = RATE * (1 + math.cos(math.pi * step / steps)) / 2
        batch = drawings.take(_rows(len(drawings), rng))
        batch = Dataset(distorted(batch.images, rng), batch.labels)
        if rehearsal:
            batch = concatenate(batch, rehearsal.take(rng.integers(0, len(rehearsal), rehearsed)))
        X, Y = scale_pixels(batch.images, model.dtype), one_hot(require_labels(batch), model.sizes[-1], model.dtype)
        loss, grads = model.loss_and_grads(X, Y)
        if not math.isfinite(loss):
            raise DivergedError(f"The loss is no longer a finite number at step {step + 1} of the teaching.")
        adam.step(model.params, grads)
        yield


def distorted(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return images (n, 784) uint8 as the same hand might have drawn them another time."""
    return elastic(warp(images, random_affine(len(images), AFFINE, rng)), ELASTIC, rng)


def holding_back(
    model: MLP, drawings: Dataset, rehearsal: Dataset | None, seed: int = 0
) -> Generator[None, None, HeldBack | None]:
    """Estimate by cross-validation how well teaching works on drawings that it has not seen.

    Copies of `model` are taught, more briefly, without a fifth of the drawings each, and read those then. A drawing is
    held back only if there is another one of its class to learn from; None where fewer than 5 can be.
    """
    labels, fold = require_labels(drawings), folds(drawings, seed)
    held = fold >= 0
    if np.count_nonzero(held) < FEWEST:
        return None
    right = read_right(model, drawings)
    after = np.zeros(len(labels), bool)
    for k in range(fold.max() + 1):
        pupil = model.astype(model.dtype)  # a copy
        yield from teaching(pupil, drawings.take(fold != k), rehearsal, seed, FOLD_STEPS, FOLD_REHEARSED)
        after[fold == k] = read_right(pupil, drawings.take(fold == k))
    return HeldBack(int(held.sum()), float(right[held].mean()), float(after[held].mean()))


def folds(drawings: Dataset, seed: int = 0) -> np.ndarray:
    """Return the part, from 0 to 4, in which each drawing is held back, (n,) integers; -1 for those that never are.

    The drawings of each class are dealt out in turn. Equal ones stay together: an estimate would else be made of a
    drawing that has been learned.
    """
    labels, rng = require_labels(drawings), np.random.default_rng(seed)
    result = np.full(len(labels), -1)
    dealt = 0
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        _, which = np.unique(drawings.images[rows], axis=0, return_inverse=True)
        different = int(which.max()) + 1
        if different > 1:
            result[rows] = (dealt + rng.permutation(different)[which.ravel()]) % FOLDS
            dealt += different
    return result


def read_right(model: MLP, data: Dataset) -> np.ndarray:
    """Return which of the labelled images `model` reads right, (n,) bool."""
    right: np.ndarray = logits_of(model, data.images).argmax(axis=1) == require_labels(data)
    return right


def _rows(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return the drawings of a batch: each of them COPIES times, or as many different ones as it holds."""
    return np.tile(np.arange(n), COPIES) if n * COPIES <= MOST else rng.permutation(n)[:MOST]
