"""A photo or scan of one digit becomes ink: uneven light is evened out, the paper's edge and specks are left out."""

import numpy as np

from digitnet.data.drawing import area_matrix, checked_ink

GRID = 12  # blocks along each side for the brightness of the paper
CELLS = 100  # cells along the longer side in which connected ink is found


def ink_from_photo(gray: np.ndarray) -> np.ndarray:
    """Return the ink in a photo or scan of one digit: (h, w) uint8, 0 = paper, all 0 where nothing is written.

    gray: (h, w) uint8 brightness; dark ink on light paper or the reverse, the light may be uneven. Meant for
    pictures of some hundred pixels a side: shrink larger ones first. Raises ValueError for anything else.
    """
    gray = checked_ink(gray)
    if gray.dtype != np.uint8:
        raise ValueError(f"A photo is brightness from 0 to 255 as uint8, not {gray.dtype}.")
    if min(gray.shape, default=0) < GRID:
        return np.zeros(gray.shape, np.uint8)
    if _is_light_on_dark(gray):
        gray = 255 - gray

    # Relative to the paper around it: the share of the light that the ink absorbs.
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
        for row, column in part:  # `part` grows in the loop
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
