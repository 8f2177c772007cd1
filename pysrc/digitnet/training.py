"""The training loop: samples shuffled, cut into batches, one gradient step a batch.

Full batch, mini-batch and one-sample training are the same loop with batch_size None, 64 and 1.
"""

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from digitnet.dataset import SIDE, Dataset
from digitnet.losses import one_hot, softmax, softmax_cross_entropy
from digitnet.metrics import accuracy
from digitnet.network import MLP
from digitnet.optimizers import OPTIMIZERS

# A long step is done in chunks of this many samples whose gradients are summed: the host can breathe between
# them, and only one chunk at a time exists as floats.
CHUNK = 256
SCHEDULES = ("constant", "cosine")


class DivergedError(ArithmeticError):
    """The loss is no longer a finite number."""


@dataclass(frozen=True)
class TrainConfig:
    """Everything that the loop reads; a value out of range raises ValueError.

    epochs: passes over the data. batch_size: samples a step, None for all. optimizer: sgd, momentum or adam.
    lr: learning rate. l2: strength of ½ l2 ΣW². seed: of the order of samples. schedule: constant, or cosine
    (from lr to 0 over the run; Loshchilov & Hutter, 2017, without restarts). shift: move each batch at random by
    up to so many pixels, so that the place of a digit matters less.
    """

    epochs: int = 10
    batch_size: int | None = 64
    optimizer: str = "adam"
    lr: float = 0.001
    l2: float = 0.0
    seed: int = 0
    schedule: str = "constant"
    shift: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot work, in a sentence."""
        _require_integer("Epochs", self.epochs, 1, 100_000)
        if self.batch_size is not None:
            _require_integer("The batch size", self.batch_size, 1, 1_000_000)
        _require_integer("The seed", self.seed, 0, 2**32 - 1)
        _require_integer("The shift", self.shift, 0, 4)
        if not (_is_number(self.lr) and 0 < self.lr <= 100):  # also False for NaN
            raise ValueError(f"The learning rate must be a number above 0 and at most 100; got {self.lr!r}.")
        if not (_is_number(self.l2) and 0 <= self.l2 <= 10):
            raise ValueError(f"L2 must be a number from 0 to 10; got {self.l2!r}.")
        for what, name, known in (
            ("optimizer", self.optimizer, tuple(OPTIMIZERS)),
            ("schedule", self.schedule, SCHEDULES),
        ):
            if name not in known:
                raise ValueError(f"There is no {what} called {name!r}; choose one of {', '.join(known)}.")


class Progress(NamedTuple):
    """Where training stands after a step.

    epoch: the epoch that this step belongs to, from 0. step: steps taken so far. loss and train_accuracy: means
    over this epoch's samples so far (how many: samples), each batch weighted by its size. val_accuracy: over the
    validation set at the end of an epoch, else None. batch_loss, batch_correct, batch_size: this step alone.
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
        # A stream of its own: the weights are drawn from the seed too, and neither should move the other.
        self.rng = np.random.default_rng([config.seed, 1])
        self.optimizer = OPTIMIZERS[config.optimizer](config.lr)
        self._optimizer_name = config.optimizer
        self._sums: list[np.ndarray] = []
        self._pixels = np.empty((0, model.sizes[0]), model.dtype)

    def run(self) -> Generator[Progress | None]:
        """Train for `config.epochs` epochs: yield a Progress a step, and None between the chunks of a long one.

        Calling it again trains as many epochs more, with the optimizer's state and the counters going on.
        Raises DivergedError when the loss is not finite.
        """
        first, n = self.epoch, len(self.data)
        while self.epoch < first + self.config.epochs:
            epoch, order = self.epoch, self.rng.permutation(n)
            start, loss, correct = 0, 0.0, 0
            while start < n:
                self.position = (epoch - first + start / n) / self.config.epochs
                rows = order[start : start + (self.config.batch_size or n)]  # the last batch may be short
                batch_loss, batch_correct = yield from self._step(rows)
                start += len(rows)
                loss += batch_loss * len(rows)
                correct += batch_correct
                val_accuracy = None
                if start == n:
                    self.epoch += 1
                    if self.validation is not None:
                        val_accuracy = (yield from evaluating(self.model, self.validation)).accuracy
                yield Progress(
                    epoch, self.step, loss / start, correct / start, val_accuracy, start == n,
                    batch_loss, batch_correct, len(rows), start, self.optimizer.lr,
                )  # fmt: skip

    def learning_rate(self) -> float:
        """Return the rate at this place in the run."""
        if self.config.schedule == "cosine":
            return self.config.lr * (1 + math.cos(math.pi * min(self.position, 1.0))) / 2
        return self.config.lr

    def _step(self, rows: np.ndarray) -> Generator[None, None, tuple[float, int]]:
        """Take one gradient step on the samples in `rows`; return their mean loss and how many were read right."""
        if self.config.optimizer != self._optimizer_name:
            self._optimizer_name = self.config.optimizer
            self.optimizer = OPTIMIZERS[self._optimizer_name](self.config.lr)
        chunks = [rows[i : i + CHUNK] for i in range(0, len(rows), CHUNK)]
        if len(chunks) == 1:
            loss, correct, grads = self._gradient(rows)
        else:
            loss, correct, grads = yield from self._chunked_gradient(chunks, len(rows))
        if not math.isfinite(loss):
            raise DivergedError(
                f"The loss is no longer a finite number: training has diverged at step {self.step + 1}. "
                f"Lower the learning rate ({self.config.lr:g} now), then reset."
            )
        self._update(grads)
        self.step += 1
        return loss, correct

    # A run that diverges overflows before its loss says so; that is handled above, not worth a warning each.
    @np.errstate(over="ignore", invalid="ignore")
    def _gradient(self, rows: np.ndarray) -> tuple[float, int, list[np.ndarray]]:
        if len(self._pixels) < len(rows):
            self._pixels = np.empty((len(rows), self.model.sizes[0]), self.model.dtype)
        images = self.data.images[rows]
        if self.config.shift:
            down, right = self.rng.integers(-self.config.shift, self.config.shift, 2, endpoint=True)
            images = shifted(images, int(down), int(right))
        X = scale_pixels(images, out=self._pixels[: len(rows)])
        Y = self.targets[rows]
        loss, grads = self.model.loss_and_grads(X, Y, self.config.l2)
        return loss, count_correct(self.model.logits, self.labels[rows]), grads

    @np.errstate(over="ignore", invalid="ignore")
    def _update(self, grads: list[np.ndarray]) -> None:
        self.optimizer.lr = self.learning_rate()
        self.optimizer.step(self.model.params, grads)

    def _chunked_gradient(
        self, chunks: list[np.ndarray], n: int
    ) -> Generator[None, None, tuple[float, int, list[np.ndarray]]]:
        """Sum the chunks' mean gradients, each weighted by its share of the n samples."""
        self._sums = self._sums or [np.empty_like(param) for param in self.model.params]
        for total in self._sums:
            total.fill(0)
        loss, correct = 0.0, 0
        for rows in chunks:
            chunk_loss, chunk_correct, grads = self._gradient(rows)
            share = len(rows) / n
            loss += share * chunk_loss
            correct += chunk_correct
            for total, grad in zip(self._sums, grads, strict=True):
                grad *= share
                total += grad
            yield
        return loss, correct, self._sums


def train(model: MLP, data: Dataset, config: TrainConfig, validation: Dataset | None = None) -> Iterator[Progress]:
    """Train `model` in place, yielding after every step; nothing happens until the iterator is asked."""
    return (progress for progress in Training(model, data, config, validation).run() if progress is not None)


class Evaluation(NamedTuple):
    """How a network does on a data set: mean cross-entropy, share read right, and probabilities (n, k)."""

    loss: float
    accuracy: float
    probabilities: np.ndarray


def evaluating(model: MLP, data: Dataset) -> Generator[None, None, Evaluation]:
    """Evaluate `model` on labelled `data`, yielding between chunks so that a host can breathe."""
    labels = require_labels(data)
    logits = np.empty((len(data), model.sizes[-1]), model.dtype)
    for start in range(0, len(data), CHUNK):
        rows = slice(start, start + CHUNK)
        logits[rows] = _logits(model, data.images[rows])
        yield
    return _evaluation(logits, labels)


# A network that has diverged may still be looked at; its overflows are no news.
@np.errstate(over="ignore", invalid="ignore")
def _logits(model: MLP, images: np.ndarray) -> np.ndarray:
    return model.forward(scale_pixels(images, dtype=model.dtype))[-1]


@np.errstate(over="ignore", invalid="ignore")
def _evaluation(logits: np.ndarray, labels: np.ndarray) -> Evaluation:
    loss, _ = softmax_cross_entropy(logits, one_hot(labels, logits.shape[1], logits.dtype))
    probabilities = softmax(logits)
    return Evaluation(loss, accuracy(labels, probabilities.argmax(axis=1)), probabilities)


def evaluate(model: MLP, data: Dataset) -> Evaluation:
    """Evaluate `model` on labelled `data` in one go."""
    chunks = evaluating(model, data)
    while True:
        try:
            next(chunks)
        except StopIteration as end:
            return end.value


def predict_images(model: MLP, data: Dataset) -> np.ndarray:
    """Return what `model` reads in each image, (n,) integers; labels are not needed."""
    starts = range(0, len(data), CHUNK)
    return np.concatenate([_logits(model, data.images[i : i + CHUNK]).argmax(axis=1) for i in starts])


def shifted(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """Return images (n, 784) moved by some pixels; what leaves on one side comes back on the other.

    In MNIST that is paper: a digit keeps four pixels from the edge.
    """
    return np.roll(images, SIDE * down + right, axis=1)


def scale_pixels(images: np.ndarray, out: np.ndarray | None = None, dtype: type | np.dtype = np.float32) -> np.ndarray:
    """Return uint8 pixels as floats from 0 to 1: the network's input is always the pixel divided by 255."""
    if out is None:
        out = np.empty(images.shape, dtype)
    return scale(images, 1 / 255, out)


def numpy_scale(pixels: np.ndarray, factor: float, out: np.ndarray) -> np.ndarray:
    """Write pixels · factor to `out` and return it."""
    return np.multiply(pixels, out.dtype.type(factor), out=out)


# A host's kernel may do the same much quicker, and then stands here.
scale: Callable[[np.ndarray, float, np.ndarray], np.ndarray] = numpy_scale


def count_correct(logits: np.ndarray, labels: np.ndarray) -> int:
    """Return how many rows of `logits` (n, k) have their maximum at the label."""
    return int(np.count_nonzero(logits.argmax(axis=1) == labels))


def require_labels(data: Dataset) -> np.ndarray:
    """Return the labels (n,) of a data set that has at least one image, or raise ValueError."""
    if data.labels is None or len(data) == 0:
        raise ValueError("Training and evaluation need at least one image, with labels.")
    return data.labels


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _require_integer(what: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{what} must be a whole number from {low:,} to {high:,}; got {value!r}.")
