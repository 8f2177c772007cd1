"""Strokes drawn onto images of digits, as thick as the digits' own; the result is fitted and centred as MNIST's are.

Points are (row, column) in pixels, one for each of n images: arrays (n, 2). A stroke is a list of them, joined by
straight lines.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from digitnet.dataset import PIXELS, SIDE
from digitnet.ops import warp

BOX = 20  # the longest side of a digit of MNIST, in pixels
CENTRE = 14.0  # the pixel index at which MNIST has a digit's centre of mass
INK = 0.4  # a pixel is part of a stroke if it has more than this

Point = np.ndarray
Stroke = list[Point]


class Digits(NamedTuple):
    """Images of one digit, measured: ink (n, 28, 28) from 0 to 1; edges of the ink and width of its strokes (n,)."""

    ink: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    left: np.ndarray
    right: np.ndarray
    pen: np.ndarray

    @property
    def height(self) -> np.ndarray:
        """From the first row of ink to the last, (n,)."""
        return self.bottom - self.top

    def at(self, down: np.ndarray | float, across: np.ndarray | float) -> Point:
        """Return the point at a share of the digit's height and width: (0, 0) is the top left of its box."""
        return point(self.top + down * self.height, self.left + across * (self.right - self.left))

    def on_ink(self, down: np.ndarray | float) -> Point:
        """Return the point amid the ink of the row at a share of the digit's height."""
        row = self.top + down * self.height
        ink = self.ink[np.arange(len(row)), np.rint(row).astype(int)]
        return point(row, (ink * np.arange(SIDE)).sum(axis=1) / np.maximum(ink.sum(axis=1), 1e-6))


def measured(images: np.ndarray) -> Digits:
    """Return where the ink of images (n, 784) lies and how wide its strokes are.

    A stroke of length l and width w has l w of ink and two edges of length l, at which ink turns to paper. So its
    width is twice the ink divided by the length of all edges, which is the sum of the differences between neighbours.
    """
    ink = images.reshape(-1, SIDE, SIDE) / np.float32(255)
    edges = np.hypot(np.diff(ink[:, :, :-1], axis=1), np.diff(ink[:, :-1], axis=2)).sum(axis=(1, 2))
    pen = np.clip(2 * ink.sum(axis=(1, 2)) / np.maximum(edges, 1e-6), 1, 5)
    in_row, in_column = ink.max(axis=2) > INK, ink.max(axis=1) > INK
    top, left = in_row.argmax(axis=1), in_column.argmax(axis=1)
    bottom, right = SIDE - 1 - in_row[:, ::-1].argmax(axis=1), SIDE - 1 - in_column[:, ::-1].argmax(axis=1)
    return Digits(ink, top, bottom, left, right, pen)


def point(row: np.ndarray, column: np.ndarray) -> Point:
    """Return points (n, 2) from their rows and columns (n,)."""
    return np.stack(np.broadcast_arrays(row, column), axis=1)


def turned(way: Point, degrees: np.ndarray | float) -> Point:
    """Return ways (n, 2) turned clockwise."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return point(cos * way[:, 0] + sin * way[:, 1], cos * way[:, 1] - sin * way[:, 0])


def times(way: Point, factor: np.ndarray) -> Point:
    """Return ways (n, 2), each made longer by a factor of its own (n,)."""
    return way * factor[:, np.newaxis]


def curve(start: Point, corner: Point, end: Point, steps: int = 6) -> Stroke:
    """Return a stroke that leaves `start` towards `corner` and arrives at `end` from there (a quadratic Bézier)."""
    return [(1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end for t in np.linspace(0, 1, steps + 1)]


def drawn(images: np.ndarray, strokes: list[Stroke], pen: np.ndarray) -> np.ndarray:
    """Return images (n, 784) with strokes of a width (n,) added, shrunk where they would be too large, and centred.

    As in MNIST, the longest side is at most 20 pixels and the centre of mass is in the middle.
    """
    digits = measured(images)
    points = np.stack([p for stroke in strokes for p in stroke])
    is_empty = ~images.any(axis=1, keepdims=True)
    low = np.where(is_empty, points.min(axis=0), np.minimum(points.min(axis=0), digits.at(0, 0)))
    high = np.where(is_empty, points.max(axis=0), np.maximum(points.max(axis=0), digits.at(1, 1)))
    scale = np.minimum(1, (BOX - 1) / (high - low).max(axis=1))
    middle = (low + high) / 2
    shrunk = warp(images, _fitting(scale, middle)).reshape(-1, SIDE, SIDE)
    fitted = [[times(p - middle, scale) + (SIDE - 1) / 2 for p in stroke] for stroke in strokes]
    ink = np.maximum(shrunk, np.rint(255 * inked(fitted, pen * scale)).astype(np.uint8))
    return centred(ink.reshape(-1, PIXELS))


def inked(strokes: list[Stroke], pen: np.ndarray) -> np.ndarray:
    """Return pictures of strokes, (n, 28, 28) from 0 to 1: ink up to half a pen (n,) from the line, with soft edges."""
    rows, columns = np.indices((SIDE, SIDE), np.float32)
    nearest = np.full((len(pen), SIDE, SIDE), np.inf, np.float32)  # squared distance to the strokes
    for stroke in strokes:
        for start, end in pairwise(stroke):
            y, x = start.astype(np.float32).T[:, :, np.newaxis, np.newaxis]
            dy, dx = (end - start).astype(np.float32).T[:, :, np.newaxis, np.newaxis]
            down, right = rows - y, columns - x
            along = (down * dy + right * dx) / np.maximum(dy * dy + dx * dx, 1e-6)  # 0 at the start, 1 at the end
            along = np.clip(along, 0, 1)
            np.minimum(nearest, (down - along * dy) ** 2 + (right - along * dx) ** 2, out=nearest)
    half = (pen / 2 + 0.5).astype(np.float32)[:, np.newaxis, np.newaxis]
    return np.clip(half - np.sqrt(nearest), 0, 1)


def centred(images: np.ndarray) -> np.ndarray:
    """Return images (n, 784) moved by whole pixels, so that each one's centre of mass is in the middle."""
    ink = images.reshape(-1, SIDE, SIDE).astype(np.float32)
    total, along = np.maximum(ink.sum(axis=(1, 2)), 1), np.arange(SIDE)
    mass = point((ink.sum(axis=2) * along).sum(axis=1) / total, (ink.sum(axis=1) * along).sum(axis=1) / total)
    return warp(images, _fitting(np.ones(len(images)), np.rint(mass - CENTRE) + (SIDE - 1) / 2))


def _fitting(scale: np.ndarray, middle: Point) -> np.ndarray:
    """Return maps for `warp` that shrink images by a scale (n,) and bring a point of each (n, 2) to the middle."""
    none, per_pixel = np.zeros(len(scale)), 1 / scale
    row, column = (middle - times(np.full_like(middle, (SIDE - 1) / 2), per_pixel)).T
    return np.stack([per_pixel, none, row, none, per_pixel, column], axis=1).astype(np.float32)
