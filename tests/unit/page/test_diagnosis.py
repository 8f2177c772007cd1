"""The rules of the diagnosis, on facts made up for them; tests/recipes tries them on MNIST."""

from dataclasses import replace

import numpy as np
import pytest

from digitnet import MLP
from digitnet.page.course import MOST, Course
from digitnet.page.diagnosis import RULES, diagnose
from digitnet.page.facts import Facts, Layer, look_at_layers, shrinkage
from digitnet.settings import Settings


def course(*points, peak=3.0):
    made = Course()
    made.path, made.points = points[-1][0], list(points)
    made.peak, made.peak_step = peak, 7
    return made


GOOD = Facts(
    settings=Settings(), diverged=False, epochs=5, step=500, course=course((0.0, 2.4), (0.25, 0.4), (0.5, 0.15)),
    train_loss=0.1, train_accuracy=0.97, test_accuracy=0.96, test_images=10_000, most_frequent="1", chance=0.1135,
    layers=(Layer(128, False, 9),), shrinkage=1.1, images=1_000,
)  # fmt: skip
GUESSING = replace(GOOD, train_accuracy=0.11, test_accuracy=0.1135, train_loss=2.301)


def with_settings(facts, **changes):
    return replace(facts, settings=facts.settings.changed(changes))


CASES = [
    ("diverged", replace(GUESSING, diverged=True), "diverged at step 501", {"learning_rate": 0.0001}),
    (
        "diverged",
        with_settings(replace(GUESSING, diverged=True), optimizer="sgd", learning_rate=0.5, l2=10),
        "multiplies every weight by 1 − 0.5 × 10 = -4",
        {"l2": 0.0001},
    ),
    (
        "identical-units",
        with_settings(replace(GUESSING, layers=(Layer(128, True, 128),)), initializer="zeros"),
        "All 128 units of the hidden layer are identical (initial weights: zeros)",
        {"initializer": "he"},
    ),
    (
        "l2-too-high",
        with_settings(replace(GUESSING, shrinkage=1e-5, layers=(Layer(128, True, 128),)), l2=1),
        "L2 1 is too high: it has shrunk the weights to less than 0.1 %",
        {"l2": 0.0001},
    ),
    (
        "rate-too-high",
        with_settings(replace(GUESSING, train_loss=6.4), optimizer="sgd", learning_rate=30),
        "training loss was 6.40, more than the 2.30",
        {"learning_rate": 0.1},
    ),
    (
        "rate-too-high",
        with_settings(replace(GUESSING, course=course((0.0, 2.4), (9.0, 2.3), peak=1846)), learning_rate=1),
        "rose from 2.40 to 1,846 at step 7, and after 5 epochs 11.3 % of the test images",
        {"learning_rate": 0.001},
    ),
    (
        "dead-units",
        with_settings(replace(GOOD, test_accuracy=0.2, layers=(Layer(64, False, 3), Layer(64, False, 32)))),
        "32 of 64 units of hidden layer 2 are dead: they output 0 for each of 1,000 training images",
        {"activation": "leaky_relu"},
    ),
    (
        "dead-units",
        with_settings(replace(GOOD, layers=(Layer(64, False, 40),)), activation="tanh", learning_rate=0.3),
        "are saturated: their slope is below 0.0001",
        {"learning_rate": 0.001},
    ),
    (
        "rate-too-low",
        with_settings(
            replace(GUESSING, course=course((0.0, 2.39), (0.1, 2.38), (0.2, 2.37), (0.3, 2.36))),
            optimizer="sgd", learning_rate=0.00001,
        ),
        "learning rate 0.00001 is too low for 500 steps: the loss fell from 2.39 to 2.36",
        {"learning_rate": 0.1},
    ),
    (
        "chance",
        with_settings(
            replace(GUESSING, course=course((0.0, 2.4), (1.0, 2.302), (2.0, 2.301), (3.0, 2.301))),
            activation="sigmoid", layers="9,9,9",
        ),
        "11.3 % of the test images are read correctly; always answering 1 would give 11.3 %. Through 3 layers",
        {"activation": "relu"},
    ),
    (
        "overfitting",
        with_settings(replace(GOOD, train_accuracy=0.9999, test_accuracy=0.9), data_size=1000),
        "99.9 % of the training images are read correctly, but only 90.0 % of the test images, 9.9 points fewer",
        {"data_size": 10_000},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "facts", "words", "changes"), CASES)
def test_each_rule_gives_its_evidence_and_a_remedy(expected, facts, words, changes):
    finding = diagnose(facts)
    assert finding.id == expected
    assert words in finding.text
    assert finding.changes == changes
    facts.settings.changed(changes)  # can be set


def test_the_cases_come_in_the_order_of_the_rules_and_leave_none_out():
    ids = [rule.__name__.replace("_", "-") for rule in RULES]
    assert list(dict.fromkeys(expected for expected, *_ in CASES)) == ids


@pytest.mark.parametrize(
    "facts",
    [
        GOOD,
        replace(GOOD, test_accuracy=0.9201),  # 4.99 points
        replace(GOOD, layers=()),
        replace(GOOD, layers=(Layer(128, False, 63),)),
        with_settings(replace(GOOD, shrinkage=0.4), l2=0.01),
        replace(GOOD, course=course((0.0, 2.4), (0.5, 0.3)), train_accuracy=0.8, test_accuracy=0.9),  # one good epoch
        replace(GOOD, course=course((0.0, 2.4), (0.5, 0.3), peak=1000)),
    ],
)
def test_a_run_without_a_fault_gets_no_diagnosis(facts):
    assert diagnose(facts).plain() == {"id": "", "text": "", "remedy": None}


def test_five_points_are_overfitting_and_nothing_less():
    facts = replace(GOOD, train_accuracy=0.95)
    assert diagnose(replace(facts, test_accuracy=0.90)).id == "overfitting"
    assert diagnose(replace(facts, test_accuracy=0.9002)).id == ""


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_units_without_a_slope_are_counted(activation):
    model = MLP((784, 6, 10), activation, rng=0)
    W, b = model.layer(0)
    b[:2] = -1e3
    images = np.random.default_rng(0).integers(0, 255, (50, 784), dtype=np.uint8)
    assert look_at_layers(model, images) == (Layer(6, False, 2),)
    W[:], b[:] = 0, 0
    assert look_at_layers(model, images)[0].identical


def test_shrinkage_is_1_for_new_weights_and_follows_them():
    model = MLP((784, 64, 10), rng=0)
    assert shrinkage(model) == pytest.approx(1, abs=0.02)
    for W in model.params[::2]:
        W *= 0.1
    assert shrinkage(model) == pytest.approx(0.1, abs=0.002)
    assert shrinkage(MLP((784, 4, 10), init="zeros")) == np.inf


def test_a_course_of_any_length_stays_short_and_keeps_its_ends():
    long = Course()
    long.points = [(0.0, 2.4)]
    data = type("Data", (), {"labels": np.zeros(4, int), "__len__": lambda self: 4})()
    evaluation = type("Evaluation", (), {"probabilities": np.full((4, 10), 0.1, np.float32)})()
    for number in range(1000):
        long.path = number + 1.0
        long.tested(data, evaluation)
    assert len(long.points) <= MOST
    assert long.points[0] == (0.0, 2.4)
    assert long.points[-1] == (1000.0, pytest.approx(np.log(10)))
