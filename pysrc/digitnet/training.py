"""The training loop: samples shuffled, cut into batches, one gradient step a batch.

Full batch, mini-batch and one-sample training are the same loop with batch_size None, 64 and 1.
"""

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from digitnet.augmentation import random_shift, shifted
from digitnet.dataset import Dataset, require_labels
from digitnet.evaluation import CHUNK, Evaluation, evaluating
from digitnet.losses import one_hot
from digitnet.network import MLP, require_known
from digitnet.ops import scale_pixels
from digitnet.optimizers import OPTIMIZERS

SCHEDULES = ("constant", "cosine")


class DivergedError(ArithmeticError):
    """The loss is no longer a finite number."""


@dataclass(frozen=True)
class TrainConfig:
    """Everything that the loop reads; a value out of range raises ValueError.

    epochs: passes over the data. batch_size: samples a step, None for all. optimizer: sgd, momentum or adam.
    lr: learning rate. l2: strength of ½ l2 ΣW². seed: of the order of samples. schedule: constant, or cosine
    (from lr to 0 over the run; Loshchilov & Hutter, 2017, without restarts). shift: move each batch at random by
    up to so many pixels. evaluate_every: epochs between looks at the validation data. patience: stop early after so
    many looks without a lower validation loss, 0 for never.
    """

    epochs: int = 10
    batch_size: int | None = 64
    optimizer: str = "adam"
    lr: float = 0.001
    l2: float = 0.0
    seed: int = 0
    schedule: str = "constant"
    shift: int = 0
    evaluate_every: int = 1
    patience: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot work, in a sentence."""
        _require_integer("Epochs", self.epochs, 1, 100_000)
        if self.batch_size is not None:
            _require_integer("The batch size", self.batch_size, 1, 1_000_000)
        _require_integer("The seed", self.seed, 0, 2**32 - 1)
        _require_integer("The shift", self.shift, 0, 4)
        _require_integer("Epochs between tests", self.evaluate_every, 1, 100_000)
        _require_integer("The patience", self.patience, 0, 100_000)
        if not (_is_number(self.lr) and 0 < self.lr <= 100):  # also False for NaN
            raise ValueError(f"The learning rate must be a number above 0 and at most 100; got {self.lr!r}.")
        if not (_is_number(self.l2) and 0 <= self.l2 <= 10):
            raise ValueError(f"L2 must be a number from 0 to 10; got {self.l2!r}.")
        require_known("optimizer", self.optimizer, OPTIMIZERS)
        require_known("schedule", self.schedule, dict.fromkeys(SCHEDULES))


class Progress(NamedTuple):
    """Where training stands after a step.

    epoch: the epoch that this step belongs to, from 0. step: steps taken so far. loss and train_accuracy: means
    over this epoch's samples so far (how many: samples), each batch weighted by its size. val_accuracy: over the
    validation set at the end of an epoch in which it was looked at, else None. batch_loss, batch_correct,
    batch_size: this step alone.
    """

    epoch: int
    step: int
    loss: float
    train_accuracy: float
    val_accuracy: float | None
    epoch_end: bool
    batch_loss: float
    batch_correct: int
    batch_size: int
    samples: int
    lr: float


@dataclass
class Epoch:
    """One pass over the data, in progress: the order of its samples, and the sums over those that it has had."""

    order: np.ndarray
    samples: int = 0
    loss: float = 0.0
    correct: int = 0


class Training:
    """A run in progress. `config` may be replaced at any time; the loop reads it at every step.

    A new learning rate scales the schedule, a new batch size or L2 holds from the next step on, a new optimizer
    starts with fresh state; the place in the epoch and everything else stay.
    """

    def __init__(self, model: MLP, data: Dataset, config: TrainConfig, validation: Dataset | None = None) -> None:
        """Prepare to train `model` in place on `data` (labelled, at least one sample)."""
        self.model, self.data, self.config, self.validation = model, data, config, validation
        self.labels = require_labels(data)
        self.targets = one_hot(self.labels, model.sizes[-1], model.dtype)
        self.epoch = self.step = 0
        self.position = 0.0  # in this run of `config.epochs` epochs, from 0 to 1
        self.pass_in_progress: Epoch | None = None
        self.evaluation: Evaluation | None = None  # the last one of the validation data
        # A stream of its own: the weights are drawn from the seed too, and neither should move the other.
        self.rng = np.random.default_rng([config.seed, 1])
        self.optimizer = OPTIMIZERS[config.optimizer](config.lr)
        self._optimizer_name = config.optimizer

    def run(self, first: int | None = None) -> Generator[Progress | None]:
        """Train for `config.epochs` epochs: yield a Progress a step, and None between the chunks of a long one.

        Calling it again trains as many epochs more, with the optimizer's state and the counters going on; or, after
        an interruption, the rest of those that began with epoch `first`.
        Raises DivergedError when the loss is not finite.
        """
        first = self.epoch if first is None else first
        lowest, looks = math.inf, 0  # of the validation loss, and looks at it since
        while self.epoch < first + self.config.epochs:  # fewer may be asked for meanwhile
            epoch = self.pass_in_progress = self.pass_in_progress or Epoch(self.rng.permutation(len(self.data)))
            self.position = (self.epoch - first + epoch.samples / len(self.data)) / self.config.epochs
            rows = epoch.order[epoch.samples :][: self.config.batch_size]  # the last batch may be short
            loss, correct = yield from self._step(rows)
            epoch.samples += len(rows)
            epoch.loss += loss * len(rows)
            epoch.correct += correct
            number, is_over, evaluation = self.epoch, epoch.samples == len(self.data), None
            if is_over:
                self.epoch, self.pass_in_progress = self.epoch + 1, None
                evaluation = yield from self._look_when_due(first)
            yield Progress(
                number, self.step, epoch.loss / epoch.samples, epoch.correct / epoch.samples,
                evaluation and evaluation.accuracy, is_over, loss, correct, len(rows), epoch.samples, self.optimizer.lr,
            )  # fmt: skip
            if evaluation is not None:
                looks = 0 if evaluation.loss < lowest else looks + 1
                lowest = min(lowest, evaluation.loss)
                if 0 < self.config.patience <= looks:
                    return

    def learning_rate(self) -> float:
        """Return the rate at this place in the run."""
        if self.config.schedule == "cosine":
            return self.config.lr * (1 + math.cos(math.pi * min(self.position, 1.0))) / 2
        return self.config.lr

    def _look_when_due(self, first: int) -> Generator[None, None, Evaluation | None]:
        """Evaluate the validation data every so many epochs and after the last one."""
        is_last = self.epoch >= first + self.config.epochs
        if self.validation is None or not (is_last or self.epoch % self.config.evaluate_every == 0):
            return None
        self.evaluation = yield from evaluating(self.model, self.validation)
        return self.evaluation

    def _step(self, rows: np.ndarray) -> Generator[None, None, tuple[float, int]]:
        """Take one gradient step on the samples in `rows`; return their mean loss and how many were read correctly."""
        if self.config.optimizer != self._optimizer_name:
            self._optimizer_name = self.config.optimizer
            self.optimizer = OPTIMIZERS[self._optimizer_name](self.config.lr)
        shift = random_shift(self.config.shift, self.rng) if self.config.shift else (0, 0)
        # A large batch is done in chunks whose gradients are summed, between which the host can do other things.
        chunks = [rows[i : i + CHUNK] for i in range(0, len(rows), CHUNK)]
        loss, correct, grads = self._gradient(chunks[0], shift)
        if len(chunks) > 1:
            loss, correct, grads = yield from self._add_chunks(chunks, shift, loss, correct, grads)
        if not math.isfinite(loss):
            raise DivergedError(
                f"The loss is no longer a finite number: training has diverged at step {self.step + 1}. "
                f"Lower the learning rate ({self.config.lr:g} now), then reset."
            )
        self.optimizer.lr = self.learning_rate()
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges: said above, at the next step
            self.optimizer.step(self.model.params, grads)
        self.step += 1
        return loss, correct

    @np.errstate(over="ignore", invalid="ignore")
    def _gradient(self, rows: np.ndarray, shift: tuple[int, int]) -> tuple[float, int, list[np.ndarray]]:
        """Return the mean loss of the samples in `rows`, how many were read correctly, and the gradients."""
        images = self.data.images[rows]
        if any(shift):
            images = shifted(images, *shift)
        X, Y = scale_pixels(images, self.model.dtype), self.targets[rows]
        activations = self.model.forward(X)
        loss, grads = self.model.loss_and_grads(X, Y, self.config.l2, activations)
        return loss, count_correct(activations[-1], self.labels[rows]), grads

    def _add_chunks(
        self, chunks: list[np.ndarray], shift: tuple[int, int], loss: float, correct: int, grads: list[np.ndarray]
    ) -> Generator[None, None, tuple[float, int, list[np.ndarray]]]:
        """Add the other chunks to the first one's results, each mean weighted by its share of the batch."""
        n = sum(map(len, chunks))
        share = len(chunks[0]) / n
        loss *= share
        for grad in grads:
            grad *= share
        for rows in chunks[1:]:
            yield
            chunk_loss, chunk_correct, chunk_grads = self._gradient(rows, shift)
            share = len(rows) / n
            loss += share * chunk_loss
            correct += chunk_correct
            for grad, more in zip(grads, chunk_grads, strict=True):
                grad += share * more
        yield
        return loss, correct, grads


def train(model: MLP, data: Dataset, config: TrainConfig, validation: Dataset | None = None) -> Iterator[Progress]:
    """Train `model` in place, yielding after every step; nothing happens until the iterator is asked."""
    return (progress for progress in Training(model, data, config, validation).run() if progress is not None)


def count_correct(logits: np.ndarray, labels: np.ndarray) -> int:
    """Return how many rows of `logits` (n, k) have their maximum at the label."""
    return int(np.count_nonzero(logits.argmax(axis=1) == labels))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _require_integer(what: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{what} must be a whole number from {low:,} to {high:,}; got {value!r}.")
