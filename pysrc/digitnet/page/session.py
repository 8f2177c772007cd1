"""The one object that the page's worker drives: settings, a run, predictions and views, all as plain data.

It knows nothing of browsers and holds no mathematics of its own; tests drive it natively.
"""

import importlib
import inspect
import io
import textwrap
from collections.abc import Buffer
from typing import Any, cast

import numpy as np

from digitnet import storage
from digitnet.data.drawing import preprocess_digit
from digitnet.data.files import submission_csv
from digitnet.data.idx import idx_dataset, load_idx
from digitnet.data.photo import ink_from_photo
from digitnet.dataset import SHIPPED_FIRST, Dataset, concatenate, split, train_validation_test
from digitnet.evaluation import Evaluation, evaluate, predict_images
from digitnet.losses import softmax
from digitnet.network import MLP
from digitnet.ops import scale_pixels
from digitnet.page import messages
from digitnet.page.code import CodeMethods
from digitnet.page.diagnosis import Finding, diagnose
from digitnet.page.facts import facts_of
from digitnet.page.inspection import pixel_deviation, strongest_connections, unit_activations, weight_tiles
from digitnet.page.run import ORIGINAL, Run
from digitnet.page.uploads import Upload, Uploaded
from digitnet.recipes import DEFAULT_RECIPE, RECIPES, Recipe, recipe_named
from digitnet.reports import Cell, Reading, Report, confusion_cell, finite, report, right_examples
from digitnet.settings import CHOICES, DECLARATIONS, N_CLASSES, N_INPUTS, OWN_DATA, Settings, require_digit_sizes


class Session(CodeMethods):
    """One visitor's network, data and run. Every method returns dicts, lists, numbers and arrays.

    Add data, call start(), then configure, step, advance and predict in any order. A method that raises leaves
    everything as it was.
    """

    def __init__(self) -> None:
        """Start with the first recipe's settings and no data."""
        self.recipe = RECIPES[DEFAULT_RECIPE]
        self.class_names = [str(digit) for digit in range(N_CLASSES)]
        self._mnist: dict[str, Dataset] = {}
        self._upload = Upload(N_CLASSES)
        self._own: Uploaded | None = None

    # ---- data and settings ----

    @property
    def settings(self) -> Settings:
        """The settings that the run obeys."""
        return self.run.settings

    def add_data(self, part: str, images: Buffer, labels: Buffer) -> None:
        """Take IDX files, gzipped or not: part "train" (the first 10,000), "rest" (the other 50,000) or "test"."""
        dataset = idx_dataset(load_idx(bytes(images)), load_idx(bytes(labels)))
        if part == "rest":
            part, dataset = "train", concatenate(self._mnist["train"], dataset)
        self._mnist[part] = dataset

    def start(self) -> messages.Description:
        """Make the first network; return describe()."""
        self._begin(self.recipe.page_settings())
        return self.describe()

    def describe(self) -> messages.Description:
        """Return settings, recipes, choices and progress: all that the page needs to show its controls."""
        return {
            "settings": self._plain_settings(),
            "recipes": [cast(messages.Recipe, recipe.to_dict()) for recipe in RECIPES.values()],
            "choices": CHOICES,
            "shipped_first": SHIPPED_FIRST,
            "most_network_bytes": storage.MAX_FILE_BYTES,
            "training_available": len(self._mnist["train"]),
            "own_data": self._own_data(),
            "sizes": list(self.model.sizes),
            "class_names": self.class_names,
            "progress": self.progress(),
        }  # fmt: skip

    def configure(self, changes: messages.Changes) -> messages.Configured:
        """Change settings, the recipe first and the others on top; ValueError leaves everything as it was.

        Returns settings, whether a new network was started, a notice for the visitor, sizes and progress.
        """
        changes = dict(changes)
        recipe, base = self.recipe, self.settings
        if name := changes.pop("recipe", None):
            recipe = recipe_named(name)
            base = recipe.page_settings()
        settings = base.changed(changes)
        is_new = bool(name) or self.settings.needs_new_network(settings)
        if is_new:
            self._begin(settings, recipe)
        else:
            self.run.settings = settings
        return {
            "settings": self._plain_settings(),
            "new_network": is_new,
            "notice": self._new_network_notice() if is_new else "",
            "sizes": list(self.model.sizes),
            "progress": self.progress(),
        }

    def reset(self) -> messages.Progress:
        """Draw new weights from the seed; return progress."""
        self._begin(self.settings)
        return self.progress()

    def _begin(self, settings: Settings, recipe: Recipe | None = None, model: MLP | None = None) -> None:
        """Start over with a new network (or `model`) and the images that the settings ask for.

        Everything that can fail comes first, so that a failure changes nothing.
        """
        recipe = recipe or self.recipe
        train, validation, test = self._images(settings, recipe)
        model = model or settings.model(self.lesson.network.MLP)
        run = Run(model, train, validation, test, settings, self.lesson)
        if self.lesson is not ORIGINAL:
            run.guard, run.explain = self.run.guard, self.run.explain
        self.recipe, self.model, self.run = recipe, model, run
        self._pixel_deviation: np.ndarray | None = None
        self._pad: list[np.ndarray] | None = None  # the activations of the digit on the pad

    def _images(self, settings: Settings, recipe: Recipe) -> tuple[Dataset, Dataset | None, Dataset]:
        """Return training, validation and test images."""
        if settings.data_size != OWN_DATA:
            return train_validation_test(
                self._mnist["train"], self._mnist["test"], int(settings.data_size), settings.seed,
                recipe.validation_share, recipe.extra_test,
            )  # fmt: skip
        if self._own is None or self._own.train is None:
            raise ValueError("There are no images of your own here yet: load a file first.")
        train, test = self._own.train, self._own.test
        if test is None:  # a sixth is kept for testing, as MNIST does
            n_test = max(1, len(train) // 6)
            train, test = split(train, len(train) - n_test, n_test, seed=settings.seed)
        return train_validation_test(train, test, len(train), settings.seed, recipe.validation_share)

    def _plain_settings(self) -> messages.PlainSettings:
        return {"recipe": self.recipe.name, **self.settings.to_dict()}

    def _new_network_notice(self) -> str:
        sizes = "-".join(map(str, self.model.sizes))
        return f"A new network, {sizes}: it has not learned anything yet."

    # ---- training ----

    def advance(self, seconds: float) -> messages.Progress:
        """Train for about so many seconds, evaluations included; return progress."""
        return self.run.advance(seconds)

    def step(self) -> messages.Progress:
        """Take exactly one gradient step; return progress."""
        return self.run.step()

    def pause(self) -> messages.Progress:
        """Say that nobody is calling advance any more; return progress."""
        return self.run.pause()

    def progress(self) -> messages.Progress:
        """Return where the run stands, see Run.progress; asking changes nothing."""
        return self.run.progress()

    def diagnosis(self) -> messages.Diagnosis:
        """Return what went wrong in the run that has just ended: {"id", "text", "remedy"}; all empty if nothing did.

        remedy: {"label", "changes" (settings), "reset" (whether to start over)} or None.
        """
        facts = facts_of(self.run, self.class_names)
        return cast(messages.Diagnosis, (diagnose(facts) if facts else Finding("", "")).plain())

    # ---- the pad ----

    def predict(self, ink: Buffer, height: int, width: int) -> messages.Prediction:
        """Read a drawing: uint8 ink, row by row, 0 = paper. An empty one has no digit and no probabilities."""
        pixels = np.frombuffer(ink, np.uint8).reshape(height, width)
        return self._read(np.rint(preprocess_digit(pixels) * 255).astype(np.uint8))

    def predict_photo(self, gray: Buffer, height: int, width: int) -> messages.PhotoPrediction:
        """Read a photo or scan of one digit, uint8 grey row by row; its ink (uint8, as large) comes along."""
        ink = ink_from_photo(np.frombuffer(gray, np.uint8).reshape(height, width))
        return {**self.predict(ink, height, width), "ink": ink.reshape(-1)}

    def predict_pixels(self, pixels: Buffer) -> messages.Prediction:
        """Read an image as it is: uint8 (784,), 0 = paper."""
        seen = np.frombuffer(pixels, np.uint8)
        if seen.shape != (N_INPUTS,):
            raise ValueError(f"An image of a digit has {N_INPUTS} pixels, not {seen.size:,}.")
        return self._read(seen)

    @np.errstate(over="ignore", invalid="ignore")  # of a network that has diverged
    def _read(self, seen: np.ndarray) -> messages.Prediction:
        activations = [a[0] for a in self.model.forward(scale_pixels(seen[np.newaxis]))]
        logits = activations[-1]
        is_readable = seen.any() and np.isfinite(logits).all()  # ink, and a network that has not diverged
        probabilities = softmax(logits) if is_readable else np.zeros(len(logits))
        self._pad = activations if is_readable else None
        return {
            "digit": int(np.argmax(probabilities)) if is_readable else None,
            "probabilities": [float(p) for p in probabilities],
            "seen": seen,
            "activations": [np.ascontiguousarray(a) for a in activations[1:-1]],
            "logits": [finite(z) for z in logits],
        }

    def samples(self) -> messages.Samples:
        """Return a test image of each digit for the pad: the first of each that is in the set."""
        labels = self._labels(self.run.test)
        digits = [digit for digit in range(N_CLASSES) if (labels == digit).any()]
        indices = [int(np.argmax(labels == digit)) for digit in digits]
        return {"digits": digits, "indices": indices}

    def images(self, which: str, indices: list[int]) -> messages.Pixels:
        """Return the pixels of some images, one after the other: uint8 (n * 784,)."""
        return self._dataset(which).images[np.asarray(indices, dtype=np.intp)].reshape(-1)

    # ---- views ----

    @property
    def _deviation(self) -> np.ndarray:
        """The pixels' standard deviation, worked out when the first picture is wanted: the page is ready without it."""
        if self._pixel_deviation is None:
            self._pixel_deviation = pixel_deviation(self.run.training.data.images[:2000])
        return self._pixel_deviation

    def tiles(self, start: int = 0, limit: int = 128) -> messages.Tiles:
        """Return pictures of the first layer's weights, int8 (count * 784,), of units `start` on."""
        W, _ = self.model.layer(0)
        pixels, scale = weight_tiles(W, self._deviation, start, limit)
        return {
            "pixels": pixels.reshape(-1), "scale": scale, "count": len(pixels), "start": start, "total": W.shape[1],
            "layer_sizes": list(self.model.sizes[1:]),
        }  # fmt: skip

    def connections(self, count: int = 40) -> messages.Connections:
        """Return the strongest connections for the digit on the pad, layer by layer from the first hidden one."""
        layers = strongest_connections(self.model, self._pad, count) if self._pad else []
        return {
            "layers": [
                {"from": c.sources.tolist(), "to": c.targets.tolist(), "strength": c.strengths.tolist()} for c in layers
            ]
        }

    def unit(self, layer: int, index: int, count: int = 20) -> messages.Unit:
        """Return one unit in detail: weights, weights × input and activation for the pad, what excites it most.

        To find the `count` test images that do takes a pass over all of them, which 0 saves.
        """
        W, b = self.model.layer(layer)
        if not 0 <= index < W.shape[1]:
            raise ValueError(f"Layer {layer + 1} has units 0 to {W.shape[1] - 1}, not {index}.")
        weights = np.ascontiguousarray(W[:, index])
        product = weights * self._pad[layer] if self._pad else np.zeros_like(weights)
        images = self.run.test.images if count else self.run.test.images[:0]
        answers = unit_activations(self.model, images, layer, index)
        best = np.argsort(-answers, kind="stable")[:count]
        return {
            "weights": weights * self._deviation if layer == 0 else weights,
            "product": product,
            "bias": finite(b[index]),
            "preactivation": float(product.sum() + b[index]) if self._pad else None,
            "activation": float(self._pad[layer + 1][index]) if self._pad else None,
            "exciting": {
                "indices": best.tolist(),
                "labels": self._labels(self.run.test)[best].tolist(),
                "activations": [finite(answer) for answer in answers[best]],
            },
        }

    def evaluation(self, which: str = "test") -> Report:
        """Return accuracy, confusion matrix and what follows from it, and mistakes; see reports.report.

        For the test set these are the figures of its last evaluation, which is made now if there is none; for the
        training set, of its first 10,000 images with the network as it is.
        """
        return report(*self._evaluated(which))

    def cell(self, row: int, column: int, limit: int = 60) -> Cell:
        """Return the test images in one cell of the confusion matrix, most confident first."""
        return confusion_cell(*self._evaluated("test"), row, column, limit)

    def examples(self, count: int = 40) -> list[Reading]:
        """Return the first test images that were read right."""
        return right_examples(*self._evaluated("test"), count)

    def source(self, names: list[str]) -> dict[str, messages.SourceLines]:
        """Return the code of functions of this package, as it runs: {"network.MLP.forward": {file, line, text}}."""
        found: dict[str, messages.SourceLines] = {}
        for name in names:
            module, *path = name.split(".")
            target: Any = importlib.import_module(f"digitnet.{module}")
            for part in path:
                target = getattr(target, part)
            lines, line = inspect.getsourcelines(target)
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
            return data, evaluate(self.model, data)
        return data, self.run.evaluation or self.run.test_now()

    def _dataset(self, which: str) -> Dataset:
        if which not in ("test", "train"):
            raise ValueError(f"There is no data set called {which!r}; choose test or train.")
        return self.run.test if which == "test" else self.run.training.data

    @staticmethod
    def _labels(data: Dataset) -> np.ndarray:
        assert data.labels is not None
        return data.labels

    # ---- saving ----

    def save(self, tested: bool = True) -> bytes:
        """Return the network as the bytes of an .npz file, its settings with it.

        Where `tested`, its test accuracy goes along, measured now if it has learned since; else nothing is measured.
        """
        accuracy = self.run.test_now().accuracy if tested else None
        file = io.BytesIO()
        storage.save(
            self.model, file, recipe=self.recipe.name, seed=self.settings.seed, settings=self._plain_settings(),
            test_accuracy=accuracy, class_names=self.class_names,
        )  # fmt: skip
        return file.getvalue()

    def load(self, raw: Buffer) -> messages.Loaded:
        """Replace the network by a saved one, its settings with it as far as they fit; the state is "ready".

        ValueError for a file that is not a network for these images, see storage.load.
        """
        model, meta = storage.load_with_meta(io.BytesIO(raw))
        require_digit_sizes(model.sizes)
        recipe = RECIPES.get(str(meta.get("recipe")), RECIPES[DEFAULT_RECIPE])
        settings, notice = self._fitting(meta.get("settings"), model, recipe)
        self._begin(settings, recipe, model.astype(np.float32))
        self.run.test_now()
        if _are_class_names(meta.get("class_names")):
            self.class_names = meta["class_names"]
        return {
            "settings": self._plain_settings(),
            "new_network": True,
            "notice": notice,
            "sizes": list(model.sizes),
            "class_names": self.class_names,
            "progress": self.progress(),
        }

    def _fitting(self, wanted: object, model: MLP, recipe: Recipe) -> tuple[Settings, str]:
        """Return a saved network's settings where they can be had here, else the recipe's, and a notice."""
        shape = {"layers": model.sizes[1:-1], "activation": model.activation, "initializer": model.init}
        base = recipe.page_settings()
        known = {key: wanted[key] for key in DECLARATIONS if key in wanted} if isinstance(wanted, dict) else {}
        sizes = "-".join(map(str, model.sizes))
        try:
            settings = base.changed(known | shape)
            self._images(settings, recipe)
            return settings, f"Loaded a network, {sizes}, with its settings."
        except (ValueError, TypeError):
            data_size = self.settings.data_size
        try:
            settings = base.changed(known | shape | {"data_size": data_size})
            return settings, f"Loaded a network, {sizes}. The images that it was trained on are not here."
        except (ValueError, TypeError):
            settings = base.changed(shape | {"data_size": data_size})
            return settings, f"Loaded a network, {sizes}. Its settings could not be read."

    # ---- the visitor's own data ----

    def open_file(self, name: str, is_first: bool = True) -> None:
        """Begin one of the visitor's files; the first of several forgets what was fed before."""
        if is_first:
            self._upload = Upload(N_CLASSES)
        self._upload.open(name)

    def feed(self, chunk: Buffer) -> int:
        """Take the next piece of the file; return the rows read so far (CSV)."""
        return self._upload.feed(bytes(chunk))

    def close_file(self) -> None:
        """End the file."""
        self._upload.close()

    def cancel_files(self) -> None:
        """Forget what was fed."""
        self._upload = Upload(N_CLASSES)

    def use_files(self) -> messages.FilesUsed:
        """Put the files to use: labelled images start a new network, images without labels wait for `submission`."""
        upload, self._upload = self._upload, Upload(N_CLASSES)
        found, previous = upload.datasets(), self._own
        kept = previous or Uploaded(None, None, None)
        if found.train is None and found.test is not None:
            raise ValueError("These are test images only: choose the training images with them.")
        if found.train is None and found.unlabelled is None:
            raise ValueError("The files hold no images.")
        self._own = found if found.train else kept._replace(unlabelled=found.unlabelled)
        notice, is_new = "", found.train is not None
        if found.train is not None:
            if found.unlabelled is None:
                self._own = found._replace(unlabelled=kept.unlabelled)
            try:
                self._begin(self.settings.changed({"data_size": OWN_DATA}))
            except ValueError:
                self._own = previous
                raise
            notice = f"{len(self.run.training.data):,} images of your own to train on, {len(self.run.test):,} to test."
        if found.unlabelled is not None:
            notice += f" {len(found.unlabelled):,} images without labels, ready to be read."
        return {
            "settings": self._plain_settings(),
            "new_network": is_new,
            "notice": notice.strip(),
            "sizes": list(self.model.sizes),
            "own_data": self._own_data(),
            "progress": self.progress(),
        }

    def submission(self) -> bytes:
        """Return submission.csv (ImageId,Label): what the network reads in the images without labels."""
        if self._own is None or self._own.unlabelled is None:
            raise ValueError("Load a test.csv first: images without labels.")
        return submission_csv(predict_images(self.model, self._own.unlabelled))

    def set_class_names(self, names: list[str]) -> list[str]:
        """Name the ten classes, for data other than digits; return them."""
        if not _are_class_names(names):
            raise ValueError(f"Give {N_CLASSES} names of 1 to 20 characters, with commas between.")
        self.class_names = [name.strip() for name in names]
        return self.class_names

    def _own_data(self) -> messages.OwnCounts:
        own = self._own or Uploaded(None, None, None)
        return {
            "train": len(own.train) if own.train else 0,
            "test": len(own.test) if own.test else 0,
            "unlabelled": len(own.unlabelled) if own.unlabelled else 0,
        }


def _are_class_names(names: object) -> bool:
    return (
        isinstance(names, list)
        and len(names) == N_CLASSES
        and all(isinstance(name, str) and 1 <= len(name.strip()) <= 20 for name in names)
    )
