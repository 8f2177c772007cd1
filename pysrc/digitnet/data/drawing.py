"""A drawing becomes a digit as MNIST's own were made: cropped, shrunk to 20 pixels, centred."""

from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from digitnet.dataset import SIDE

BOX = 20  # the longest side of a digit
CENTRE = 14.0  # the pixel index that the centre of mass is moved to
FAINT = 0.05  # ink weaker than this share of the strongest does not widen the bounding box


class Stages(NamedTuple):
    """A drawing on its way to the network, each stage float32, made from the one before.

    crop: (h, w) the bounding box of the ink, in any unit; (0, 0) where there is none. box: (20, 20) or (28, 28), the
    same shrunk, from 0 to 1. digit: (784,), what the network gets.
    """

    crop: np.ndarray
    box: np.ndarray
    digit: np.ndarray


def preprocess_digit(ink: ArrayLike) -> np.ndarray:
    """Return the drawing as MNIST would show it: (784,) float32, k / 255 from 0 to 1, all 0 for an empty one.

    ink: (h, w) bool, integers or floats, 0 = paper, in any unit. Raises ValueError for another number of
    dimensions, negative ink or NaN.

    The digit keeps its proportions; its longest side becomes 20 pixels and its strongest pixel 1; a move by
    whole pixels, which blurs nothing, brings its centre of mass to 13.5 … 14.5. Images of MNIST pass unchanged.
    """
    return preprocessing_stages(ink).digit


def preprocessing_stages(ink: ArrayLike, fit: bool = True, centre: bool = True) -> Stages:
    """Return what preprocess_digit makes of the ink, stage by stage, with some of it left out where asked.

    fit: crop to the bounding box and make its longest side 20 pixels; otherwise the whole drawing is shrunk to 28.
    centre: move the centre of mass to the middle; otherwise the box stays there.
    """
    ink = _scaled(checked_ink(ink))
    crop = _crop(ink)
    room = BOX if fit else SIDE
    if not crop.size:
        return Stages(crop, np.zeros((room, room), np.float32), np.zeros(SIDE * SIDE, np.float32))

    box = _shrunk(crop if fit else ink, room)
    dy = dx = (SIDE - room) // 2
    if centre:
        # The epsilon keeps symmetric digits, which lie on the border between two pixels, from tipping either way.
        dy, dx = (ceil(CENTRE - 0.5 - at - 1e-6) for at in centre_of_mass(box))
    canvas = np.zeros((SIDE + 2 * room, SIDE + 2 * room), np.float32)  # wide enough for any centre of mass
    canvas[room + dy : 2 * room + dy, room + dx : 2 * room + dx] = box
    return Stages(crop, box, canvas[room:-room, room:-room].ravel())


def area_matrix(n_in: int, n_out: int) -> np.ndarray:
    """Return A (n_out, n_in) so that A @ v averages v over n_out equal intervals: its rows sum to 1.

    Input pixel j covers the interval from j to j + 1, output pixel i from i s to (i + 1) s, s = n_in / n_out;
    the weight is the length that they share, divided by s.
    """
    scale = n_in / n_out
    start = np.arange(n_out)[:, np.newaxis] * scale
    pixel = np.arange(n_in)
    shared = np.minimum(start + scale, pixel + 1) - np.maximum(start, pixel)
    weights: np.ndarray = np.maximum(shared, 0) / scale
    return weights


def centre_of_mass(ink: np.ndarray) -> tuple[float, float]:
    """Return the mean row and column index of the ink (h, w), which must have some."""
    rows, columns = ink.sum(axis=1), ink.sum(axis=0)
    total = rows.sum()
    return float(np.arange(len(rows)) @ rows / total), float(np.arange(len(columns)) @ columns / total)


def checked_ink(ink: ArrayLike) -> np.ndarray:
    """Return the ink as an array; ValueError unless it is (h, w) of finite numbers, none negative."""
    array = np.asarray(ink)
    if array.ndim != 2:
        raise ValueError(f"A drawing has two dimensions, height and width; this one has shape {array.shape}.")
    if array.dtype.kind not in "buif":
        raise ValueError(f"A drawing is made of numbers, not {array.dtype}.")
    if array.size and array.dtype.kind in "if" and not 0 <= array.min() <= array.max() < np.inf:
        raise ValueError("A drawing must not have negative, infinite or missing ink.")
    return array


def _scaled(ink: np.ndarray) -> np.ndarray:
    """Return ink as float32; floats of any unit are brought to at most 1 first."""
    peak = ink.max() if ink.size else 0
    return (ink / peak if ink.dtype.kind == "f" and peak > 0 else ink).astype(np.float32)


def _crop(ink: np.ndarray) -> np.ndarray:
    """Return the tight bounding box of float32 ink, (0, 0) where there is none."""
    if not ink.size or not (row_peaks := ink.max(axis=1)).any():
        return np.zeros((0, 0), np.float32)
    faint = FAINT * row_peaks.max()
    rows = np.flatnonzero(row_peaks > faint)
    ink = ink[rows[0] : rows[-1] + 1]
    columns = np.flatnonzero(ink.max(axis=0) > faint)
    return ink[:, columns[0] : columns[-1] + 1]


def _shrunk(ink: np.ndarray, room: int) -> np.ndarray:
    """Return ink (h, w) averaged onto (room, room), its longest side filling it, the strongest pixel 1."""
    height, width = ink.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2  # where the ink lies in a square of paper
    average = area_matrix(side, room).astype(np.float32)
    down, across = average[:, top : top + height], average[:, left : left + width]
    # down @ ink @ across.T; where NumPy has no BLAS, as in the browser, einsum is the faster product.
    box = down @ np.einsum("ij,kj->ik", ink, across)
    shrunk: np.ndarray = np.rint(box * (255 / box.max())) / 255  # in MNIST's own steps
    return shrunk
