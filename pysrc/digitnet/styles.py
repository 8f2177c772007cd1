"""Writing styles: digits as people write them whom MNIST hardly has.

Much of the world bars its sevens, begins a one with an upstroke and lets the tail of a nine curl; the Americans who
wrote MNIST did not. A style says which strokes to add to each image of a digit, or to draw in its place, within its
box and as thick as its own.
"""

from collections.abc import Callable, Generator
from typing import NamedTuple

import numpy as np

from digitnet.dataset import Dataset, require_labels
from digitnet.strokes import Digits, Point, Stroke, curve, drawn, measured, point, times, turned

AT_ONCE = 256  # images that are drawn on at a time

Between = Callable[[float, float], np.ndarray]  # numbers between two, drawn at random, one for each image (n,)


class Style(NamedTuple):
    """A way to write a digit: its strokes; whether they are drawn in place of its ink, `anew`, or added to it.

    share: of those images of the digit that may be written in a style.
    """

    strokes: Callable[[Digits, Between], list[Stroke]]
    share: float
    anew: bool = False


def slash(digits: Digits, between: Between) -> list[Stroke]:
    """Strike through the 0, from its lower left to its upper right."""
    beyond = between(-0.1, 0.25)
    return [[digits.at(1 + beyond, -beyond), digits.at(-beyond, 1 + beyond)]]


def flag(digits: Digits, between: Between) -> list[Stroke]:
    """Begin the 1 with an upstroke, 5° to 85° from its stem, straight or a little bent."""
    tip, foot = digits.on_ink(0.03), digits.on_ink(0.97)
    way = times(turned(foot - tip, between(5, 85)), between(0.25, 0.95))
    corner = tip + way / 2 + times(turned(way, 90), between(-0.25, 0.1))
    return [curve(tip + way, corner, tip)]


def flag_and_foot(digits: Digits, between: Between) -> list[Stroke]:
    """Begin the 1 with an upstroke, and end it with a line to stand on."""
    return [*flag(digits, between), _across(digits, digits.on_ink(0.97), between(0.2, 0.4), between(-0.05, 0.05))]


def bar(digits: Digits, between: Between) -> list[Stroke]:
    """Bar the stem of the 7, at 42 % to 75 % of its height."""
    return [_across(digits, digits.on_ink(between(0.42, 0.75)), between(0.15, 0.32), between(-0.06, 0.12))]


def tail(digits: Digits, between: Between) -> list[Stroke]:
    """Let the 9 end further down, curled to the left."""
    start, height = digits.on_ink(0.95), digits.height
    down = between(0.05, 0.45) * height
    corner = start + point(down, between(0, 0.25) * height)
    return [curve(start, corner, start + point(down * between(0.5, 1.1), -between(0.1, 1) * height))]


def loop_nine(digits: Digits, between: Between) -> list[Stroke]:
    """Write the 9 as a small loop from which a wide bow goes down and to the left."""
    return [_loop_and_bow(between, digits.at)]


def loop_six(digits: Digits, between: Between) -> list[Stroke]:
    """Write the 6 as a wide bow that ends in a small loop: a 9 upside down."""
    return [_loop_and_bow(between, lambda down, across: digits.at(1 - down, 1 - across))]


def closed_three(digits: Digits, between: Between) -> list[Stroke]:
    """Close the upper half of the 3."""
    start, end = digits.at(between(0, 0.15), between(0, 0.3)), digits.at(between(0.38, 0.52), between(0.35, 0.6))
    return [curve(start, digits.at(between(0.2, 0.4), between(-0.1, 0.3)), end)]


def open_four(digits: Digits, between: Between) -> list[Stroke]:
    """Write the 4 as an L, often a narrow one, and a short stroke through its arm."""
    elbow, across, width = between(0.5, 0.85), between(0.45, 0.85), between(0.4, 1)
    lean = between(-0.1, 0.4)

    def at(down: np.ndarray | float, along: np.ndarray) -> Point:
        return digits.at(down, width * along + lean * (1 - down))

    corner, arm = at(elbow, between(-0.1, 0.1)), at(elbow + between(-0.15, 0.05), between(1, 1.3))
    stem = [at(between(0.1, 0.6), across + between(-0.05, 0.15)), at(1, across - between(-0.05, 0.15))]
    return [[at(0, between(0, 0.3)), corner, arm], stem]


def zigzag_four(digits: Digits, between: Between) -> list[Stroke]:
    """Write the 4 in one stroke: down, across, and in a bow back up into the stem."""
    elbow, across = between(0.5, 0.75), between(0.5, 0.8)
    corner, arm = digits.at(elbow, 0), digits.at(elbow + between(-0.1, 0.05), between(0.9, 1.2))
    top, foot = digits.at(between(0, 0.35), across + between(0, 0.2)), digits.at(1, across - between(0, 0.15))
    return [[digits.at(0, between(0.1, 0.6)), corner, *curve(arm, digits.at(elbow - 0.3, 1.3), top), foot]]


def narrow_eight(digits: Digits, between: Between) -> list[Stroke]:
    """Write the 8 as two narrow loops that cross, begun and ended a little before or behind the top."""
    begin, end = between(-0.1, 0.12), between(0.9, 1.1)
    width, waist, lean = between(0.15, 0.5), between(0.8, 1.3), between(-0.1, 0.3)
    stroke = []
    for t in np.linspace(0, 1, 21):
        angle = 2 * np.pi * (begin + t * (end - begin))
        down = ((1 - np.cos(angle)) / 2) ** waist
        stroke.append(digits.at(down, 0.5 - width * np.sin(2 * angle) + lean * (0.5 - down)))
    return [stroke]


def _loop_and_bow(between: Between, at: Callable[[np.ndarray, np.ndarray], Point]) -> Stroke:
    """Return a stroke that goes round a small loop at the top and on down in a bow to the lower left of a box."""
    height, width, middle = between(0.1, 0.24), between(0.15, 0.45), between(0.3, 0.65)  # half of the loop's, its place
    begin = between(-0.1, 0.3)  # 0 is at its right, a quarter at its top, half at its left
    loop = []
    for t in np.linspace(0, 1, 11):
        angle = 2 * np.pi * (begin + t * (1 - begin))
        loop.append(at(height * (1 - np.sin(angle)), middle + width * np.cos(angle)))
    bottom, left = between(0.8, 1), between(-0.4, 0.5)
    corner = at(bottom + between(0, 0.35), middle + width + between(-0.1, 0.5))
    return [*loop, *curve(loop[-1], corner, at(bottom, left))]


def _across(digits: Digits, middle: Point, half: np.ndarray, rise: np.ndarray) -> Stroke:
    """Return a stroke through a point, `half` to either side and rising by `rise`, as shares of the height."""
    way = point(-rise * digits.height, half * digits.height)
    return [middle - way, middle + way]


STYLES: dict[int, tuple[Style, ...]] = {
    0: (Style(slash, 0.25),),
    1: (Style(flag, 0.8), Style(flag_and_foot, 0.2)),
    3: (Style(closed_three, 0.15),),
    4: (Style(open_four, 0.4, anew=True), Style(zigzag_four, 0.2, anew=True)),
    6: (Style(loop_six, 0.4, anew=True),),
    7: (Style(bar, 1.0),),
    8: (Style(narrow_eight, 0.3, anew=True),),
    9: (Style(tail, 0.6), Style(loop_nine, 0.4, anew=True)),
}


def with_style(images: np.ndarray, style: Style, rng: np.random.Generator) -> np.ndarray:
    """Return images (n, 784) of a digit in another style."""
    digits = measured(images)
    strokes = style.strokes(digits, lambda low, high: rng.uniform(low, high, len(images)))
    return drawn(np.zeros_like(images) if style.anew else images, strokes, digits.pen)


def drawing_styles(data: Dataset, share: float, rng: np.random.Generator) -> Generator[None, None, np.ndarray]:
    """Return a copy of the images (n, 784) in which some are written in the styles of their digits.

    share: of a digit's images, times the style's own share. Yields after each chunk, so that a host can do other
    things in between.
    """
    images, labels = data.images.copy(), require_labels(data)
    for digit, styles in STYLES.items():
        rows = rng.permutation(np.flatnonzero(labels == digit))
        bounds = np.rint(len(rows) * share * np.cumsum([0, *(style.share for style in styles)])).astype(int)
        for style, first, last in zip(styles, bounds[:-1], bounds[1:], strict=True):
            for start in range(first, last, AT_ONCE):
                chunk = rows[start : min(start + AT_ONCE, last)]
                images[chunk] = with_style(images[chunk], style, rng)
                yield
    return images
