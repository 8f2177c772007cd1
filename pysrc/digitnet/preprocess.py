"""A drawing or a photo becomes a digit as MNIST's own were made: cropped, shrunk to 20 pixels, centred."""

from math import ceil

import numpy as np
from numpy.typing import ArrayLike

SIDE = 28
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
    crop = _crop(_checked(ink))
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


def _checked(ink: ArrayLike) -> np.ndarray:
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


# ---- Photos and scans ----

GRID = 12  # blocks along each side for the brightness of the paper
CELLS = 100  # cells along the longer side in which connected ink is found


def ink_from_photo(gray: np.ndarray) -> np.ndarray:
    """Return the ink in a photo or scan of one digit: (h, w) uint8, 0 = paper, all 0 where nothing is written.

    gray: (h, w) uint8 brightness; dark ink on light paper or the reverse, the light may be uneven. Meant for
    pictures of some hundred pixels a side: shrink larger ones first. Raises ValueError for anything else.
    """
    gray = _checked(gray)
    if gray.dtype != np.uint8:
        raise ValueError(f"A photo is brightness from 0 to 255 as uint8, not {gray.dtype}.")
    if min(gray.shape, default=0) < GRID:
        return np.zeros(gray.shape, np.uint8)
    if _is_light_on_dark(gray):
        gray = 255 - gray

    # What share of the light that the paper throws back here does the ink swallow?
    darkness = np.maximum(1 - gray / np.maximum(_paper(gray), 1), 0).astype(np.float32)
    threshold = _threshold(darkness)
    if threshold is None:
        return np.zeros(gray.shape, np.uint8)
    soft = np.clip((darkness - threshold / 2) / threshold, 0, 1)  # a half where it crosses the threshold
    soft[~_written(darkness > threshold)] = 0
    ink: np.ndarray = np.rint(255 * soft).astype(np.uint8)
    return ink


def _is_light_on_dark(gray: np.ndarray) -> bool:
    """Tell whether the rare, extreme pixels are brighter than their surroundings: by the third moment.

    Against the surroundings, block means, because the light may be uneven.
    """
    down, across = (area_matrix(n, 8) for n in gray.shape)
    deviation = gray - _spread(down @ gray.astype(np.float64) @ across.T, gray.shape)
    return float(np.mean(deviation**3)) > 0


def _paper(gray: np.ndarray) -> np.ndarray:
    """Return the brightness of the paper (h, w): that of the bright part of each block, ink painted over.

    A closing (the maximum over the neighbourhood, then the minimum) fills dark places that are narrower than a
    neighbourhood and leaves slopes and wide shadows alone.
    """
    height, width = (-(-n // GRID) for n in gray.shape)
    missing = [(0, height * GRID - gray.shape[0]), (0, width * GRID - gray.shape[1])]
    blocks = np.pad(gray, missing, "edge").reshape(GRID, height, GRID, width)
    bright = np.percentile(blocks, 80, axis=(1, 3))
    closed = _neighbourhoods(_neighbourhoods(bright).max(axis=(2, 3))).min(axis=(2, 3))
    return _spread(_neighbourhoods(closed).mean(axis=(2, 3)), gray.shape)


def _neighbourhoods(grid: np.ndarray) -> np.ndarray:
    """Return (h, w, 3, 3): each value of `grid` (h, w) with its eight neighbours."""
    return np.lib.stride_tricks.sliding_window_view(np.pad(grid, 1, "edge"), (3, 3))


def _spread(grid: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return values given at the centres of k × k blocks, interpolated for every pixel of `shape`."""
    k = len(grid)
    down, across = (
        np.stack([np.interp((np.arange(n) + 0.5) * k / n - 0.5, np.arange(k), unit) for unit in np.eye(k)], axis=1)
        for n in shape
    )
    spread: np.ndarray = down @ grid @ across.T
    return spread


def _threshold(darkness: np.ndarray) -> float | None:
    """Return the darkness between paper and ink that separates them best (Otsu, 1979), None without ink."""
    counts, edges = np.histogram(darkness, 256, (0, 1))
    centres = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts, dtype=float)[:-1]
    above = darkness.size - below
    sums = np.cumsum(counts * centres)
    mean_below = sums[:-1] / np.maximum(below, 1)
    mean_above = (sums[-1] - sums[:-1]) / np.maximum(above, 1)
    best = int(np.argmax(below * above * (mean_above - mean_below) ** 2))
    # Paper has a grain; what does not stand out from it is not writing.
    typical = float(np.median(darkness))
    grain = float(np.median(np.abs(darkness - typical)))
    threshold = max(float(edges[best + 1]), typical + 4 * grain)
    return threshold if mean_above[best] - mean_below[best] > 0.1 else None


def _written(mask: np.ndarray) -> np.ndarray:
    """Return the part of `mask` (h, w) that is the digit, with a margin: no specks, no edge of the paper."""
    height, width = mask.shape
    step = -(-max(height, width) // CELLS)
    rows, columns = np.arange(0, height, step), np.arange(0, width, step)
    cells = np.logical_or.reduceat(np.logical_or.reduceat(mask, rows, axis=0), columns, axis=1)
    last_row, last_column = cells.shape[0] - 1, cells.shape[1] - 1
    parts: list[list[tuple[int, int]]] = []
    left = set(zip(*(axis.tolist() for axis in np.nonzero(cells)), strict=True))
    while left:
        part = [left.pop()]
        for row, column in part:  # grows while it is walked through
            near = {(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= near
            part.extend(near)
        parts.append(part)

    # A digit may touch the edge of the picture; a shadow or the end of the paper runs along it.
    on_edge = [sum(row in (0, last_row) or column in (0, last_column) for row, column in part) for part in parts]
    inner = max((len(part) for part, edge in zip(parts, on_edge, strict=True) if not edge), default=0)
    fifth = 0.4 * (last_row + last_column)  # of the way around
    parts = [
        part for part, edge in zip(parts, on_edge, strict=True) if not edge or (edge < fifth and len(part) > inner)
    ]
    largest = max(map(len, parts), default=0)
    keep = np.zeros((cells.shape[0] + 2, cells.shape[1] + 2), bool)
    for part in parts:
        if len(part) > 0.08 * largest:
            for row, column in part:
                keep[row : row + 3, column : column + 3] = True
    return keep[1:-1, 1:-1].repeat(step, 0).repeat(step, 1)[:height, :width]
