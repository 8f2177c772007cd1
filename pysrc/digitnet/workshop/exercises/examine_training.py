"""The checks of the training loop. A stand-in for the network notes which samples it is given, and learns nothing."""

import math
import traceback
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from digitnet.dataset import Dataset
from digitnet.workshop.exercises.expect import Slip, close, fail, number
from digitnet.workshop.lesson import Lesson

MOST_STEPS = 60


def numbered(n: int) -> Dataset:
    """Return n images, each with its own number in its first two pixels; all are zeros by label."""
    images = np.zeros((n, 784), np.uint8)
    images[:, 0], images[:, 1] = np.arange(n) % 256, np.arange(n) // 256
    return Dataset(images, np.zeros(n, int))


class Notebook:
    """Stands in for a network: the loss of a batch is the mean of its images' numbers, and so is its gradient.

    batches: the numbers of the images in each. looks: validation losses, one after another, where it is asked for one.
    """

    sizes = (784, 10)
    dtype = np.dtype(np.float32)

    def __init__(self, looks: tuple[float, ...] = ()) -> None:
        """Begin with an empty list."""
        self.params = [np.zeros(1)]
        self.batches: list[list[int]] = []
        self.looks = iter(looks)

    def forward(self, X: np.ndarray) -> list[np.ndarray]:
        """Return logits by which the right class 0 has the loss that is next; of training images, nothing special."""
        logits = np.zeros((len(X), 10), np.float32)
        if len(X) and X[0, 2]:  # a validation image
            logits[:, 0] = math.log(9 / math.expm1(next(self.looks)))
        return [X, logits]

    def loss_and_grads(self, X: np.ndarray, *_: object) -> tuple[float, list[np.ndarray]]:
        """Note the batch."""
        numbers = np.rint(X[:, 0] * 255 + X[:, 1] * 255 * 256).astype(int)
        self.batches.append(numbers.tolist())
        mean = float(numbers.mean()) if len(numbers) else math.nan
        return mean, [np.array([mean])]


def _run(
    lesson: Lesson, notebook: Notebook, data: Dataset, looks_at: Dataset | None = None, **config: Any
) -> list[Any]:
    """Return every Progress of a run."""
    settings = lesson.training.TrainConfig(**{"optimizer": "sgd", "lr": 0.001, **config})
    steps: list[Any] = []
    for progress in _in_batches(lesson.training.Training(notebook, data, settings, looks_at)):
        steps += [progress] if progress is not None else []
        if len(steps) > MOST_STEPS:
            if notebook.batches[0] == notebook.batches[1]:
                fail("Every step takes the same images: begin where the last batch ended, at epoch.samples.")
            fail(
                f"After {MOST_STEPS} steps the run has not ended. An epoch is over when epoch.samples is {len(data)}, "
                "the number of images: does every batch take only what is left, and is it counted?"
            )
    return steps


def _in_batches(training: Any) -> Iterator[Any]:
    """Run it; a batch without images is said as such."""
    try:
        yield from training.run()
    except IndexError as error:
        (*_, (frame, _)) = traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_name != "_step":
            raise
        fail(
            f"Step {training.step + 1} has a batch without images: a batch begins at epoch.samples, has batch_size "
            "images, and an epoch is over as soon as it has had all."
        )


def _epochs(steps: list[Any], notebook: Notebook) -> list[tuple[list[list[int]], list[Any]]]:
    """Divide batches and steps into epochs."""
    epochs: list[tuple[list[list[int]], list[Any]]] = [([], [])]
    for batch, step in zip(notebook.batches, steps, strict=True):
        epochs[-1][0].append(batch)
        epochs[-1][1].append(step)
        if step.epoch_end:
            epochs.append(([], []))
    return [epoch for epoch in epochs if epoch[0]]


def batches(lesson: Lesson) -> None:
    """Every image once an epoch, in a new order, cut into batches of which the last may be short."""
    n, size = 60, 8
    notebook = Notebook()
    epochs = _epochs(_run(lesson, notebook, numbered(n), epochs=3, batch_size=size), notebook)
    if len(epochs) != 3:
        fail(f"A run of 3 epochs has {len(epochs)}.")
    for number_of, (lists, steps) in enumerate(epochs, 1):
        _sizes(lists, n, size, number_of)
        _every_image(lists, n, number_of)
        _order(lists, size)
        _means(lists, steps, number_of)
    if epochs[0][0] == epochs[1][0]:
        fail("The second epoch has the images in the same order as the first: draw a new order for every epoch.")
    whole = Notebook()
    steps = _run(lesson, whole, numbered(20), epochs=1, batch_size=None)
    if [len(batch) for batch in whole.batches] != [20]:
        fail(f"With batch_size None, 20 images make batches of {[len(b) for b in whole.batches]}, expected one of 20.")


def _sizes(lists: list[list[int]], n: int, size: int, epoch: int) -> None:
    sizes = [len(batch) for batch in lists]
    right = [size] * (n // size) + [n % size]
    if sizes == right:
        return
    text = f"{n} images in batches of {size} give the sizes {sizes} in epoch {epoch}, expected {right}"
    if sizes == right[:-1]:
        fail(f"{text}: the short last batch is dropped, and {n % size} images with it.")
    if sizes == [n]:
        fail(f"{text}: a step still takes all images at once. Take batch_size of them from the place reached.")
    if len(sizes) == len(right) and sizes[-1] == size:
        fail(f"{text}: the last batch is filled up. It may be short.")
    if sum(sizes) < n:
        fail(f"{text}: the epoch ends before every image has come.")
    fail(f"{text}: a batch begins where the last one ended, and epoch.samples counts the images so far.")


def _every_image(lists: list[list[int]], n: int, epoch: int) -> None:
    seen = [image for batch in lists for image in batch]
    missing = sorted(set(range(n)) - set(seen))
    if missing:
        fail(
            f"In epoch {epoch}, {len(missing)} of {n} images never come, the first is number {missing[0]}; "
            f"{len(seen) - len(set(seen))} come twice: every epoch has every image once."
        )


def _order(lists: list[list[int]], size: int) -> None:
    pairs = [(a, b) for batch in lists for a, b in pairwise(batch)]
    together = sum(abs(a - b) == 1 for a, b in pairs)
    if together > len(pairs) / 3:
        first = [batch[0] for batch in lists]
        if first == sorted(first):
            fail(f"The images come as they lie in the data set ({lists[0][:4]}, …): their order is to be shuffled.")
        fail(
            f"Neighbours in the data set stay together: of {len(pairs)} pairs within batches, {together} are "
            "neighbours. The order of the batches is shuffled, not that of the images."
        )


def _means(lists: list[list[int]], steps: list[Any], epoch: int) -> None:
    """Progress holds means over the epoch so far, each batch weighted by its size."""
    seen: list[int] = []
    batch_means = []
    for batch, step in zip(lists, steps, strict=True):
        seen += batch
        batch_means.append(np.mean(batch))
        title = f"In epoch {epoch}, after {len(seen)} of 60 images,"
        if step.samples != len(seen):
            fail(f"{title} Progress.samples is {step.samples}: it counts the images of this epoch so far.")
        slips: list[Slip] = [
            (float(np.mean(batch_means)), "batches count alike, though the last is short: weight each by its size."),
            (float(np.sum(batch_means)) * 8 / len(seen), "the short batch has the weight of a full one. Weight it by "
             "its size."),
            (float(np.sum(batch_means)) / len(seen), "each loss is the mean of a batch: multiply it by the size."),
            (float(batch_means[-1]), "that is the last batch's alone."),
        ]  # fmt: skip
        close(f"{title} Progress.loss", step.loss, float(np.mean(seen)), slips)


def chunks(lesson: Lesson) -> None:
    """A batch of 600 in chunks has the loss and the gradient of one of 600."""
    notebook, n = Notebook(), 600
    steps = _run(lesson, notebook, numbered(n), epochs=1, batch_size=None, lr=1.0)
    if len(steps) != 1:
        fail(f"A full batch of {n} images takes {len(steps)} steps, expected 1.")
    means, sizes = [np.mean(c) for c in notebook.batches], [len(c) for c in notebook.batches]
    if sum(sizes) != n:
        fail(f"Chunks of {sizes} images make up a batch of {n}: some are missing.")
    alike = float(np.mean(means))
    for name, found in (("loss", steps[0].loss), ("gradient", -notebook.params[0][0])):
        close(
            f"With {n} images in chunks of {sizes}, the batch's {name}", found, (n - 1) / 2,
            [
                (alike, "every chunk counts alike. Weight each by its share of the batch: the last has fewer images."),
                (float(np.sum(means)), "the chunks' means are added up. Weight each by its share of the batch."),
                (float(means[0]), "that is the first chunk's alone."),
                (float(np.dot(means, sizes)), "the sum over all images. Divide by their number."),
                (float(means[0] + np.dot(means[1:], sizes[1:]) / n), "the first chunk has its share to get too."),
            ],
            meaning="each chunk's mean counts by its share of the batch",
        )  # fmt: skip


STOPS: list[tuple[tuple[float, ...], int, int, str]] = [
    ((0.9, 0.8, 0.85, 0.7, 0.75, 0.72, 0.6, 0.5, 0.4, 0.3), 2, 6,
     "the fifth and sixth look are not below the lowest so far, 0.7."),
    ((0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8), 3, 5, "an equal loss is no lower one."),
    ((0.9, 1.0, 1.1, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2), 3, 10,
     "the looks without a lower loss are counted from the last lowest one on, so two of them do not stop it."),
    ((0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8), 0, 10, "patience 0 means never."),
    ((0.9, 1.0, 0.8, 0.9, 0.7, 0.8, 0.6, 0.7, 0.5, 0.6), 2, 10,
     "after each lower loss the count begins anew."),
    ((0.5, 0.9, 0.8, 0.7, 0.6, 0.55, 0.52, 0.51, 0.505, 0.501), 4, 5,
     "falling is not enough: it must be below the lowest of all looks, not below the last one."),
]  # fmt: skip


def early_stopping(lesson: Lesson) -> None:
    """The run ends after `patience` looks without a lower validation loss."""
    validation = numbered(2)
    validation.images[:, 2] = 255
    for losses, patience, right, reason in STOPS:
        notebook = Notebook(losses)
        steps = _run(
            lesson, notebook, numbered(3), validation, epochs=len(losses), batch_size=None, patience=patience
        )  # fmt: skip
        if len(steps) != right:
            row = ", ".join(f"{loss:g}" for loss in losses[: max(right, len(steps))])
            fail(
                f"With patience {patience} and validation losses {row} it ends after epoch {len(steps)}, expected "
                f"{right}: {reason}"
            )


def learning_rate(lesson: Lesson) -> None:
    """A half cosine from lr to 0; a constant one stays."""
    for schedule in ("constant", "cosine"):
        config = lesson.training.TrainConfig(optimizer="sgd", lr=0.4, schedule=schedule)
        training = lesson.training.Training(Notebook(), numbered(3), config)
        for position in (0.0, 0.25, 0.5, 1.0):
            training.position = position
            found = number("The learning rate", training.learning_rate())
            c, at = math.cos(math.pi * position), f"With {schedule}, at {position:g} of the run, the learning rate"
            if schedule == "constant":
                close(at, found, 0.4, meaning="a constant one stays as it is")
                continue
            close(
                at, found, 0.4 * (1 + c) / 2,
                [
                    (0.4, "it does not fall yet."), (0.4 * (1 - position), "that is a straight line."),
                    (0.4 * c, "it becomes negative: lift the cosine by 1 and halve it."),
                    (0.4 * (1 + c), "the half is missing: (1 + cos) / 2 lies between 0 and 1."),
                    (0.4 * (1 + math.cos(2 * math.pi * position)) / 2, "a whole wave. It is half a one: π, not 2π."),
                    (0.4 * (1 - c) / 2, "it rises from 0."),
                ],
                meaning="lr (1 + cos(π · position)) / 2",
                tol=1e-9,
            )  # fmt: skip
