"""The one object that the page's worker drives: settings, a run, predictions and views, all as plain data.

It knows nothing of browsers and holds no mathematics of its own; tests drive it natively.
"""

import io
from collections.abc import Buffer
from typing import cast

import numpy as np

from digitnet import storage
from digitnet.data.idx import idx_dataset, load_idx
from digitnet.dataset import PIXELS, SHIPPED_FIRST, Dataset, concatenate, train_validation_test
from digitnet.network import MLP
from digitnet.page import budget, messages
from digitnet.page.code import CodeMethods
from digitnet.page.exercises import ExerciseMethods
from digitnet.page.files import FileMethods, cleaned_class_names
from digitnet.page.pad import PadMethods
from digitnet.page.run import ORIGINAL, Run
from digitnet.page.teaching import MOST_DRAWINGS, TeachingMethods
from digitnet.page.uploads import Upload, Uploaded
from digitnet.page.views import ViewMethods
from digitnet.recipes import DEFAULT_RECIPE, RECIPES, Recipe, recipe_named
from digitnet.settings import CHOICES, DECLARATIONS, N_CLASSES, OWN_DATA, Settings, require_digit_sizes

NOT_KEPT = "Training goes on from its weights; the optimizer’s state is not saved and starts afresh."
NO_IMAGES = Dataset(np.empty((0, PIXELS), np.uint8), np.empty(0, np.int64))


class Session(PadMethods, ViewMethods, FileMethods, CodeMethods, ExerciseMethods, TeachingMethods):
    """One visitor's network, data and run. Every method returns dicts, lists, numbers and arrays.

    Add data, call start(), then configure, step, advance and predict in any order. A method that raises leaves
    everything as it was.
    """

    def __init__(self) -> None:
        """Start with the first recipe's settings and no data."""
        self.recipe = RECIPES[DEFAULT_RECIPE]
        digits = [str(digit) for digit in range(N_CLASSES)]
        self._class_names = {False: digits, True: digits}  # of MNIST, and of the visitor's own images
        self._mnist: dict[str, Dataset] = {}
        self._upload = Upload(N_CLASSES)
        self._own: Uploaded | None = None
        self._seen = self._pixel_deviation = self._familiarity = None

    # ---- data and settings ----

    @property
    def model(self) -> MLP:  # type: ignore[override]  # the parts of a Session only read it
        """The network to use: that of the averaged weights where an average is kept."""
        return self.run.training.result

    @property
    def class_names(self) -> list[str]:
        """What the ten classes are called: MNIST's, or those of the visitor's own images where these are trained on."""
        return self._class_names[self.settings.data_size == OWN_DATA]

    def add_data(self, part: str, images: Buffer, labels: Buffer) -> None:
        """Take IDX files, gzipped or not: part "train" (the first 10,000), "rest" (the other 50,000) or "test".

        The page can start without the test images, but not train: they may come between start() and the first step.
        """
        dataset = idx_dataset(load_idx(bytes(images)), load_idx(bytes(labels)))
        if part == "rest":
            part, dataset = "train", concatenate(self._mnist["train"], dataset)
        self._mnist[part] = dataset
        if part == "test" and "run" in vars(self) and self.settings.data_size != OWN_DATA:
            came_trained = self.run.came_trained
            self._begin(self.settings, model=self.model)
            if came_trained:
                self._test_as_it_came()

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
            "most_drawings": MOST_DRAWINGS,
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
        return self._configured(is_new, self._new_network_notice() if is_new else "")

    def reset(self) -> messages.Progress:
        """Draw new weights from the seed; return progress."""
        self._begin(self.settings)
        return self.progress()

    def _begin(self, settings: Settings, recipe: Recipe | None = None, model: MLP | None = None) -> None:
        """Start over with a new network (or `model`) and the images that the settings ask for.

        Everything that can fail comes first, so that a failure changes nothing.
        """
        recipe = recipe or self.recipe
        budget.require(settings.sizes if model is None else model.sizes, self._n_images())
        train, validation, test = self._images(settings, recipe)
        model = settings.model(self.lesson.network.MLP) if model is None else self._as_edited(model)
        run = Run(model, train, validation, test, settings, self.lesson)
        if self.lesson is not ORIGINAL:
            run.guard, run.explain = self.run.guard, self.run.explain
        self.recipe, self.run = recipe, run
        self._pixel_deviation = self._seen = self._familiarity = None

    def _images(self, settings: Settings, recipe: Recipe) -> tuple[Dataset, Dataset | None, Dataset]:
        """Return training, validation and test images."""
        if settings.data_size != OWN_DATA:
            return train_validation_test(
                self._mnist["train"], self._mnist.get("test", NO_IMAGES), int(settings.data_size), settings.seed,
                recipe.validation_share, recipe.extra_test,
            )  # fmt: skip
        train, test = self._own_images()
        return train_validation_test(train, test, len(train), settings.seed, recipe.validation_share)

    def _plain_settings(self) -> messages.PlainSettings:
        return {"recipe": self.recipe.name, **self.settings.to_dict()}

    def _configured(self, is_new: bool, notice: str) -> messages.Configured:
        return {
            "settings": self._plain_settings(),
            "new_network": is_new,
            "notice": notice,
            "sizes": list(self.model.sizes),
            "class_names": self.class_names,
            "own_data": self._own_data(),
            "progress": self.progress(),
        }

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
        from digitnet.page.diagnosis import Finding, diagnose  # the page starts without them
        from digitnet.page.facts import facts_of

        facts = facts_of(self.run, self.class_names)
        return cast(messages.Diagnosis, (diagnose(facts) if facts else Finding("", "")).plain())

    # ---- saving ----

    def save(self, tested: bool = True) -> bytes:
        """Return the network as the bytes of an .npz file, its settings with it.

        Where `tested`, its test accuracy goes along, measured now if it has learned since; else nothing is measured.
        """
        accuracy = self.run.test_now().accuracy if tested else None
        file = io.BytesIO()
        storage.save(
            self.model, file, recipe=self.recipe.name, seed=self.settings.seed, settings=self._plain_settings(),
            test_accuracy=accuracy, class_names=self.class_names, taught=self.run.taught,
        )  # fmt: skip
        return file.getvalue()

    def load(self, raw: Buffer) -> messages.Configured:
        """Replace the network by a saved one, its settings with it as far as they fit; the state is "ready".

        ValueError for a file that is not a network for these images, see storage.load.
        """
        model, meta = storage.load_with_meta(io.BytesIO(raw))
        require_digit_sizes(model.sizes)
        recipe = RECIPES.get(str(meta.get("recipe")), RECIPES[DEFAULT_RECIPE])
        settings, notice = self._fitting(meta.get("settings"), model, recipe)
        self._begin(settings, recipe, model)
        self.run.taught = taught if isinstance(taught := meta.get("taught"), int) else 0
        self._test_as_it_came()
        if names := cleaned_class_names(meta.get("class_names")):
            self._class_names[self.settings.data_size == OWN_DATA] = names
        return self._configured(True, f"{notice} {NOT_KEPT}")

    def _test_as_it_came(self) -> None:
        """Note that the network had learned before, and test it unless the test images are still to come."""
        self.run.came_trained = True
        if len(self.run.test):
            self.run.test_now()

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
            return settings, f"Loaded a network, {sizes}. {_missing(known.get('data_size'))}"
        except (ValueError, TypeError):
            settings = base.changed(shape | {"data_size": data_size})
            return settings, f"Loaded a network, {sizes}. Its settings could not be read."


def _missing(data_size: object) -> str:
    """Say which images of a loaded network are not here."""
    if data_size == OWN_DATA:
        return "It was trained on images of your own: load them again to train on."
    if isinstance(data_size, int):
        return f"Of the {data_size:,} images that it was trained on, not all are here."
    return "The images that it was trained on are not here."
