"""The pad: what the network reads in a drawing, a photo or an image, and what goes on inside while it does."""

from collections.abc import Buffer

import numpy as np

from digitnet.data.drawing import preprocess_digit
from digitnet.data.photo import ink_from_photo
from digitnet.losses import softmax
from digitnet.network import MLP
from digitnet.ops import scale_pixels
from digitnet.page import messages
from digitnet.page.inspection import strongest_connections
from digitnet.reports import finite
from digitnet.settings import N_INPUTS


class PadMethods:
    """The part of a Session that deals with the pad."""

    model: MLP
    _seen: np.ndarray | None  # the image on the pad as the network sees it, (784,) uint8; None without one

    def predict(self, ink: Buffer, height: int, width: int) -> messages.Prediction:
        """Read a drawing: uint8 ink, row by row, 0 = paper. An empty one has no digit and no probabilities."""
        pixels = _rows(ink, height, width)
        return self._read(np.rint(preprocess_digit(pixels) * 255).astype(np.uint8))

    def predict_photo(self, gray: Buffer, height: int, width: int) -> messages.PhotoPrediction:
        """Read a photo or scan of one digit, uint8 grey row by row; its ink (uint8, as large) comes along."""
        ink = ink_from_photo(_rows(gray, height, width))
        return {**self.predict(ink, height, width), "ink": ink.reshape(-1)}

    def predict_pixels(self, pixels: Buffer) -> messages.Prediction:
        """Read an image as it is: uint8 (784,), 0 = paper."""
        seen = np.frombuffer(pixels, np.uint8)
        if seen.shape != (N_INPUTS,):
            raise ValueError(f"An image of a digit has {N_INPUTS} pixels, not {seen.size:,}.")
        return self._read(seen)

    def connections(self, count: int = 40) -> messages.Connections:
        """Return the strongest connections for the digit on the pad, layer by layer from the first hidden one."""
        activations = self._pad_activations()
        layers = strongest_connections(self.model, activations, count) if activations else []
        return {
            "layers": [
                {"from": c.sources.tolist(), "to": c.targets.tolist(), "strength": c.strengths.tolist()} for c in layers
            ]
        }

    def _read(self, seen: np.ndarray) -> messages.Prediction:
        self._seen = seen
        activations = self._forward(seen)
        logits = activations[-1]
        is_readable = self._pad_activations() is not None
        probabilities = softmax(logits) if is_readable else np.zeros(len(logits))
        return {
            "digit": int(np.argmax(probabilities)) if is_readable else None,
            "probabilities": [float(p) for p in probabilities],
            "seen": seen,
            "activations": [np.ascontiguousarray(a) for a in activations[1:-1]],
            "logits": [finite(z) for z in logits],
        }

    def _pad_activations(self) -> list[np.ndarray] | None:
        """Return each layer's activations, inputs first, for the image on the pad, by the weights as they are now.

        None for an empty pad, and for a network that has diverged.
        """
        if self._seen is None or not self._seen.any():
            return None
        activations = self._forward(self._seen)
        return activations if np.isfinite(activations[-1]).all() else None

    @np.errstate(over="ignore", invalid="ignore")  # of a network that has diverged
    def _forward(self, seen: np.ndarray) -> list[np.ndarray]:
        return [a[0] for a in self.model.forward(scale_pixels(seen[np.newaxis]))]


def _rows(pixels: Buffer, height: int, width: int) -> np.ndarray:
    """Return bytes as an image (height, width); ValueError unless there are just as many."""
    flat = np.frombuffer(pixels, np.uint8)
    if min(height, width) < 1 or flat.size != height * width:
        raise ValueError(f"An image of {height} × {width} pixels cannot be made of {flat.size:,} bytes.")
    return flat.reshape(height, width)
