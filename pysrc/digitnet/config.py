"""The settings of a training run."""

from dataclasses import dataclass

import numpy as np

from digitnet.network import require_known
from digitnet.optimizers import OPTIMIZERS

SCHEDULES = ("constant", "cosine", "warmup_cosine")
WARMUP = 0.05  # the share of a run over which warmup_cosine raises the rate


@dataclass(frozen=True)
class TrainConfig:
    """Everything that the loop reads; a value out of range raises ValueError.

    epochs: passes over the data. batch_size: samples a step, None for all. optimizer: sgd, momentum or adam.
    lr: learning rate. l2: strength of ½ l2 ΣW². seed: of the order of samples. schedule: constant, cosine
    (from lr to 0 over the run; Loshchilov & Hutter, 2017, without restarts), or warmup_cosine (from 0 to lr over the
    first twentieth of the run, then as cosine). shift: move each batch at random by up to so many pixels. affine: turn,
    slant, stretch and move each image at random, 1 for the usual range. styles: write up to this share of each
    digit's images in other styles. ema: decay of a running average of the weights, 0 for none. evaluate_every:
    epochs between looks at the validation data. patience: stop early after so many looks without a lower validation
    loss, 0 for never.
    """

    epochs: int = 10
    batch_size: int | None = 64
    optimizer: str = "adam"
    lr: float = 0.001
    l2: float = 0.0
    seed: int = 0
    schedule: str = "constant"
    shift: int = 0
    affine: float = 0.0
    styles: float = 0.0
    ema: float = 0.0
    evaluate_every: int = 1
    patience: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot work, in a sentence."""
        _require_integer("Epochs", self.epochs, 1, 100_000)
        if self.batch_size is not None:
            _require_integer("The batch size", self.batch_size, 1, 1_000_000)
        _require_integer("The seed", self.seed, 0, 2**32 - 1)
        _require_integer("The shift", self.shift, 0, 4)
        _require_integer("Epochs between tests", self.evaluate_every, 1, 100_000)
        _require_integer("The patience", self.patience, 0, 100_000)
        if not (_is_number(self.lr) and 0 < self.lr <= 100):  # also False for NaN
            raise ValueError(f"The learning rate must be a number above 0 and at most 100; got {self.lr!r}.")
        _require_number("L2", self.l2, 10)
        _require_number("The affine strength", self.affine, 2)
        _require_number("The share of styles", self.styles, 1)
        _require_number("The decay of the average", self.ema, 0.9999)
        require_known("optimizer", self.optimizer, OPTIMIZERS)
        require_known("schedule", self.schedule, dict.fromkeys(SCHEDULES))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _require_number(what: str, value: object, high: float) -> None:
    if not (_is_number(value) and 0 <= value <= high):  # type: ignore[operator]  # a number, then
        raise ValueError(f"{what} must be a number from 0 to {high:g}; got {value!r}.")


def _require_integer(what: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{what} must be a whole number from {low:,} to {high:,}; got {value!r}.")
