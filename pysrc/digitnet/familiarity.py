"""How unlike the training images a picture is: what softmax, which knows only its classes, cannot say.

A picture is compared with the training images themselves, not with what the network makes of them, so the answer is
the same for every network and at every moment of its training.
"""

import numpy as np

from digitnet import ops
from digitnet.dataset import SHIPPED_FIRST, SIDE

UNFAMILIAR = 0.97  # from here on a picture is called unfamiliar
CELL = 3  # pixels along a side that are averaged: a stroke a pixel beside another still resembles it
CELLS = -(-SIDE // CELL)  # along a side of the picture, which is framed to 30 × 30 pixels
COMPARED = 500  # images whose own nearest neighbours tell what is usual
CHUNK = 500  # so many images exist as floats at a time


class Familiarity:
    """The training images that pictures are compared with, the first 10,000, and how far 500 of them lie apart.

    It depends on the images alone; to make one costs about as much as twenty steps of training.
    """

    def __init__(self, images: np.ndarray) -> None:
        """Take training images, (n, 784) uint8. With fewer than two, nothing is known of what is usual."""
        images = images[:SHIPPED_FIRST]
        n = len(images)
        self._known = np.empty((n, CELLS * CELLS), np.float32)
        for start in range(0, n, CHUNK):
            self._known[start : start + CHUNK] = directions(images[start : start + CHUNK])
        compared = np.linspace(0, n - 1, min(n, COMPARED)).astype(np.intp) if n > 1 else np.arange(0)
        parts = [self._nearest_others(compared[i : i + 100]) for i in range(0, len(compared), 100)]
        self._usual = np.concatenate(parts) if parts else np.empty(0, np.float32)

    def unlikeness(self, image: np.ndarray) -> float | None:
        """Return the share of training images that resemble another one more than `image`, (784,) uint8, does any.

        From 0 to below 1; None where there are fewer than two training images.

        Two pictures are as similar as the cosine between them, and a picture is as familiar as it is similar to its
        nearest neighbour (Sun, Ming, Zhu & Li, "Out-of-distribution detection with deep nearest neighbors", 2022;
        here of pixels in place of activations). Ranked among the same figure of the training images it is 1 minus a
        conformal p-value (Bates, Candès, Lei, Romano & Sesia, "Testing for outliers with conformal p-values", 2023):
        of new images from where the training images come from, about 3 % are at 0.97 or above.
        """
        if not len(self._usual):
            return None
        nearest = np.einsum("ij,j->i", self._known, directions(image[np.newaxis])[0]).max()
        return int((self._usual > nearest).sum()) / (len(self._usual) + 1)

    def _nearest_others(self, indices: np.ndarray) -> np.ndarray:
        """Return (n,): how similar these of the training images are to the one of the others that is nearest."""
        similarity = ops.matmul(self._known[indices], self._known.T)
        similarity[np.arange(len(indices)), indices] = -1
        nearest: np.ndarray = similarity.max(axis=1)
        return nearest


def directions(images: np.ndarray) -> np.ndarray:
    """Return uint8 images (n, 784) as vectors of length 1, (n, 100) float32: the means of 3 × 3 pixels, scaled.

    Scaled, for thick strokes are no less a digit than thin ones. A blank image stays 0.
    """
    size = CELL * CELLS
    before = (size - SIDE) // 2
    framed = np.zeros((len(images), size, size), np.float32)
    framed[:, before : before + SIDE, before : before + SIDE] = images.reshape(-1, SIDE, SIDE)
    rows = framed[:, 0::CELL] + framed[:, 1::CELL] + framed[:, 2::CELL]
    cells = (rows[:, :, 0::CELL] + rows[:, :, 1::CELL] + rows[:, :, 2::CELL]).reshape(len(images), -1)
    length = np.sqrt(np.einsum("ij,ij->i", cells, cells))[:, np.newaxis]
    unit: np.ndarray = np.divide(cells, length, out=np.zeros_like(cells), where=length > 0)
    return unit
