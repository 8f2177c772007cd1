"""Why one class and not another: what each unit of the layer before the outputs adds to two scores.

A score is a sum over these units, activation × weight, plus a bias: the parts shown, the rest and the bias add up to
it. Without a hidden layer the units are the pixels.
"""

from typing import NamedTuple

import numpy as np

from digitnet.network import MLP

CLASSES = 2  # named of those that a unit raises most, and of those that it lowers most


class Votes(NamedTuple):
    """The units that decide between two classes, the most decisive first.

    units: their indices. parts (units, 2): what each adds to the score of either class. activations: of these units.
    rest (2,): what all others add. bias (2,), scores (2,).
    raises, lowers (units, 2): the classes whose scores each unit raises and lowers most.
    """

    units: np.ndarray
    activations: np.ndarray
    parts: np.ndarray
    rest: np.ndarray
    bias: np.ndarray
    scores: np.ndarray
    raises: np.ndarray
    lowers: np.ndarray


def votes_between(model: MLP, activations: list[np.ndarray], winner: int, other: int, count: int) -> Votes:
    """Return how the scores of two classes come about for one sample, with the `count` units that part them most.

    activations: one vector a layer as from forward, inputs first; the last are the scores.
    """
    W, b = model.layer(model.n_layers - 1)
    a = activations[-2].astype(np.float64)
    pair = [winner, other]
    parts = a[:, np.newaxis] * W[:, pair]
    lead = parts[:, 0] - parts[:, 1]
    units = np.argsort(-np.abs(lead), kind="stable")[:count]
    units = units[lead[units] != 0]
    effects = np.argsort(-(a[units, np.newaxis] * W[units]), axis=1, kind="stable")
    return Votes(
        units, a[units], parts[units], parts.sum(axis=0) - parts[units].sum(axis=0),
        b[pair].astype(np.float64), activations[-1][pair].astype(np.float64),
        effects[:, :CLASSES], effects[:, ::-1][:, :CLASSES],
    )  # fmt: skip
