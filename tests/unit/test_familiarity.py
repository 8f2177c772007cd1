"""How unlike the training images a drawing is, with its error rates on digits, letters and scribbles."""

from functools import partial

import numpy as np
import pytest
from drawings import HEART, LETTERS, STAR, ink, random_strokes, scribble, varied
from writers import random_digits

from digitnet import preprocess_digit
from digitnet.data.files import load_mnist
from digitnet.familiarity import UNFAMILIAR, Familiarity, directions

DRAWN = {
    "letters": [partial(varied, strokes) for strokes in LETTERS.values() for _ in range(6)],
    "hearts": [partial(varied, HEART)] * 40,
    "stars": [partial(varied, STAR)] * 40,
    "scribbles": [scribble] * 40,
    "random strokes": [random_strokes] * 40,
}


@pytest.fixture(scope="module")
def digits(mnist):
    return load_mnist(mnist)


@pytest.fixture(scope="module")
def familiarity(digits):
    train, _ = digits
    return Familiarity(train.images)


def seen(strokes):
    return np.rint(preprocess_digit(ink(strokes)) * 255).astype(np.uint8)


def flagged(familiarity, images):
    return float(np.mean([familiarity.unlikeness(image) >= UNFAMILIAR for image in images]))


@pytest.mark.slow
def test_false_alarms_on_test_digits(digits, familiarity):
    """By construction 3 % of images like the training images; 500 of them tell it to within 1.5 points."""
    _, test = digits
    assert 0.005 < flagged(familiarity, test.images[::8]) < 0.045


def test_the_value_is_a_share_of_the_digits(digits, familiarity):
    _, test = digits
    values = np.array([familiarity.unlikeness(image) for image in test.images[::10]])
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        assert (values < share).mean() == pytest.approx(share, abs=0.06)
    assert 0 <= values.min() <= values.max() < 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "least"),
    [("letters", 0.55), ("hearts", 0.6), ("stars", 0.2), ("scribbles", 0.45), ("random strokes", 0.7)],
)
def test_what_is_no_digit_is_found(familiarity, kind, least):
    rng = np.random.default_rng(1)
    assert flagged(familiarity, [seen(make(rng)) for make in DRAWN[kind]]) >= least


def test_a_training_image_is_as_familiar_as_can_be(digits, familiarity):
    train, _ = digits
    assert {familiarity.unlikeness(image) for image in train.images[:5]} == {0}


def test_with_few_images_it_cannot_be_sure():
    """The largest value is n / (n + 1), which stays below the threshold up to 32 images."""
    few = Familiarity(random_digits(32).images)
    corner = np.zeros(784, np.uint8)
    corner[0] = 255
    assert few.unlikeness(corner) == pytest.approx(32 / 33)
    assert 32 / 33 < UNFAMILIAR <= 33 / 34


@pytest.mark.parametrize("n", [0, 1])
def test_without_two_images_there_is_none(n):
    assert Familiarity(random_digits(n).images).unlikeness(np.zeros(784, np.uint8)) is None


def test_blank_and_equal_images_are_no_trouble():
    same = np.tile(random_digits(1).images, (5, 1))
    assert Familiarity(same).unlikeness(same[0]) == 0
    blank = np.zeros((5, 784), np.uint8)
    assert Familiarity(blank).unlikeness(blank[0]) == 0
    assert Familiarity(same).unlikeness(blank[0]) == pytest.approx(5 / 6)


def test_directions_are_means_of_cells_of_length_one():
    image = np.zeros((28, 28), np.uint8)
    image[2:5, 2:5] = 90  # one cell: pixels 2 to 4, the frame being a pixel wide
    image[5:8, 2:5] = 120
    cells = directions(np.array([image.ravel(), np.zeros(784, np.uint8)])).reshape(2, 10, 10)
    assert cells[0, 1, 1] == pytest.approx(0.6)
    assert cells[0, 2, 1] == pytest.approx(0.8)
    assert np.count_nonzero(cells) == 2
