"""Augmentation: training images changed at random, so that the network learns what stays the same.

A whole batch moves by the same few pixels (`shifted`, cheap), or each image is turned, slanted, stretched and moved
in its own way (an affine map, drawn by `random_affine` and carried out by `ops.warp`).
"""

from collections.abc import Callable

import numpy as np

from digitnet.dataset import PIXELS, SIDE
from digitnet.ops import resampled, warp

KNOTS = 5  # along a side: where `elastic` draws by how much to move
Change = Callable[[np.ndarray], np.ndarray]  # takes images (n, 784) uint8 and returns as many, changed


def random_change(shift: int, affine: float, rng: np.random.Generator) -> Change:
    """Return what changes the images of one batch: all shifted alike, then each warped in its own way.

    shift: by up to so many pixels, 0 for none. affine: the strength of the warp, 0 for none.
    """
    down, right = random_shift(shift, rng) if shift else (0, 0)

    def change(images: np.ndarray) -> np.ndarray:
        if down or right:
            images = shifted(images, down, right)
        return warp(images, random_affine(len(images), affine, rng)) if affine else images

    return change


def random_shift(most: int, rng: np.random.Generator) -> tuple[int, int]:
    """Return by how many pixels to move a batch down and right, each drawn from -most … most."""
    down, right = rng.integers(-most, most, 2, endpoint=True)
    return int(down), int(right)


def shifted(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """Return images (n, 784) moved by some pixels; paper (0) follows, and what crosses the edge is lost."""
    square = images.reshape(-1, SIDE, SIDE)
    moved = np.zeros_like(square)
    (to_rows, from_rows), (to_columns, from_columns) = _overlap(down), _overlap(right)
    moved[:, to_rows, to_columns] = square[:, from_rows, from_columns]
    return moved.reshape(-1, PIXELS)


def random_affine(n: int, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Return n affine maps for `ops.warp`, (n, 6) float32, drawn evenly from a range that `strength` widens.

    At strength 1: up to 10° either way, slanted by up to 0.3, up to 15 % taller or lower, wider or narrower, and
    moved by up to one pixel down or up, right or left.
    """
    turn, slant, height, width, down, right = strength * rng.uniform(-1, 1, (6, n))
    return affine(np.radians(10) * turn, 0.3 * slant, 1 + 0.15 * height, 1 + 0.15 * width, down, right)


def affine(
    angle: np.ndarray, slant: np.ndarray, height: np.ndarray, width: np.ndarray, down: np.ndarray, right: np.ndarray
) -> np.ndarray:
    """Return maps for `ops.warp`, (n, 6) float32, from n numbers of each kind.

    An image is stretched to `height` and `width` times its own, then slanted (its columns move right by `slant`
    pixels a row towards the top), turned clockwise by `angle` (radians), all about its centre, and at last moved
    `down` and `right` (pixels).

    With (y, x) counted from the centre, this takes a point of the image to M (y, x) + (down, right), with
    M = [[cos, sin], [-sin, cos]] [[1, 0], [-slant, 1]] [[height, 0], [0, width]]. A map goes the other way, from a
    pixel of the result to where its ink comes from, so it holds the inverse of M.
    """
    cos, sin = np.cos(angle), np.sin(angle)
    yy, yx = height * (cos - sin * slant), width * sin
    xy, xx = -height * (sin + cos * slant), width * cos
    determinant = height * width
    a, b, d, e = xx / determinant, -yx / determinant, -xy / determinant, yy / determinant
    centre = (SIDE - 1) / 2
    c = centre - a * (centre + down) - b * (centre + right)
    f = centre - d * (centre + down) - e * (centre + right)
    return np.stack([a, b, c, d, e, f], axis=1).astype(np.float32)


def elastic(images: np.ndarray, size: float, rng: np.random.Generator) -> np.ndarray:
    """Return images (n, 784) uint8, each bent as a rubber sheet is: what lies near together moves alike.

    At 5 × 5 knots over the image it draws by how much to move, down and right, from a normal distribution with the
    standard deviation `size` in pixels; between the knots it interpolates (a coarse form of Simard, Steinkraus &
    Platt, 2003, who smooth a move drawn for every pixel).
    """
    share = np.abs(np.linspace(0, KNOTS - 1, SIDE)[:, np.newaxis] - np.arange(KNOTS))
    between = np.maximum(0, 1 - share).astype(np.float32)  # (28, 5): how much of each knot's move a row or column takes
    knots = rng.normal(0, size, (2, len(images), KNOTS, KNOTS)).astype(np.float32)
    down, right = between @ knots @ between.T
    along = np.arange(SIDE, dtype=np.float32)
    y, x = along[:, np.newaxis] + down, along + right
    return resampled(images, np.clip(y, -1, SIDE), np.clip(x, -1, SIDE))


def _overlap(by: int) -> tuple[slice, slice]:
    """Return where the pixels of one axis arrive that are moved by `by`, and where they come from."""
    return slice(max(by, 0), SIDE + min(by, 0)), slice(max(-by, 0), SIDE + min(-by, 0))
