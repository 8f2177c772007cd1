"""What is said of ink that cannot be read as one digit, and that nothing is said of digits."""

import numpy as np
import pytest
from drawings import HEART, LETTERS, arc, ink

from digitnet.data.files import load_mnist
from digitnet.data.trouble import ink_trouble

SEVEN = [[(-0.3, -0.5), (0.3, -0.5), (-0.1, 0.5)]]
BARRED_SEVEN = [*SEVEN, [(-0.25, 0.05), (0.25, 0.05)]]
ONE = [[(0, -0.5), (0, 0.5)]]
OPEN_FOUR = [[(-0.25, -0.5), (-0.3, 0.1), (0.3, 0.1)], [(0.12, -0.3), (0.12, 0.5)]]
BROKEN_FIVE = [[(0.3, -0.5), (-0.05, -0.5)], [(-0.22, -0.5), (-0.22, -0.05), *arc(0, 0.2, 0.6, 0.6, -120, 140)]]
GAPPED_ZERO = [arc(0, 0, 0.7, 1, -70, 250)]
DIGITS = [SEVEN, BARRED_SEVEN, ONE, OPEN_FOUR, BROKEN_FIVE, GAPPED_ZERO]


def moved(strokes, x, y=0.0):
    return [[(u + x, v + y) for u, v in stroke] for stroke in strokes]


@pytest.mark.parametrize("strokes", [*DIGITS, *LETTERS.values(), HEART])
def test_nothing_is_wrong_with_the_ink_of_one_drawing(strokes):
    assert ink_trouble(ink(strokes)) == ""


@pytest.mark.parametrize("first", DIGITS)
def test_two_digits_side_by_side(first):
    for second in DIGITS:
        for y in (-0.2, 0.2):
            assert "More than one digit" in ink_trouble(ink([*first, *moved(second, 1, y)]))


@pytest.mark.slow
def test_hardly_any_digit_of_mnist_is_taken_for_two(mnist):
    _, test = load_mnist(mnist)
    said = [ink_trouble(image.reshape(28, 28)) for image in test.images[:2000]]
    assert sum("More than one" in sentence for sentence in said) <= 10


@pytest.mark.parametrize("at", [(0.2, 0), (-0.2, 0), (0, 0.2), (0, -0.2)])
def test_ink_at_the_edge(at):
    assert "edge of the pad" in ink_trouble(ink(HEART, at=at))
    assert ink_trouble(ink(HEART, at=(at[0] / 2, at[1] / 2))) == ""


@pytest.mark.parametrize("at", [(0, 0), (0.3, -0.2)])
def test_a_dot(at):
    assert "Only a dot" in ink_trouble(ink([[(0, 0)]], at=at))
    assert "Only a dot" in ink_trouble(ink(ONE, share=0.05, at=at))
    assert ink_trouble(ink(ONE, share=0.2, at=at)) == ""


def test_no_ink_is_no_trouble():
    assert ink_trouble(np.zeros((140, 140), np.uint8)) == ""
    assert ink_trouble(np.zeros((0, 0))) == ""


def test_the_unit_of_ink_does_not_matter():
    drawn = ink([*ONE, *moved(SEVEN, 0.8)])
    assert ink_trouble(drawn) == ink_trouble(drawn / 1e9) == ink_trouble(drawn > 100) != ""


def test_malformed():
    with pytest.raises(ValueError, match="two dimensions"):
        ink_trouble(np.zeros(9))
