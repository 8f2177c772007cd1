"""Every setting of a run, declared once.

The fields of `Settings` are the declaration: what a setting may be, how it is explained, whether a change of it needs
a new network. The checks and their sentences, the options of the command line and the choices of the page follow.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any, Literal, Self

import numpy as np

from digitnet.activations import ACTIVATIONS
from digitnet.config import SCHEDULES, TrainConfig
from digitnet.dataset import PIXELS, SHIPPED_FIRST
from digitnet.initializers import INITIALIZERS
from digitnet.kinds import Choice, DataSize, HiddenLayers, Kind, Real, Whole
from digitnet.network import MLP
from digitnet.optimizers import OPTIMIZERS

N_INPUTS, N_CLASSES = PIXELS, 10
MAX_HIDDEN_LAYERS, MAX_UNITS = 10, 4096
MAX_PARAMETERS = 16_000_000  # 64 MB of weights and biases; their gradients and Adam's state are three times as much
DATA_SIZES = (10, 100, 1_000, SHIPPED_FIRST, 42_000, 60_000)
OWN_DATA = "own"


@dataclass(frozen=True)
class Declaration:
    """What is known of a setting besides its name and its default."""

    subject: str  # begins the sentences about it
    kind: Kind
    help: str
    needs_new_network: bool


def _setting(default: Any, subject: str, kind: Kind, text: str, needs_new_network: bool = False) -> Any:
    """Declare a field of `Settings`."""
    declaration = Declaration(subject, kind, text, needs_new_network)
    return field(default=default, metadata={"declaration": declaration})


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, on the page and on the command line; ValueError with a sentence for what cannot be.

    Values are kept as plain ones: NumPy's scalars become Python's, layers written as text become a tuple.
    """

    data_size: int | Literal["own"] = _setting(
        SHIPPED_FIRST,
        "The number of training images",
        DataSize(DATA_SIZES, OWN_DATA),
        "training images of MNIST; with few, the network memorises them",
        needs_new_network=True,
    )
    layers: tuple[int, ...] = _setting(
        (128,),
        "Hidden layers",
        HiddenLayers(MAX_HIDDEN_LAYERS, MAX_UNITS),
        'sizes of the hidden layers, "" for none',
        needs_new_network=True,
    )
    activation: str = _setting(
        "relu",
        "The activation",
        Choice(ACTIVATIONS),
        "the function applied to each hidden unit's sum",
        needs_new_network=True,
    )
    initializer: str = _setting(
        "he",
        "The initialisation",
        Choice(INITIALIZERS),
        "how the first weights are drawn; with zeros, all hidden units stay identical",
        needs_new_network=True,
    )
    optimizer: str = _setting("adam", "The optimizer", Choice(OPTIMIZERS), "how gradients become steps")
    learning_rate: float = _setting(0.001, "The learning rate", Real(0, 100, only_above=True), "how far each step goes")
    schedule: str = _setting(
        "constant", "The schedule", Choice(SCHEDULES),
        "the learning rate over the run; cosine falls to zero, warmup_cosine rises for a twentieth of the run first",
    )  # fmt: skip
    batch_size: int | None = _setting(
        64,
        "The batch size",
        Whole(1, 1_000_000, none="none for the full batch"),
        'images a step, or "full"',
    )
    l2: float = _setting(0.0, "L2", Real(0, 10), "penalises large weights; a little can reduce overfitting")
    epochs: int = _setting(10, "Epochs", Whole(1, 100_000), "passes over the training images")
    seed: int = _setting(
        0, "The seed", Whole(0, 2**32 - 1), "random seed: the same seed repeats the run", needs_new_network=True
    )
    shift: int = _setting(0, "The shift", Whole(0, 4), "shifts training images at random by up to this many pixels")
    affine: float = _setting(
        0.0, "The affine strength", Real(0, 2),
        "turns, slants, stretches and moves each training image at random; 0 is off, 1 is up to 10 degrees, a slant of "
        "0.3, 15 per cent and a pixel",
    )  # fmt: skip
    styles: float = _setting(
        0.0, "The share of styles", Real(0, 1),
        "writes up to this share of each digit's images in other styles: a bar through the 7, a flag on the 1",
    )  # fmt: skip
    ema: float = _setting(
        0.0, "The decay of the average", Real(0, 0.9999),
        "tests and uses a running average of the weights, which keeps this share of itself every eighth step; 0 is off",
    )  # fmt: skip
    evaluate_every: int = _setting(1, "Epochs between tests", Whole(1, 100_000), "epochs between evaluations")
    patience: int = _setting(
        0, "The patience", Whole(0, 100_000),
        "early stopping: ends after so many evaluations without a lower loss on the validation images, "
        "or the test images where there are none; 0 is off",
    )  # fmt: skip

    def __post_init__(self) -> None:
        """Check every setting, then the network that they describe."""
        for name, declaration in DECLARATIONS.items():
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, declaration.kind.accept(value))
            except (TypeError, ValueError):
                requirement = declaration.kind.requirement(declaration.subject)
                raise ValueError(f"{requirement}; got {_shortened(value)}.") from None
        count = parameter_count(self.sizes)
        if count > MAX_PARAMETERS:
            raise ValueError(
                f"Hidden layers {layers_text(self.layers)} make {count:,} weights and biases; "
                f"use at most {MAX_PARAMETERS:,}, with fewer or smaller layers."
            )

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of all layers, inputs and outputs included."""
        return (N_INPUTS, *self.layers, N_CLASSES)

    def config(self) -> TrainConfig:
        """Return what the training loop reads."""
        shared = {f.name for f in fields(TrainConfig)} & DECLARATIONS.keys()
        return TrainConfig(lr=self.learning_rate, **{name: getattr(self, name) for name in shared})

    def model(self, network: type[MLP] = MLP) -> MLP:
        """Return a new network, of that class, its weights drawn from the seed."""
        return network(self.sizes, self.activation, self.initializer, np.random.default_rng(self.seed))

    def changed(self, changes: dict[str, Any]) -> Self:
        """Return these settings with some changed; ValueError for a name or a value that cannot be."""
        unknown = changes.keys() - DECLARATIONS.keys()
        if unknown:
            raise ValueError(f"There is no setting called {', '.join(sorted(map(str, unknown)))}.")
        return replace(self, **changes)

    def needs_new_network(self, other: "Settings") -> bool:
        """Tell whether a run with these settings can not go on with `other`."""
        return any(
            getattr(self, name) != getattr(other, name)
            for name, declaration in DECLARATIONS.items()
            if declaration.needs_new_network
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, the layers written as in "128,64"."""
        return {name: getattr(self, name) for name in DECLARATIONS} | {"layers": layers_text(self.layers)}


DECLARATIONS: dict[str, Declaration] = {f.name: f.metadata["declaration"] for f in fields(Settings)}
CHOICES: dict[str, list[str] | list[int]] = {"data_size": list(DATA_SIZES)} | {
    name: list(declaration.kind.names)
    for name, declaration in DECLARATIONS.items()
    if isinstance(declaration.kind, Choice)
}


def require_digit_sizes(sizes: Sequence[int]) -> None:
    """Raise ValueError unless a network of these sizes takes images of digits and tells ten classes apart."""
    if (sizes[0], sizes[-1]) != (N_INPUTS, N_CLASSES):
        raise ValueError(
            f"This network has {sizes[0]:,} inputs and {sizes[-1]:,} outputs; images of digits need {N_INPUTS} and "
            f"{N_CLASSES}."
        )


def parameter_count(sizes: Collection[int]) -> int:
    """Return the number of weights and biases of a network with these layer sizes."""
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))


def layers_text(layers: tuple[int, ...]) -> str:
    """Return hidden layer sizes as text: "128,64"."""
    return ",".join(map(str, layers))


def _shortened(value: object) -> str:
    """Return a value as Python writes it, in a length that fits into a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
