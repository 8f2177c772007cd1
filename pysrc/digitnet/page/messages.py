"""What crosses between the page and Python, declared once: these are the return types of Session's methods.

`web/worker/session.d.ts` is generated from them (python -m sitebuilder.border), so the page is checked against the
same declarations. Arrays and bytes become typed arrays; a number that is not finite becomes null.
"""

from typing import Annotated, Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

# digitnet.settings.Settings as a dict, the recipe's name with it and the layers written as in "128,64".
PlainSettings = Annotated[dict[str, Any], "Settings"]
Changes = Annotated[dict[str, Any], "Partial<Settings>"]

State = Literal["ready", "training", "paused", "done", "diverged", "failed"]

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Progress(TypedDict):
    """Where a run stands. Losses are means; what was not measured is null; `position` and `tested_at` are in epochs.

    `taught`: how many drawings the network was taught last. `tested_after_teaching`: whether it was tested
    last since then, and not trained in between.
    """

    state: State
    message: str
    traceback: str
    epoch: int
    epochs_target: int
    fraction: float
    position: float
    step: int
    samples: int
    seconds: float
    train_loss: float | None
    train_accuracy: float | None
    slice_loss: float | None
    slice_accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None
    tested_at: float | None
    taught: int
    tested_after_teaching: bool
    validation_accuracy: float | None
    samples_per_second: float
    learning_rate: float
    training_images: int
    test_images: int


class FullFigures(TypedDict):
    """What a recipe reaches with all of its images."""

    data_size: int
    must_reach: float
    measured: float


class Recipe(TypedDict):
    """A named set-up; `must_reach` and `measured` are accuracies as fractions, reached with `settings`.

    `full`: the same with all of its images, where the page starts with fewer.
    """

    name: str
    title: str
    about: str
    claim: str
    must_reach: float
    measured: float
    settings: PlainSettings
    full: FullFigures | None


class OwnCounts(TypedDict):
    """How many images of the visitor's own are loaded."""

    train: int
    test: int
    unlabelled: int


class Description(TypedDict):
    """All that the page needs to show its controls."""

    settings: PlainSettings
    recipes: list[Recipe]
    choices: dict[str, list[str] | list[int]]
    shipped_first: int
    most_network_bytes: int
    most_drawings: int
    training_available: int
    own_data: OwnCounts
    sizes: list[int]
    class_names: list[str]
    progress: Progress


class Configured(TypedDict):
    """The outcome of a change of settings, of loading a network, or of loading images of the visitor's own."""

    settings: PlainSettings
    new_network: bool
    notice: str
    sizes: list[int]
    class_names: list[str]
    own_data: OwnCounts
    progress: Progress


class Prediction(TypedDict):
    """What the network reads in one image; `digit` is null for an empty one. `activations` are the hidden layers'.

    `unlikeness`: how unlike the training images it is, from 0 to 1, null where that means nothing; `unfamiliar`:
    whether that is much. `trouble`: a sentence on what is wrong with the ink, or empty.
    """

    digit: int | None
    probabilities: list[float]
    seen: Pixels
    activations: list[Floats]
    logits: list[float | None]
    unlikeness: float | None
    unfamiliar: bool
    trouble: str


class Stages(TypedDict):
    """A drawing between pad and network: its bounding box, and that as a square of `side` pixels."""

    crop: Pixels
    height: int
    width: int
    box: Pixels
    side: int


class PhotoPrediction(Prediction):
    """What the network reads in a photo, and the ink that was found in it, as large as the photo."""

    ink: Pixels


class Drawings(TypedDict):
    """Labelled drawings, one picture after the other."""

    pixels: Pixels
    labels: list[int]


class Taught(TypedDict):
    """What came of teaching the network `drawings`, `rehearsed`: with the images that it was trained on.

    Accuracies are fractions. `own_before` and `own_after` are of as many drawings as were `held_back` in turn from what
    was learned; where that is 0, of all drawings, the very ones that were learned. `taught_before`: whether the network
    may have learned them before, so that what was held back was not.
    """

    drawings: int
    rehearsed: bool
    held_back: int
    taught_before: bool
    own_before: float
    own_after: float
    test_before: float
    test_after: float
    per_class_before: list[float | None]
    per_class_after: list[float | None]
    progress: Progress


class Teaching(TypedDict):
    """How far the teaching is, from 0 to 1, and at its end what came of it."""

    fraction: float
    result: Taught | None


class Samples(TypedDict):
    """One test image of each digit."""

    digits: list[int]
    indices: list[int]


class Batch(TypedDict):
    """Some images of the latest batch, one after the other: as they are in the data, and as the network saw them."""

    originals: Pixels
    seen: Pixels
    labels: list[int]
    step: int


class Tiles(TypedDict):
    """Pictures of the first layer's weights: count * 784 pixels of units `start` on, 127 standing for `scale`."""

    pixels: NDArray[np.int8]
    scale: float
    count: int
    start: int
    total: int
    layer_sizes: list[int]


# "from" is a keyword in Python, so this one is written as a call.
LayerConnections = TypedDict("LayerConnections", {"from": list[int], "to": list[int], "strength": list[float]})
LayerConnections.__doc__ = "Connections into one layer: unit below, unit above, weight × activation."


class Connections(TypedDict):
    """The strongest connections for the digit on the pad, layer by layer from the first hidden one."""

    layers: list[LayerConnections]


class Exciting(TypedDict):
    """Test images that a unit answers to most strongly."""

    indices: list[int]
    labels: list[int]
    activations: list[float | None]


class Unit(TypedDict):
    """One unit in detail; `product`, `preactivation` and `activation` are for the digit on the pad."""

    weights: Floats
    product: Floats
    bias: float | None
    preactivation: float | None
    activation: float | None
    exciting: Exciting
    outgoing: Floats  # to the units of the next layer; none of an output


class Vote(TypedDict):
    """What one unit adds to the scores of two classes, and the classes that it raises and lowers most."""

    unit: int
    activation: float
    parts: list[float]
    raises: list[int]
    lowers: list[int]


class Votes(TypedDict):
    """Why one class and not the next: pairs are for the winner and for the runner-up, and add up to their scores.

    layer: of the units, from 0; -1 where they are pixels. Without a readable digit `classes` is empty.
    """

    classes: list[int]
    layer: int
    votes: list[Vote]
    rest_count: int
    rest: list[float]
    bias: list[float]
    scores: list[float]
    probabilities: list[float]


class SourceLines(TypedDict):
    """The code of a function: its file, its first line's number there, and its text."""

    file: str
    line: int
    text: str


class Remedy(TypedDict):
    """What to do about a finding: the button's label, settings to change, and whether to start over."""

    label: str
    changes: Changes
    reset: bool


class Diagnosis(TypedDict):
    """What went wrong in a run; `id` and `text` are empty where nothing did."""

    id: str
    text: str
    remedy: Remedy | None
