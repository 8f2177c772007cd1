"""The pad: what the network reads in a drawing, a photo or an image, and what goes on inside while it does."""

from collections.abc import Buffer

import numpy as np

from digitnet.data.drawing import preprocessing_stages
from digitnet.data.photo import ink_from_photo
from digitnet.data.trouble import ink_trouble
from digitnet.familiarity import UNFAMILIAR, Familiarity
from digitnet.losses import softmax
from digitnet.network import MLP
from digitnet.ops import scale_pixels
from digitnet.page import messages
from digitnet.page.inspection import strongest_connections
from digitnet.page.run import Run
from digitnet.page.votes import votes_between
from digitnet.reports import finite
from digitnet.settings import N_INPUTS


class PadMethods:
    """The part of a Session that deals with the pad."""

    model: MLP
    run: Run
    _familiarity: Familiarity | None  # with the training images; made when first needed
    _seen: np.ndarray | None  # the image on the pad as the network sees it, (784,) uint8; None without one

    def predict(
        self, ink: Buffer, height: int, width: int, fit: bool = True, centre: bool = True
    ) -> messages.Prediction:
        """Read a drawing: uint8 ink, row by row, 0 = paper. An empty one has no digit and no probabilities.

        fit, centre: whether these stages of the preprocessing are made, see preprocessing_stages.
        """
        pixels = _rows(ink, height, width)
        digit = preprocessing_stages(pixels, fit, centre).digit
        return self._read(_bytes(digit), ink_trouble(pixels))

    def stages(self, ink: Buffer, height: int, width: int, fit: bool = True, centre: bool = True) -> messages.Stages:
        """Return what lies between a drawing and the network's input, as pictures; arguments as for predict."""
        crop, box, _ = preprocessing_stages(_rows(ink, height, width), fit, centre)
        return {
            "crop": crop.astype(np.uint8).reshape(-1), "height": crop.shape[0], "width": crop.shape[1],
            "box": _bytes(box).reshape(-1), "side": len(box),
        }  # fmt: skip

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

    def votes(self, count: int = 8) -> messages.Votes:
        """Return why the digit on the pad is read as it is and not as the class with the next score."""
        activations = self._pad_activations()
        if activations is None:
            return {
                "classes": [], "layer": -1, "votes": [], "rest_count": 0, "rest": [], "bias": [], "scores": [],
                "probabilities": [],
            }  # fmt: skip
        winner, other = np.argsort(-activations[-1], kind="stable")[:2].tolist()
        found = votes_between(self.model, activations, winner, other, count)
        return {
            "classes": [winner, other],
            "layer": self.model.n_layers - 2,
            "votes": [
                {
                    "unit": int(unit), "activation": float(found.activations[i]), "parts": found.parts[i].tolist(),
                    "raises": found.raises[i].tolist(), "lowers": found.lowers[i].tolist(),
                }
                for i, unit in enumerate(found.units)
            ],
            "rest_count": len(activations[-2]) - len(found.units),
            "rest": found.rest.tolist(),
            "bias": found.bias.tolist(),
            "scores": found.scores.tolist(),
            "probabilities": softmax(activations[-1])[[winner, other]].tolist(),
        }  # fmt: skip

    def _read(self, seen: np.ndarray, trouble: str = "") -> messages.Prediction:
        self._seen = seen
        activations = self._forward(seen)
        logits = activations[-1]
        is_readable = self._pad_activations() is not None
        probabilities = softmax(logits) if is_readable else np.zeros(len(logits))
        unlikeness = self._unlikeness(seen) if is_readable else None
        return {
            "digit": int(np.argmax(probabilities)) if is_readable else None,
            "probabilities": [float(p) for p in probabilities],
            "seen": seen,
            "activations": [np.ascontiguousarray(a) for a in activations[1:-1]],
            "logits": [finite(z) for z in logits],
            "unlikeness": unlikeness,
            "unfamiliar": unlikeness is not None and unlikeness >= UNFAMILIAR,
            "trouble": trouble,
        }

    def _unlikeness(self, seen: np.ndarray) -> float | None:
        """Return how unlike the training images an image is; None for a network that has not learned from them.

        What it is compared with takes a moment to make, so that waits until it is needed.
        """
        if not self.run.has_learned:
            return None
        if self._familiarity is None:
            self._familiarity = Familiarity(self.run.training.data.images)
        return self._familiarity.unlikeness(seen)

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


def _bytes(pixels: np.ndarray) -> np.ndarray:
    """Return pixels from 0 to 1 as uint8."""
    return np.rint(pixels * 255).astype(np.uint8)
