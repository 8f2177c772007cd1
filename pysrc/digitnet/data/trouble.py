"""What is wrong with the ink of a drawing, whatever a network makes of it."""

import numpy as np
from numpy.typing import ArrayLike

from digitnet.data.drawing import checked_ink

INKED = 0.25  # of the strongest ink: fainter pixels are the soft edge of a stroke
SMALL = 0.1  # of the drawing's shorter side: ink that is no longer than this along any side is a dot
TALL = 0.5  # of the height of all ink: a part as high as this may be a digit of its own


def ink_trouble(ink: ArrayLike) -> str:
    """Return a sentence on what keeps a drawing from being read as one digit, or "".

    ink: (h, w) bool, integers or floats, 0 = paper. ValueError as for preprocess_digit.

    Said are, in this order: only a dot; two or more parts side by side, an empty column between them, each at least
    half as high as the whole (bars and loops of one digit are lower, or lie above one another); ink on the edge.
    """
    array = checked_ink(ink)
    if not array.any():
        return ""
    inked = array > INKED * array.max()
    rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    if max(height, width) <= SMALL * min(array.shape):
        return "Only a dot: draw a larger digit."
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    heights = [np.ptp(np.flatnonzero(inked[:, part].any(axis=1))) + 1 for part in parts]
    if sum(part >= TALL * height for part in heights) > 1:
        return "More than one digit? The network reads one at a time."
    if inked[[0, -1]].any() or inked[:, [0, -1]].any():
        return "The ink reaches the edge of the pad, where it is cut off."
    return ""
