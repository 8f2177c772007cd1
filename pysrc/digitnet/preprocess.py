"""A drawing or a photo becomes a digit as MNIST's own were made: cropped, shrunk to 20 pixels, centred."""

import numpy as np
from numpy.typing import ArrayLike

SIDE = 28
BOX = 20  # the longest side of a digit
CENTRE = 14.0  # the pixel index that the centre of mass is moved to
FAINT = 0.05  # ink weaker than this share of the strongest does not widen the bounding box


def preprocess_digit(ink: ArrayLike) -> np.ndarray:
    """Return the drawing as MNIST would show it: (784,) float32 in [0, 1], all 0 for an empty one.

    ink: (h, w) bool, integers or floats, 0 = paper, in any unit. Raises ValueError for another number of
    dimensions, negative ink or NaN.

    The digit keeps its proportions; its longest side becomes 20 pixels and its strongest pixel 1; a move by
    whole pixels, which blurs nothing, brings its centre of mass within half a pixel of index 14. Images of
    MNIST pass unchanged.
    """
    crop = _crop(_checked(ink))
    if not crop.size:
        return np.zeros(SIDE * SIDE, np.float32)

    # Pad to a square, with a rim that shrinks to just under half a pixel: MNIST's strokes end softly, and a
    # network reads pen strokes better with it. At MNIST's own size the rim is nothing.
    height, width = crop.shape
    side = max(height, width) + 2 * (max(height, width) // 42)
    top, left = (side - height) // 2, (side - width) // 2
    average = area_matrix(side, BOX).astype(np.float32)
    down, across = average[:, top : top + height], average[:, left : left + width]
    # down @ crop @ across.T; where NumPy has no BLAS, as in the browser, einsum is the faster product.
    box = down @ np.einsum("ij,kj->ik", crop, across)
    box /= box.max()

    dy, dx = (BOX + round(CENTRE - at) for at in centre_of_mass(box))
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


def _checked(ink: ArrayLike) -> np.ndarray:
    array = np.asarray(ink)
    if array.ndim != 2:
        raise ValueError(f"A drawing has two dimensions, height and width; this one has shape {array.shape}.")
    if array.dtype.kind not in "buif":
        raise ValueError(f"A drawing is made of numbers, not {array.dtype}.")
    if array.size and not 0 <= array.min() <= array.max() < np.inf:
        raise ValueError("A drawing must not have negative, infinite or missing ink.")
    return array


def _crop(ink: np.ndarray) -> np.ndarray:
    """Return the tight bounding box of the ink as float32, (0, 0) where there is none."""
    if not ink.any():
        return np.zeros((0, 0), np.float32)
    limit = FAINT * ink.max()
    rows = np.flatnonzero(ink.max(axis=1) > limit)
    ink = ink[rows[0] : rows[-1] + 1]
    columns = np.flatnonzero(ink.max(axis=0) > limit)
    ink = ink[:, columns[0] : columns[-1] + 1]
    return (ink / ink.max() if ink.dtype.kind == "f" else ink).astype(np.float32)
