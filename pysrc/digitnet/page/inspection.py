"""What a network has learned, as arrays to draw: pictures of weights, a unit in detail, the strongest connections."""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from digitnet.evaluation import CHUNK
from digitnet.network import MLP


def pixel_deviation(images: np.ndarray) -> np.ndarray:
    """Return each pixel's standard deviation over uint8 images (n, 784), on the scale 0 to 1: (784,) float32.

    A weight times this is what the weight does on these images. Pixels that never carry ink keep the noise that
    they were initialised with; it is multiplied away.
    """
    total, squares = np.zeros(images.shape[1]), np.zeros(images.shape[1])
    for start in range(0, len(images), 1000):  # a thousand at a time: as floats they take eight times the room
        chunk = images[start : start + 1000].astype(np.float32)
        total += chunk.sum(axis=0)
        squares += np.einsum("ij,ij->j", chunk, chunk)
    mean = total / len(images)
    variance = np.maximum(squares / len(images) - mean**2, 0)
    return (np.sqrt(variance) / 255).astype(np.float32)


def weight_tiles(W: np.ndarray, deviation: np.ndarray, start: int = 0, count: int = 128) -> tuple[np.ndarray, float]:
    """Return pictures of the weights (784, units) of units `start` on, int8 (≤ count, 784), and their common scale.

    The scale is the value of weight × pixel deviation that ±127 stands for: the 99.5th percentile of its size. What is
    larger is cut off, so that a few extreme weights don't dim the others. It is 0 where all weights are.
    """
    effect = W[:, start : start + count].T * deviation
    strength = np.abs(effect)
    rank = int(0.995 * (strength.size - 1))
    scale = np.partition(strength, rank, axis=None)[rank] if strength.size else 0.0
    if not np.isfinite(scale) or scale == 0:
        return np.zeros(effect.shape, np.int8), 0.0
    effect *= np.float32(127) / scale
    return np.clip(effect, -127, 127, out=effect).astype(np.int8), float(scale)


class Connections(NamedTuple):
    """The strongest connections into one layer: unit below, unit above, weight × activation."""

    sources: np.ndarray
    targets: np.ndarray
    strengths: np.ndarray


def strongest_connections(model: MLP, activations: list[np.ndarray], count: int = 40) -> list[Connections]:
    """Return, for each layer after the first, the `count` largest |a W| for one sample.

    activations: one vector a layer as from forward, inputs first. The pixels' connections are left to the tiles.
    """
    result = []
    for index in range(1, model.n_layers):
        W, _ = model.layer(index)
        effect = activations[index][:, None] * W
        size = np.abs(effect).ravel()
        best = np.argpartition(size, -min(count, size.size))[-min(count, size.size) :]
        best = best[np.argsort(-size[best])]
        best = best[size[best] > 0]
        sources, targets = np.unravel_index(best, effect.shape)
        result.append(Connections(sources, targets, effect.ravel()[best]))
    return result


def unit_activations(model: MLP, images: np.ndarray, layer: int, unit: int) -> Generator[None, None, np.ndarray]:
    """Return (n,): how strongly one unit (of `layer` 0 on; the last layer's are logits) answers to uint8 images.

    Yields after each chunk of them.
    """
    answers = np.empty(len(images), model.dtype)
    for start in range(0, len(images), CHUNK):
        rows = slice(start, start + CHUNK)
        answers[rows] = model.forward(images[rows] / np.float32(255))[layer + 1][:, unit]
        yield
    return answers
