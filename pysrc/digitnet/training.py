"""The training loop: samples shuffled, cut into batches, one gradient step a batch.

Full batch, mini-batch and one-sample training are the same loop with batch_size None, 64 and 1.
"""

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from digitnet.augmentation import Change, random_change
from digitnet.config import WARMUP, TrainConfig
from digitnet.dataset import Dataset, require_labels
from digitnet.evaluation import CHUNK, Evaluation, evaluating
from digitnet.losses import one_hot
from digitnet.network import MLP
from digitnet.ops import scale_pixels
from digitnet.optimizers import OPTIMIZERS, WeightAverage
from digitnet.styles import drawing_styles


class DivergedError(ArithmeticError):
    """The loss is no longer a finite number."""


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
        self.images, self.styles = data.images, 0.0  # those that are trained on, and the share of them in other styles
        self.rows = np.zeros(0, np.intp)  # of the latest batch, or of its last chunk
        self.seen = data.images[:0]  # the same, as the network saw them
        self.targets = one_hot(self.labels, model.sizes[-1], model.dtype)
        self.epoch = self.step = 0
        self.position = 0.0  # in this run of `config.epochs` epochs, from 0 to 1
        self.pass_in_progress: Epoch | None = None
        self.evaluation: Evaluation | None = None  # the last one of the validation data
        # A stream of its own: the weights are drawn from the seed too, and neither should move the other.
        self.rng = np.random.default_rng([config.seed, 1])
        self.optimizer = OPTIMIZERS[config.optimizer](config.lr)
        self._optimizer_name = config.optimizer
        self.average: WeightAverage | None = None

    def run(self, first: int | None = None) -> Generator[Progress | None]:
        """Train for `config.epochs` epochs: yield a Progress a step, and None between the chunks of a long one.

        Calling it again trains as many epochs more, with the optimizer's state and the counters going on; or, after
        an interruption, the rest of those that began with epoch `first`.
        Raises DivergedError when the loss is not finite.
        """
        first = self.epoch if first is None else first
        lowest, looks = math.inf, 0  # of the validation loss, and looks at it since
        while self.epoch < first + self.config.epochs:  # fewer may be asked for meanwhile
            yield from self._draw_styles()
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
        if self.config.schedule == "warmup_cosine":
            batch = min(self.config.batch_size or len(self.data), len(self.data))
            return self.config.lr * warmup_cosine(self.position, batch / len(self.data) / self.config.epochs)
        if self.config.schedule == "cosine":
            return self.config.lr * (1 + math.cos(math.pi * min(self.position, 1.0))) / 2
        return self.config.lr

    @property
    def result(self) -> MLP:
        """The network to test, use and save: that of the averaged weights where an average is kept, else `model`."""
        if self.average is None:
            return self.model
        return self.model.from_params(self.average.params, self.model.activation, self.model.init)

    def _draw_styles(self) -> Generator[None]:
        """Write as many images as the settings ask for in other styles, unless that is done; `data` stays as it is."""
        if self.styles != self.config.styles:
            rng = np.random.default_rng([self.config.seed, 3])
            self.images = yield from drawing_styles(self.data, self.config.styles, rng)
            self.styles = self.config.styles

    def _look_when_due(self, first: int) -> Generator[None, None, Evaluation | None]:
        """Evaluate the validation data every so many epochs and after the last one."""
        is_last = self.epoch >= first + self.config.epochs
        if self.validation is None or not (is_last or self.epoch % self.config.evaluate_every == 0):
            return None
        self.evaluation = yield from evaluating(self.result, self.validation)
        return self.evaluation

    def _step(self, rows: np.ndarray) -> Generator[None, None, tuple[float, int]]:
        """Take one gradient step on the samples in `rows`; return their mean loss and how many were read correctly."""
        if self.config.optimizer != self._optimizer_name:
            self._optimizer_name = self.config.optimizer
            self.optimizer = OPTIMIZERS[self._optimizer_name](self.config.lr)
        change = random_change(self.config.shift, self.config.affine, self.rng)
        # A large batch is done in chunks whose gradients are summed, between which the host can do other things.
        chunks = [rows[i : i + CHUNK] for i in range(0, len(rows), CHUNK)]
        loss, correct, grads = self._gradient(chunks[0], change)
        if len(chunks) > 1:
            loss, correct, grads = yield from self._add_chunks(chunks, change, loss, correct, grads)
        if not math.isfinite(loss):
            raise DivergedError(
                f"The loss is no longer a finite number: training has diverged at step {self.step + 1}. "
                f"Lower the learning rate ({self.config.lr:g} now), then reset."
            )
        self.optimizer.lr = self.learning_rate()
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges: said above, at the next step
            self.optimizer.step(self.model.params, grads)
        self.step += 1
        self._average_weights()
        return loss, correct

    def _average_weights(self) -> None:
        """Keep an average of the weights where the settings ask for one; training itself goes on with the weights."""
        if not self.config.ema:
            self.average = None
        elif self.average is None:
            self.average = WeightAverage(self.model.params)
        else:
            self.average.update(self.model.params, self.config.ema)

    @np.errstate(over="ignore", invalid="ignore")
    def _gradient(self, rows: np.ndarray, change: Change) -> tuple[float, int, list[np.ndarray]]:
        """Return the mean loss of the samples in `rows`, how many were read correctly, and the gradients."""
        self.rows, self.seen = rows, change(self.images[rows])
        images = self.seen
        X, Y = scale_pixels(images, self.model.dtype), self.targets[rows]
        activations = self.model.forward(X)
        loss, grads = self.model.loss_and_grads(X, Y, self.config.l2, activations)
        return loss, count_correct(activations[-1], self.labels[rows]), grads

    def _add_chunks(
        self, chunks: list[np.ndarray], change: Change, loss: float, correct: int, grads: list[np.ndarray]
    ) -> Generator[None, None, tuple[float, int, list[np.ndarray]]]:
        """Add the other chunks to the first one's results, each mean weighted by its share of the batch."""
        n = sum(map(len, chunks))
        share = len(chunks[0]) / n
        loss *= share
        for grad in grads:
            grad *= share
        for rows in chunks[1:]:
            yield
            chunk_loss, chunk_correct, chunk_grads = self._gradient(rows, change)
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


def warmup_cosine(position: float, step: float) -> float:
    """Return the share of the learning rate at a position in the run, from 0 to 1, for a step that is so long.

    It rises in a straight line over the first WARMUP of the run, while Adam's means are still few steps old, and falls
    along half a cosine after it. It is taken where a rising step ends, so that the first one is not 0.
    """
    if position < WARMUP:
        return min((position + step) / WARMUP, 1.0)
    return (1 + math.cos(math.pi * min((position - WARMUP) / (1 - WARMUP), 1.0))) / 2


def count_correct(logits: np.ndarray, labels: np.ndarray) -> int:
    """Return how many rows of `logits` (n, k) have their maximum at the label."""
    return int(np.count_nonzero(logits.argmax(axis=1) == labels))
