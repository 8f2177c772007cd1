"""A drawing becomes a digit as MNIST's own were made: cropped, shrunk to 20 pixels, centred."""

from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from digitnet.dataset import SIDE

BOX = 20  # the longest side of a digit
CENTRE = 14.0  # the pixel index that the centre of mass is moved to
FAINT = 0.05  # ink weaker than this share of the strongest does not widen the bounding box


def preprocess_digit(ink: ArrayLike) -> np.ndarray:
    """Return the drawing as MNIST would show it: (784,) float32, k / 255 from 0 to 1, all 0 for an empty one.

    ink: (h, w) bool, integers or floats, 0 = paper, in any unit. Raises ValueError for another number of
    dimensions, negative ink or NaN.

    The digit keeps its proportions; its longest side becomes 20 pixels and its strongest pixel 1; a move by
    whole pixels, which blurs nothing, brings its centre of mass to 13.5 … 14.5. Images of MNIST pass unchanged.
    """
    crop = _crop(checked_ink(ink))
    if not crop.size:
        return np.zeros(SIDE * SIDE, np.float32)

    height, width = crop.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2  # where the crop lies in a square of paper
    average = area_matrix(side, BOX).astype(np.float32)
    down, across = average[:, top : top + height], average[:, left : left + width]
    # down @ crop @ across.T; where NumPy has no BLAS, as in the browser, einsum is the faster product.
    box = down @ np.einsum("ij,kj->ik", crop, across)
    box = np.rint(box * (255 / box.max())) / 255  # in MNIST's own steps

    # The epsilon keeps symmetric digits, which lie on the border between two pixels, from tipping either way.
    dy, dx = (BOX + ceil(CENTRE - 0.5 - at - 1e-6) for at in centre_of_mass(box))
    canvas = np.zeros((SIDE + 2 * BOX, SIDE + 2 * BOX), np.float32)  # wide enough for any centre of mass
    canvas[dy : dy + BOX, dx : dx + BOX] = box
    return canvas[BOX:-BOX, BOX:-BOX].ravel()


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


def _crop(ink: np.ndarray) -> np.ndarray:
    """Return the tight bounding box of the ink as float32, (0, 0) where there is none."""
    if not ink.size or not (row_peaks := ink.max(axis=1)).any():
        return np.zeros((0, 0), np.float32)
    peak = row_peaks.max()
    rows = np.flatnonzero(row_peaks > FAINT * peak)
    ink = ink[rows[0] : rows[-1] + 1]
    columns = np.flatnonzero(ink.max(axis=0) > FAINT * peak)
    ink = ink[:, columns[0] : columns[-1] + 1]
    return (ink / peak if ink.dtype.kind == "f" else ink).astype(np.float32)
