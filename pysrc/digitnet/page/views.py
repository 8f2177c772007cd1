"""Views of the network and of what it learned from, as plain data to draw."""

import importlib
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from digitnet.dataset import SHIPPED_FIRST, Dataset, require_labels
from digitnet.evaluation import Evaluation, evaluating
from digitnet.network import MLP
from digitnet.page import messages
from digitnet.page.inspection import pixel_deviation, unit_activations, weight_tiles
from digitnet.page.run import Run
from digitnet.page.signs import alive
from digitnet.reports import Cell, Reading, Report, confusion_cell, finite, report, right_examples
from digitnet.settings import N_CLASSES


class ViewMethods:
    """The part of a Session that shows what there is to see."""

    model: MLP
    run: Run
    _pixel_deviation: np.ndarray | None
    _pad_activations: Callable[[], list[np.ndarray] | None]

    @property
    def _deviation(self) -> np.ndarray:
        """The pixels' standard deviation, worked out when the first picture is wanted: the page is ready without it."""
        if self._pixel_deviation is None:
            self._pixel_deviation = pixel_deviation(self.run.training.data.images[:2000])
        return self._pixel_deviation

    def tiles(self, start: int = 0, limit: int = 128) -> messages.Tiles:
        """Return pictures of the first layer's weights, int8 (count * 784,), of units `start` on."""
        W, _ = self._layer(0)
        pixels, scale = weight_tiles(W, self._deviation, start, limit)
        return {
            "pixels": pixels.reshape(-1), "scale": scale, "count": len(pixels), "start": start, "total": W.shape[1],
            "layer_sizes": list(self.model.sizes[1:]),
        }  # fmt: skip

    def unit(self, layer: int, index: int, count: int = 20) -> messages.Unit:
        """Return one unit in detail: weights, weights × input and activation for the pad, what excites it most.

        To find the `count` test images that do takes a pass over all of them, which 0 saves.
        """
        W, b = self._layer(layer)
        _require_index("unit", index, W.shape[1])
        activations = self._pad_activations()
        weights = np.ascontiguousarray(W[:, index])
        product = weights * activations[layer] if activations else np.zeros_like(weights)
        images = self.run.test.images if count else self.run.test.images[:0]
        answers = alive(unit_activations(self.model, images, layer, index))
        best = np.argsort(-answers, kind="stable")[:count]
        return {
            "weights": weights * self._deviation if layer == 0 else weights,
            "product": product,
            "bias": finite(b[index]),
            "preactivation": finite(product.sum() + b[index]) if activations else None,
            "activation": finite(activations[layer + 1][index]) if activations else None,
            "outgoing": self._outgoing(layer, index),
            "exciting": {
                "indices": best.tolist(),
                "labels": require_labels(self.run.test)[best].tolist(),
                "activations": [finite(answer) for answer in answers[best]],
            },
        }

    def _outgoing(self, layer: int, index: int) -> np.ndarray:
        """Return a unit's weights to the units of the next layer; none for an output."""
        if layer + 1 == self.model.n_layers:
            return np.empty(0, np.float32)
        return np.ascontiguousarray(self.model.layer(layer + 1)[0][index], np.float32)

    def samples(self) -> messages.Samples:
        """Return a test image of each digit for the pad: the first of each that is in the set."""
        labels = require_labels(self.run.test)
        digits = [digit for digit in range(N_CLASSES) if (labels == digit).any()]
        indices = [int(np.argmax(labels == digit)) for digit in digits]
        return {"digits": digits, "indices": indices}

    def images(self, which: str, indices: list[int]) -> messages.Pixels:
        """Return the pixels of some images, one after the other: uint8 (n * 784,)."""
        images = self._dataset(which).images
        for index in indices:
            _require_index("image", index, len(images))
        return images[np.asarray(indices, dtype=np.intp)].reshape(-1)

    def batch(self, count: int = 10) -> messages.Batch:
        """Return the first images of the latest batch, as they are in the data and as the network saw them.

        There are none before the first step.
        """
        training = self.run.training
        rows = training.rows[:count]
        return {
            "originals": training.data.images[rows].reshape(-1),
            "seen": np.ascontiguousarray(training.seen[:count]).reshape(-1),
            "labels": require_labels(training.data)[rows].tolist(),
            "step": training.step,
        }

    def evaluation(self, which: str = "test") -> Report:
        """Return accuracy, confusion matrix and what follows from it, and mistakes; see reports.report.

        For the test set these are the figures of its last evaluation, which is made now if there is none; for the
        training set, of its first 10,000 images with the network as it is.
        """
        return report(*self._evaluated(which))

    def cell(self, row: int, column: int, limit: int = 60) -> Cell:
        """Return the test images in one cell of the confusion matrix, most confident first."""
        for what, index in (("row", row), ("column", column)):
            _require_index(what, index, N_CLASSES)
        return confusion_cell(*self._evaluated("test"), row, column, limit)

    def examples(self, count: int = 40) -> list[Reading]:
        """Return the first test images that were read right."""
        return right_examples(*self._evaluated("test"), count)

    def source(self, names: list[str]) -> dict[str, messages.SourceLines]:
        """Return the code of functions of this package, as it runs: {"network.MLP.forward": {file, line, text}}."""
        found: dict[str, messages.SourceLines] = {}
        for name in names:
            module, *path = name.split(".")
            try:
                target: Any = importlib.import_module(f"digitnet.{module}")
                for part in path:
                    target = getattr(target, part)
                lines, line = inspect.getsourcelines(target)
            except (ImportError, AttributeError, TypeError, OSError):
                raise ValueError(f"There is no code called {name!r} in digitnet.") from None
            found[name] = {
                "file": f"{module}.py",
                "line": max(line, 1),
                "text": textwrap.dedent("".join(lines)),
            }
        return found

    def _evaluated(self, which: str) -> tuple[Dataset, Evaluation]:
        data = self._dataset(which)
        if which != "test":
            data = data.take(slice(0, SHIPPED_FIRST))
            return data, alive(evaluating(self.model, data))
        return data, self.run.evaluation or self.run.test_now()

    def _dataset(self, which: str) -> Dataset:
        if which not in ("test", "train"):
            raise ValueError(f"There is no data set called {which!r}; choose test or train.")
        return self.run.test if which == "test" else self.run.training.data

    def _layer(self, layer: int) -> tuple[np.ndarray, np.ndarray]:
        _require_index("layer", layer, self.model.n_layers)
        return self.model.layer(layer)


def _require_index(what: str, index: int, count: int) -> None:
    """Raise ValueError unless there is a thing with this index among `count` of them."""
    if not 0 <= index < count:
        raise ValueError(f"There is no {what} {index}: they go from 0 to {count - 1}.")
