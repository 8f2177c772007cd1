"""What the page says of a run that has ended, natively on MNIST: each rule where it holds, silence where none does."""

import pytest

from digitnet.data.files import load_mnist
from digitnet.dataset import train_validation_test
from digitnet.page.diagnosis import diagnose
from digitnet.page.facts import facts_of
from digitnet.page.run import Run
from digitnet.recipes import recipe_named

pytestmark = pytest.mark.slow  # trains every network of the list: about half a minute

DIGITS = [str(digit) for digit in range(10)]
SGD = {"optimizer": "sgd", "schedule": "constant"}
SIGMOID = {"activation": "sigmoid", "layers": "64,64,64,64,64"}


def rare(*case):
    """A further case of something that another case holds already."""
    return pytest.param(*case, marks=pytest.mark.slow)


@pytest.fixture(scope="module")
def mnist_images(mnist):
    return load_mnist(mnist)


def diagnosed(mnist_images, recipe="quick", **changes):
    """Train a recipe with some changes, and return the finding."""
    recipe = recipe_named(recipe)
    settings = recipe.page_settings().changed(changes)
    train, validation, test = train_validation_test(
        *mnist_images, settings.data_size, settings.seed, recipe.validation_share, recipe.extra_test
    )
    run = Run(settings.model(), train, validation, test, settings)
    while run.advance(10)["state"] == "training":
        pass
    return diagnose(facts_of(run, DIGITS))


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("diverged", SGD | {"learning_rate": 90, "activation": "linear", "layers": "64,64", "epochs": 1}),
        rare("diverged", SGD | {"learning_rate": 0.5, "l2": 10, "epochs": 1}),
        ("identical-units", {"initializer": "zeros", "epochs": 1}),
        rare("identical-units", {"initializer": "zeros", "activation": "sigmoid", "epochs": 1}),
        rare(
            "identical-units",
            {"initializer": "zeros", "activation": "tanh", "layers": "32,16", "l2": 0.01, "epochs": 1},
        ),
        ("l2-too-high", {"l2": 1, "epochs": 1}),
        rare("l2-too-high", {"l2": 0.1, "epochs": 2}),
        rare("l2-too-high", SGD | {"learning_rate": 0.1, "l2": 1, "epochs": 1}),
        ("rate-too-high", {"learning_rate": 1, "epochs": 2}),
        rare("rate-too-high", SGD | {"learning_rate": 30, "epochs": 2}),
        rare("rate-too-high", SGD | {"learning_rate": 30, "layers": "", "epochs": 1}),
        ("dead-units", {"learning_rate": 0.3, "epochs": 2}),
        rare("dead-units", SGD | {"learning_rate": 3, "epochs": 2}),
        ("rate-too-low", {"optimizer": "sgd", "learning_rate": 0.0001, "epochs": 1}),
        rare("rate-too-low", {"optimizer": "sgd", "learning_rate": 0.0001, "epochs": 3}),
        rare("rate-too-low", SGD | {"learning_rate": 0.001, "epochs": 4}),
        rare("rate-too-low", {"learning_rate": 0.00001, "epochs": 2}),
        rare("rate-too-low", SGD | {"learning_rate": 0.1, "batch_size": None, "epochs": 10}),
        ("chance", SGD | SIGMOID | {"learning_rate": 0.1, "epochs": 3}),
        rare("chance", SGD | SIGMOID | {"learning_rate": 0.5, "initializer": "xavier", "epochs": 2}),
        ("overfitting", {"data_size": 10}),
        rare("overfitting", {"data_size": 100, "epochs": 40}),
        rare("overfitting", {"data_size": 1000, "shift": 0, "epochs": 30}),
    ],
)
def test_what_went_wrong(mnist_images, expected, changes):
    finding = diagnosed(mnist_images, **changes)
    assert finding.id == expected, finding.text


@pytest.mark.parametrize(
    ("recipe", "changes"),
    [
        ("quick", {}),
        ("quick", {"epochs": 1}),
        ("quick", {"l2": 0.001, "epochs": 4}),
        rare("quick", {"activation": "sigmoid", "epochs": 4}),
        rare("quick", {"layers": "", "epochs": 4}),
        ("quick", SGD | {"learning_rate": 0.1, "epochs": 3}),
        rare("quick", {"shift": 0}),
        ("modular", {"epochs": 1}),
        rare("ten-hidden", {"epochs": 100}),
        ("minibatch", {"epochs": 1}),
        ("one-by-one", {"epochs": 1}),
    ],
)
def test_nothing_went_wrong(mnist_images, recipe, changes):
    finding = diagnosed(mnist_images, recipe, **changes)
    assert finding == ("", "", "", None, False)


@pytest.mark.slow
def test_a_thousand_images_are_overfitted(mnist_images):
    assert diagnosed(mnist_images, "thousand", epochs=150).id == "overfitting"


@pytest.mark.parametrize(
    "changes",
    [
        {"initializer": "zeros", "epochs": 2},
        {"l2": 1, "epochs": 2},
        {"learning_rate": 1, "epochs": 2},
        rare(SGD | {"learning_rate": 30, "epochs": 2}),
        rare({"learning_rate": 0.3, "epochs": 2}),
        rare({"optimizer": "sgd", "learning_rate": 0.0001, "epochs": 3}),
        rare(SGD | SIGMOID | {"learning_rate": 0.1, "epochs": 3}),
        {"data_size": 10},
    ],
)
def test_the_remedy_helps(mnist_images, changes):
    finding = diagnosed(mnist_images, **changes)
    assert finding.changes
    assert diagnosed(mnist_images, **changes | finding.changes).id != finding.id
