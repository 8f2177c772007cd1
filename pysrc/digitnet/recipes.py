"""The named set-ups that a visitor can choose, and the settings that they fill in.

`quick` is ours. The others each rebuild one known from-scratch project, whose own claim stands beside what
the same set-up reaches here.
"""

import re
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import pairwise
from typing import Any, Self

import numpy as np

from digitnet.network import MLP
from digitnet.training import TrainConfig

N_INPUTS, N_CLASSES = 784, 10
MAX_WEIGHTS = 16_000_000  # 64 MB of weights, four times that with Adam's state and the gradients
MAX_LAYERS = 10
DATA_SIZES = (10, 100, 1_000, 10_000, 42_000, 60_000)
OWN_DATA = "own"


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, on the page and on the command line; ValueError for what is out of range.

    layers: hidden layer sizes. data_size: training images, or "own" for the visitor's. batch_size: None is the
    full batch. evaluate_every: epochs between looks at the test set. The rest is as in TrainConfig and MLP.
    """

    data_size: int | str = 10_000
    layers: tuple[int, ...] = (128,)
    activation: str = "relu"
    initializer: str = "he"
    optimizer: str = "adam"
    learning_rate: float = 0.001
    schedule: str = "constant"
    batch_size: int | None = 64
    l2: float = 0.0
    epochs: int = 10
    seed: int = 0
    shift: int = 0
    evaluate_every: int = 1

    def __post_init__(self) -> None:
        """Check what neither the network nor the loop would check without being built."""
        self.config()
        if self.data_size != OWN_DATA and self.data_size not in DATA_SIZES:
            raise ValueError(
                f"Training images can be {', '.join(f'{size:,}' for size in DATA_SIZES)} or your own; "
                f"got {self.data_size!r}."
            )
        if len(self.layers) > MAX_LAYERS or not all(1 <= size <= 4096 for size in self.layers):
            raise ValueError(
                f"Give up to {MAX_LAYERS} hidden layers of 1 to 4,096 units each; got {layers_text(self.layers)}."
            )
        if not isinstance(self.evaluate_every, int) or not 1 <= self.evaluate_every <= 100_000:
            raise ValueError(f"Test every 1 to 100,000 epochs; got {self.evaluate_every!r}.")
        sizes = (N_INPUTS, *self.layers, N_CLASSES)
        weights = sum(a * b for a, b in pairwise(sizes))
        if weights > MAX_WEIGHTS:
            raise ValueError(
                f"Hidden layers {layers_text(self.layers)} make {weights:,} weights; "
                f"stay below {MAX_WEIGHTS:,} with fewer or smaller layers."
            )

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all settings."""
        return tuple(f.name for f in fields(cls))

    def config(self) -> TrainConfig:
        """Return what the training loop reads."""
        return TrainConfig(
            epochs=self.epochs, batch_size=self.batch_size, optimizer=self.optimizer, lr=self.learning_rate,
            l2=self.l2, seed=self.seed, schedule=self.schedule, shift=self.shift,
            evaluate_every=self.evaluate_every,
        )  # fmt: skip

    def model(self) -> MLP:
        """Return a new network, its weights drawn from the seed."""
        return MLP(
            (N_INPUTS, *self.layers, N_CLASSES),
            self.activation, self.initializer, np.random.default_rng(self.seed),
        )  # fmt: skip

    def changed(self, changes: dict[str, Any]) -> Self:
        """Return these settings with some changed; ValueError for a name or a value that cannot be."""
        unknown = set(changes) - set(self.names())
        if unknown:
            raise ValueError(f"There is no setting called {', '.join(sorted(unknown))}.")
        if "layers" in changes:
            changes = {**changes, "layers": parse_layers(changes["layers"])}
        return replace(self, **changes)

    def plain(self) -> dict[str, Any]:
        """Return the settings as a dict of plain values, the layers written as in "128,64"."""
        return {**asdict(self), "layers": layers_text(self.layers)}


def parse_layers(text: str | tuple[int, ...] | list[int]) -> tuple[int, ...]:
    """Return the hidden layer sizes in "128,64"; nothing, for softmax regression, in ""."""
    if not isinstance(text, str):
        return tuple(text)
    words = [word for word in re.split(r"[\s,;-]+", text.strip()) if word]
    if not all(word.isascii() and word.isdigit() and len(word) < 8 for word in words):
        raise ValueError(f"Write hidden layers as numbers with commas between, such as 128,64; got {text!r}.")
    return tuple(map(int, words))


def layers_text(layers: tuple[int, ...]) -> str:
    """Return hidden layer sizes as text: "128,64"."""
    return ",".join(map(str, layers))


@dataclass(frozen=True)
class Recipe:
    """A named set-up.

    claim: what the project that it rebuilds says of itself. goal: the accuracy, as a fraction, that it has to
    reach on its test images; a test holds it. measured: what it did reach, natively, with seed 0.
    page_data_size: training images in the page unless asked. validation_share: of the training images, set
    aside to watch the run. extra_test: unused training images that join the 10,000 test images.
    """

    name: str
    title: str
    about: str
    claim: str
    goal: float
    measured: float
    settings: Settings = field(default_factory=Settings)
    page_data_size: int | None = None
    validation_share: float = 0.0
    extra_test: int = 0

    def page_settings(self) -> Settings:
        """Return the settings that the page starts from."""
        return replace(self.settings, data_size=self.page_data_size or self.settings.data_size)


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "quick",
            "Quick start",
            "One hidden layer, Adam with a falling rate, 10,000 images moved about a little: past 95 % in seconds.",
            claim="",
            goal=0.95,
            measured=0.971,
            settings=Settings(learning_rate=0.004, schedule="cosine", epochs=12, shift=1),
        ),
        Recipe(
            "thousand",
            "A thousand images",
            "Plain gradient descent on 1,000 images at once, tested on 14,000 others: "
            "how far a small data set goes.",
            claim="about 89.5 %",
            goal=0.885,
            measured=0.893,
            settings=Settings(
                data_size=1_000, optimizer="sgd", learning_rate=0.5, batch_size=None, epochs=300,
            ),
            extra_test=4_000,
        ),
        Recipe(
            "modular",
            "Deep and modular",
            "Two hidden layers, Adam in mini-batches, every sixth image set aside to watch the run.",
            claim="train about 95 %, test about 92 %",
            goal=0.97,
            measured=0.984,
            settings=Settings(
                data_size=60_000, layers=(256, 128), learning_rate=0.002, schedule="cosine",
                batch_size=128, epochs=8,
            ),
            validation_share=1 / 6,
        ),
        Recipe(
            "ten-hidden",
            "Ten hidden units",
            "Only ten hidden units, plain gradient descent on all 42,000 images at once.",
            claim="above 90 %",
            goal=0.90,
            measured=0.908,
            settings=Settings(
                data_size=42_000, layers=(10,), optimizer="sgd", learning_rate=0.3, batch_size=None,
                epochs=300,
            ),
        ),
        Recipe(
            "minibatch",
            "Mini-batches",
            "Gradient descent on 64 images at a time: many cheap steps beat few exact ones.",
            claim="above 93 %",
            goal=0.965,
            measured=0.975,
            settings=Settings(
                data_size=60_000, optimizer="sgd", learning_rate=0.1, batch_size=64, epochs=8,
            ),
        ),
        Recipe(
            "one-by-one",
            "One by one",
            "Stochastic gradient descent in the strict sense: an update after every single image.",
            claim="",
            goal=0.97,
            measured=0.98,
            settings=Settings(
                data_size=60_000, layers=(128, 64), initializer="normal", optimizer="sgd",
                learning_rate=0.01, schedule="cosine", batch_size=1, epochs=20,
            ),
            page_data_size=10_000,
        ),
    )
}  # fmt: skip
DEFAULT_RECIPE = "quick"


def recipe_named(name: str) -> Recipe:
    """Return the recipe of that name, or raise ValueError."""
    if name not in RECIPES:
        raise ValueError(f"There is no recipe called {name!r}; choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
