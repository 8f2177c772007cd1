"""The one object that the page's worker drives: settings, a run, predictions and views, all as plain data.

It knows nothing of browsers and holds no mathematics of its own; tests drive it natively.
"""

import importlib
import inspect
import io
import textwrap
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from digitnet import storage
from digitnet.activations import ACTIVATIONS
from digitnet.datasets import Dataset, arrange, concatenate, idx_dataset, load_idx
from digitnet.initializers import INITIALIZERS
from digitnet.inspection import pixel_deviation, strongest_connections, weight_tiles
from digitnet.losses import softmax
from digitnet.metrics import confusion_matrix, per_class_accuracy, precision, prediction_distribution
from digitnet.network import MLP
from digitnet.optimizers import OPTIMIZERS
from digitnet.preprocess import preprocess_digit
from digitnet.recipes import DATA_SIZES, DEFAULT_RECIPE, OWN_DATA, RECIPES, Settings, recipe_named
from digitnet.training import (
    SCHEDULES,
    DivergedError,
    Evaluation,
    Progress,
    Training,
    evaluate,
    evaluating,
    scale_pixels,
)

Plain = dict[str, Any]

# A change of one of these is a new network; the others take effect at the next step.
NEW_NETWORK = ("data_size", "layers", "activation", "initializer", "seed")
N_CLASSES = 10


class Session:
    """One visitor's network, data and run. Every method returns dicts, lists, numbers and arrays.

    Add data, call start(), then configure, step, advance and predict in any order. A method that raises leaves
    everything as it was.
    """

    def __init__(self) -> None:
        """Start with the first recipe's settings and no data."""
        self.recipe = RECIPES[DEFAULT_RECIPE]
        self.settings = self.recipe.page_settings()
        self.class_names = [str(digit) for digit in range(N_CLASSES)]
        self._mnist: dict[str, Dataset] = {}

    # ---- data and settings ----

    def add_data(self, part: str, images: bytes, labels: bytes) -> None:
        """Take IDX files, gzipped or not: part "train" (the first 10,000), "rest" (the other 50,000) or "test"."""
        dataset = idx_dataset(load_idx(images), load_idx(labels))
        if part == "rest":
            part, dataset = "train", concatenate(self._mnist["train"], dataset)
        self._mnist[part] = dataset

    def start(self) -> Plain:
        """Make the first network; return describe()."""
        self._begin(self.settings)
        return self.describe()

    def describe(self) -> Plain:
        """Return settings, recipes, choices and progress: all that the page needs to show its controls."""
        return {
            "settings": self._plain_settings(),
            "recipes": [
                {
                    "name": recipe.name, "title": recipe.title, "about": recipe.about, "claim": recipe.claim,
                    "goal": recipe.goal, "settings": recipe.page_settings().plain(),
                }
                for recipe in RECIPES.values()
            ],
            "choices": {
                "data_size": list(DATA_SIZES), "activation": list(ACTIVATIONS), "initializer": list(INITIALIZERS),
                "optimizer": list(OPTIMIZERS), "schedule": list(SCHEDULES),
            },
            "training_available": len(self._mnist["train"]),
            "sizes": list(self.model.sizes),
            "class_names": self.class_names,
            "progress": self.progress(),
        }  # fmt: skip

    def configure(self, changes: Plain) -> Plain:
        """Change settings, the recipe first and the others on top; ValueError leaves everything as it was.

        Returns settings, whether a new network was started, a notice for the visitor, sizes and progress.
        """
        changes = dict(changes)
        recipe, base = self.recipe, self.settings
        if name := changes.pop("recipe", None):
            recipe = recipe_named(name)
            base = recipe.page_settings()
        settings = base.changed(changes)
        is_new = bool(name) or any(getattr(settings, n) != getattr(self.settings, n) for n in NEW_NETWORK)
        if is_new:
            previous, self.recipe = self.recipe, recipe
            try:
                self._begin(settings)
            except BaseException:
                self.recipe = previous
                raise
        else:
            self.settings = settings
            self.training.config = settings.config()
        return {
            "settings": self._plain_settings(),
            "new_network": is_new,
            "notice": self._new_network_notice() if is_new else "",
            "sizes": list(self.model.sizes),
            "progress": self.progress(),
        }

    def reset(self) -> Plain:
        """Draw new weights from the seed; return progress."""
        self._begin(self.settings)
        return self.progress()

    def _begin(self, settings: Settings, model: MLP | None = None) -> None:
        """Start over with a new network (or `model`) and the images that the settings ask for."""
        if settings.data_size == OWN_DATA:
            raise ValueError("Load your own data first.")
        train, validation, test = arrange(
            self._mnist["train"], self._mnist["test"], int(settings.data_size), settings.seed,
            self.recipe.validation_share, self.recipe.extra_test,
        )  # fmt: skip
        self.model = model or settings.model()
        self.training = Training(self.model, train, settings.config(), validation)
        self.settings, self.test = settings, test
        self._deviation = pixel_deviation(train.images[:2000])
        self._work: Iterator[bool] | None = None
        self._state, self._message = "ready", ""
        self._last: Progress | None = None
        self._validation_accuracy: float | None = None
        self._evaluation: Evaluation | None = None
        self._tested_at: float | None = None
        self._samples = self._first_epoch = 0
        self._seconds = self._speed = 0.0
        self._recent: deque[tuple[float, int]] = deque()  # (seconds, samples) of the slices of the last second
        self._slice = [0, 0.0, 0]  # samples, summed loss, correct since the last report
        self._pad: list[np.ndarray] | None = None  # the activations of the digit on the pad

    def _plain_settings(self) -> Plain:
        return {"recipe": self.recipe.name, **self.settings.plain()}

    def _new_network_notice(self) -> str:
        sizes = "-".join(map(str, self.model.sizes))
        return f"A new network, {sizes}: it has not learned anything yet."

    # ---- training ----

    def advance(self, seconds: float) -> Plain:
        """Train for about so many seconds, evaluations included; return progress."""
        self._pull(time.perf_counter() + seconds, until_step=False)
        return self.progress()

    def step(self) -> Plain:
        """Take exactly one gradient step; return progress."""
        self._pull(float("inf"), until_step=True)
        return self.pause()

    def pause(self) -> Plain:
        """Say that nobody is calling advance any more; return progress."""
        if self._state == "training":
            self._state = "paused"
        return self.progress()

    def progress(self) -> Plain:
        """Return where the run stands; the figures of the slice since the last call are handed out once."""
        last, (samples, loss, correct) = self._last, self._slice
        self._slice = [0, 0.0, 0]
        config, n = self.settings, len(self.training.data)
        position = last.epoch + last.samples / n if last else 0.0
        return {
            "state": self._state,
            "message": self._message,
            "epoch": self.training.epoch,
            "epochs_target": self._first_epoch + config.epochs,
            "fraction": min((position - self._first_epoch) / config.epochs, 1.0),
            "position": position,
            "step": self.training.step,
            "samples": self._samples,
            "seconds": self._seconds,
            "train_loss": last.loss if last else None,
            "train_accuracy": last.train_accuracy if last else None,
            "slice_loss": loss / samples if samples else None,
            "slice_accuracy": correct / samples if samples else None,
            "test_loss": self._evaluation.loss if self._evaluation else None,
            "test_accuracy": self._evaluation.accuracy if self._evaluation else None,
            "tested_at": self._tested_at,
            "validation_accuracy": self._validation_accuracy,
            "samples_per_second": self._speed,
            "learning_rate": self.training.learning_rate(),
            "training_images": n,
            "test_images": len(self.test),
        }

    def _pull(self, deadline: float, until_step: bool) -> None:
        """Pull chunks of work until the deadline, the end of a step where asked, or the end of the run."""
        if self._work is None:
            self._first_epoch = self.training.epoch
            self._work = self._run()
        start, samples = time.perf_counter(), self._samples
        self._state, self._message = "training", ""
        try:
            for is_whole_step in self._work:
                if self._state == "done" or time.perf_counter() >= deadline or (until_step and is_whole_step):
                    break
        except DivergedError as error:
            self._state, self._message, self._work = "diverged", str(error), None
        if self._state == "done":
            self._work = None  # the next call trains as many epochs again
        self._measure_speed(time.perf_counter() - start, self._samples - samples)

    def _run(self) -> Iterator[bool]:
        """Yield after each chunk of work: True when it completes a step, its evaluation included."""
        for progress in self.training.run():
            if progress is None:
                yield False
                continue
            self._last = progress
            self._samples += progress.batch_size
            self._slice[0] += progress.batch_size
            self._slice[1] += progress.batch_loss * progress.batch_size
            self._slice[2] += progress.batch_correct
            if progress.epoch_end:
                self._validation_accuracy = progress.val_accuracy
                finished = self.training.epoch >= self._first_epoch + self.settings.epochs
                if finished or self.training.epoch % self.settings.evaluate_every == 0:
                    for _ in self._evaluating():
                        yield False
                if finished:
                    self._state = "done"
            yield True

    def _evaluating(self) -> Iterator[None]:
        self._evaluation = yield from evaluating(self.model, self.test)
        last = self._last
        self._tested_at = last.epoch + last.samples / len(self.training.data) if last else 0.0

    def _measure_speed(self, seconds: float, samples: int) -> None:
        self._seconds += seconds
        self._recent.append((seconds, samples))
        total = sum(s for s, _ in self._recent)
        while len(self._recent) > 1 and total - self._recent[0][0] > 1:
            total -= self._recent.popleft()[0]
        self._speed = sum(n for _, n in self._recent) / total if total else 0.0

    # ---- the pad ----

    def predict(self, ink: bytes | np.ndarray, height: int, width: int) -> Plain:
        """Read a drawing: uint8 ink, row by row, 0 = paper. An empty one has no digit and no probabilities."""
        pixels = np.frombuffer(ink, np.uint8).reshape(height, width)
        return self._read(np.rint(preprocess_digit(pixels) * 255).astype(np.uint8))

    def predict_image(self, which: str, index: int) -> Plain:
        """Read one image of the "test" or "train" set as it is; its label comes along."""
        data = self._dataset(which)
        result = self._read(data.images[index])
        result["label"] = int(data.labels[index]) if data.labels is not None else None
        return result

    def _read(self, seen: np.ndarray) -> Plain:
        activations = [a[0] for a in self.model.forward(scale_pixels(seen[np.newaxis]))]
        logits = activations[-1]
        is_empty = not seen.any()
        probabilities = np.zeros(len(logits)) if is_empty else softmax(logits)
        self._pad = None if is_empty else activations
        return {
            "digit": None if is_empty else int(np.argmax(probabilities)),
            "probabilities": [float(p) for p in probabilities],
            "seen": seen,
            "activations": [np.ascontiguousarray(a) for a in activations[1:-1]],
            "logits": [float(z) for z in logits],
        }

    def samples(self) -> Plain:
        """Return a test image of each digit for the pad: the first of each that is in the set."""
        labels = self._labels(self.test)
        digits = [digit for digit in range(N_CLASSES) if (labels == digit).any()]
        indices = [int(np.argmax(labels == digit)) for digit in digits]
        return {"digits": digits, "indices": indices}

    def images(self, which: str, indices: list[int]) -> np.ndarray:
        """Return the pixels of some images, one after the other: uint8 (n * 784,)."""
        return self._dataset(which).images[np.asarray(indices, dtype=np.intp)].reshape(-1)

    # ---- views ----

    def tiles(self, start: int = 0, limit: int = 128) -> Plain:
        """Return pictures of the first layer's weights, int8 (count * 784,), of units `start` on."""
        W, _ = self.model.layer(0)
        pixels = weight_tiles(W, self._deviation, start, limit)
        return {
            "pixels": pixels.reshape(-1), "count": len(pixels), "start": start, "total": W.shape[1],
            "layer_sizes": list(self.model.sizes[1:]),
        }  # fmt: skip

    def connections(self, count: int = 40) -> Plain:
        """Return the strongest connections for the digit on the pad, layer by layer from the first hidden one."""
        layers = strongest_connections(self.model, self._pad, count) if self._pad else []
        return {
            "layers": [
                {"from": c.sources.tolist(), "to": c.targets.tolist(), "strength": c.strengths.tolist()}
                for c in layers
            ]
        }

    def unit(self, layer: int, index: int, count: int = 20) -> Plain:
        """Return one unit in detail: weights, weights × input and activation for the pad, what excites it most."""
        W, b = self.model.layer(layer)
        if not 0 <= index < W.shape[1]:
            raise ValueError(f"Layer {layer + 1} has units 0 to {W.shape[1] - 1}, not {index}.")
        weights = np.ascontiguousarray(W[:, index])
        product = weights * self._pad[layer] if self._pad else np.zeros_like(weights)
        answers = np.concatenate(
            [
                self.model.forward(scale_pixels(self.test.images[i : i + 1000]))[layer + 1][:, index]
                for i in range(0, len(self.test), 1000)
            ]
        )
        best = np.argsort(-answers, kind="stable")[:count]
        return {
            "weights": weights * self._deviation if layer == 0 else weights,
            "product": product,
            "bias": float(b[index]),
            "preactivation": float(product.sum() + b[index]) if self._pad else None,
            "activation": float(self._pad[layer + 1][index]) if self._pad else None,
            "exciting": {
                "indices": best.tolist(),
                "labels": self._labels(self.test)[best].tolist(),
                "activations": answers[best].tolist(),
            },
        }

    def evaluation(self, which: str = "test") -> Plain:
        """Return accuracy, confusion matrix and what follows from it, and the most confident mistakes.

        For the test set these are the figures of its last evaluation, which is made now if there is none; for the
        training set, of its first 10,000 images with the network as it is.
        """
        data, evaluation = self._evaluated(which)
        labels, predicted = self._labels(data), evaluation.probabilities.argmax(axis=1)
        confusion = confusion_matrix(labels, predicted, N_CLASSES)
        wrong = np.flatnonzero(labels != predicted)
        return {
            "count": len(data),
            "accuracy": evaluation.accuracy,
            "loss": evaluation.loss,
            "confusion": confusion.tolist(),
            "per_class": _numbers(per_class_accuracy(confusion)),
            "precision": _numbers(precision(confusion)),
            "recall": _numbers(per_class_accuracy(confusion)),
            "distribution": prediction_distribution(predicted, N_CLASSES).tolist(),
            "truth": confusion.sum(axis=1).tolist(),
            "mistakes": self._most_confident(data, evaluation, wrong, 200),
            "mistake_count": len(wrong),
        }

    def cell(self, row: int, column: int, limit: int = 60) -> Plain:
        """Return the test images in one cell of the confusion matrix, most confident first."""
        data, evaluation = self._evaluated("test")
        predicted = evaluation.probabilities.argmax(axis=1)
        rows = np.flatnonzero((self._labels(data) == row) & (predicted == column))
        found = self._most_confident(data, evaluation, rows, limit)
        return {
            "indices": [f["index"] for f in found],
            "confidences": [f["confidence"] for f in found],
            "count": len(rows),
        }

    def examples(self, count: int = 40) -> list[Plain]:
        """Return the first test images that were read right."""
        data, evaluation = self._evaluated("test")
        right = np.flatnonzero(self._labels(data) == evaluation.probabilities.argmax(axis=1))[:count]
        return self._most_confident(data, evaluation, right, count, in_order=True)

    def source(self, names: list[str]) -> Plain:
        """Return the code of functions of this package, as it runs: {"network.MLP.forward": {file, line, text}}."""
        found = {}
        for name in names:
            module, *path = name.split(".")
            target: Any = importlib.import_module(f"digitnet.{module}")
            for part in path:
                target = getattr(target, part)
            lines, line = inspect.getsourcelines(target)
            found[name] = {"file": f"{module}.py", "line": max(line, 1), "text": textwrap.dedent("".join(lines))}
        return found

    def _most_confident(
        self, data: Dataset, evaluation: Evaluation, rows: np.ndarray, limit: int, in_order: bool = False
    ) -> list[Plain]:
        confidence = evaluation.probabilities[rows].max(axis=1)
        order = np.arange(len(rows)) if in_order else np.argsort(-confidence, kind="stable")
        predicted, labels = evaluation.probabilities.argmax(axis=1), self._labels(data)
        return [
            {
                "index": int(rows[i]), "label": int(labels[rows[i]]),
                "predicted": int(predicted[rows[i]]), "confidence": float(confidence[i]),
            }
            for i in order[:limit]
        ]  # fmt: skip

    def _evaluated(self, which: str) -> tuple[Dataset, Evaluation]:
        data = self._dataset(which)
        if which != "test":
            data = data.take(slice(0, 10_000))
            return data, evaluate(self.model, data)
        if self._evaluation is None:
            for _ in self._evaluating():
                pass
        assert self._evaluation is not None
        return data, self._evaluation

    def _dataset(self, which: str) -> Dataset:
        if which not in ("test", "train"):
            raise ValueError(f"There is no data set called {which!r}; choose test or train.")
        return self.test if which == "test" else self.training.data

    @staticmethod
    def _labels(data: Dataset) -> np.ndarray:
        assert data.labels is not None
        return data.labels

    # ---- saving ----

    def save(self) -> bytes:
        """Return the network as the bytes of an .npz file, its settings and test accuracy with it."""
        _, evaluation = self._evaluated("test")
        file = io.BytesIO()
        storage.save(
            self.model, file, recipe=self.recipe.name, seed=self.settings.seed, settings=self._plain_settings(),
            test_accuracy=evaluation.accuracy, class_names=self.class_names,
        )  # fmt: skip
        return file.getvalue()


def _numbers(values: np.ndarray) -> list[float | None]:
    """Return floats, with None for what is unknown (nan is not in JSON)."""
    return [None if np.isnan(value) else float(value) for value in values]
