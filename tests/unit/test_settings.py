from dataclasses import replace

import numpy as np
import pytest

from digitnet import TrainConfig
from digitnet.kinds import Real, Whole
from digitnet.settings import CHOICES, DECLARATIONS, MAX_HIDDEN_LAYERS, Settings


@pytest.mark.parametrize(
    ("given", "layers"),
    [
        ("128", (128,)),
        ("128,64", (128, 64)),
        (" 64 32 ", (64, 32)),
        ("64-32", (64, 32)),
        ("", ()),
        ([128, 64], (128, 64)),
        (np.array([128, 64]), (128, 64)),
    ],
)
def test_layers_as_text_and_as_numbers(given, layers):
    settings = Settings(layers=given)
    assert settings.layers == layers
    assert settings.sizes == (784, *layers, 10)
    assert Settings(layers=settings.to_dict()["layers"]) == settings


NOT_A_SIZE = "Use at most 10 hidden layers of 1 to 4,096 units each"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": "12,x"}, NOT_A_SIZE),
        ({"layers": "0"}, NOT_A_SIZE),
        ({"layers": "4097"}, NOT_A_SIZE),
        ({"layers": "12,-5"}, NOT_A_SIZE),
        ({"layers": "9" * 5000}, NOT_A_SIZE),
        ({"layers": "1" + ",1" * 10}, NOT_A_SIZE),
        ({"layers": (1.5,)}, NOT_A_SIZE),
        ({"layers": ["12"]}, NOT_A_SIZE),
        ({"layers": (True,)}, NOT_A_SIZE),
        ({"layers": 128}, NOT_A_SIZE),
        ({"layers": None}, NOT_A_SIZE),
        ({"layers": "4096,4096"}, "make .* weights and biases; use at most 16,000,000"),
        ({"data_size": 7}, "The number of training images must be 10, 100, 1,000, 10,000, 42,000, 60,000 or 'own'"),
        ({"data_size": True}, "training images must be"),
        ({"data_size": "10000"}, "training images must be"),
        ({"data_size": None}, "training images must be"),
        ({"data_size": [10]}, "training images must be"),
        ({"evaluate_every": 0}, "Epochs between tests must be a whole number from 1 to 100,000; got 0"),
        ({"evaluate_every": True}, "Epochs between tests must be a whole number"),
        ({"patience": -1}, "The patience must be a whole number from 0"),
        ({"learning_rate": "fast"}, "The learning rate must be a number above 0 and at most 100; got 'fast'"),
        ({"learning_rate": "0.1"}, "learning rate"),
        ({"learning_rate": -0.1}, "learning rate"),
        ({"learning_rate": 0}, "learning rate"),
        ({"learning_rate": float("nan")}, "learning rate must be .* got nan"),
        ({"learning_rate": True}, "learning rate"),
        ({"affine": 2.1}, "The affine strength must be a number from 0 to 2; got 2.1"),
        ({"styles": -0.1}, "The share of styles must be a number from 0 to 1; got -0.1"),
        ({"ema": 1}, "The decay of the average must be a number from 0 to 0.9999; got 1"),
        ({"l2": float("inf")}, "L2 must be a number from 0 to 10; got inf"),
        ({"l2": None}, "L2"),
        ({"batch_size": "64"}, "The batch size must be .* or none for the full batch; got '64'"),
        ({"batch_size": 64.0}, "batch size"),
        ({"epochs": np.True_}, "Epochs must be a whole number"),
        ({"seed": 2**32}, "The seed must be a whole number from 0 to 4,294,967,295"),
        ({"activation": "softplus"}, "The activation must be one of relu, .*; got 'softplus'"),
        ({"optimizer": ["adam"]}, "The optimizer must be one of"),
        ({"schedule": None}, "The schedule must be one of"),
        ({"activation": "x" * 10_000}, "got 'x{59}…"),
        ({"colour": "red"}, "no setting called colour"),
        ({1: "red"}, "no setting called 1"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(changes, message):
    with pytest.raises(ValueError, match=message) as error:
        Settings().changed(changes)
    assert str(error.value).endswith(".")


def test_numpy_scalars_become_plain_numbers():
    given = Settings(
        data_size=np.int64(100), layers=(np.int32(7),), learning_rate=np.float64(0.5), l2=np.int8(1), seed=np.uint8(3)
    )
    assert given == Settings(data_size=100, layers=(7,), learning_rate=0.5, l2=1, seed=3)
    values = [given.data_size, *given.layers, given.learning_rate, given.l2, given.seed]
    assert [type(value) for value in values] == [int, int, float, float, int]


@pytest.mark.parametrize(("name", "declaration"), DECLARATIONS.items())
def test_every_setting_is_explained(name, declaration):
    assert declaration.help
    assert declaration.help[0].isascii()
    assert not declaration.help.endswith(".")
    if name in CHOICES:
        assert getattr(Settings(), name) in CHOICES[name]


@pytest.mark.parametrize("name", [n for n, d in DECLARATIONS.items() if isinstance(d.kind, Whole | Real)])
def test_the_loop_takes_what_the_settings_allow(name):
    kind = DECLARATIONS[name].kind
    Settings(**{name: kind.high}).config()
    Settings(**{name: kind.low + (0.001 if isinstance(kind, Real) else 0)}).config()


def test_the_loop_reads_every_setting_that_it_knows():
    new = {"affine": 0.5, "styles": 0.25, "ema": 0.9, "schedule": "warmup_cosine"}
    config = Settings(
        learning_rate=0.25, batch_size=None, epochs=7, shift=2, l2=0.5, seed=9, optimizer="sgd", **new
    ).config()
    expected = TrainConfig(lr=0.25, batch_size=None, epochs=7, shift=2, l2=0.5, seed=9, optimizer="sgd", **new)
    assert config == expected


def test_what_a_new_network_is_needed_for():
    base = Settings()
    changes = {
        "data_size": 100, "layers": (5,), "activation": "tanh", "initializer": "normal", "optimizer": "sgd",
        "learning_rate": 1.0, "schedule": "cosine", "batch_size": None, "l2": 1.0, "epochs": 3, "seed": 4, "shift": 1,
        "affine": 0.5, "styles": 0.2, "ema": 0.9, "evaluate_every": 2, "patience": 5,
    }  # fmt: skip
    assert changes.keys() == DECLARATIONS.keys()
    needed = {name for name, value in changes.items() if base.needs_new_network(replace(base, **{name: value}))}
    assert needed == {"data_size", "layers", "activation", "initializer", "seed"}


def test_the_largest_networks_can_be_had():
    assert Settings(layers=(4096, 3000)).sizes == (784, 4096, 3000, 10)
    assert len(Settings(layers=(2,) * MAX_HIDDEN_LAYERS).model().params) == 2 * (MAX_HIDDEN_LAYERS + 1)
