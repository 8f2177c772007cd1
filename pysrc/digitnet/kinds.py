"""What the value of a setting may be: each kind reads it from text, checks it and says what it must be."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, override

import numpy as np


class Kind(ABC):
    """What the value of a setting may be."""

    metavar: str  # stands for the value in the command line's help

    def parse(self, text: str) -> object:
        """Return what `text` stands for on the command line; the text itself where it stands for nothing else."""
        return text

    @abstractmethod
    def accept(self, value: object) -> Any:
        """Return the value as a plain one; TypeError or ValueError, without a sentence, for one that cannot be."""

    @property
    @abstractmethod
    def allowed(self) -> str:
        """What the value may be, in words."""

    def requirement(self, subject: str) -> str:
        """Return the sentence that says what the value of `subject` must be, without its full stop."""
        return f"{subject} must be {self.allowed}"


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number from low to high; where `none` is not empty, also None, which it explains."""

    low: int
    high: int
    none: str = ""
    metavar: str = "N"

    @override
    def parse(self, text: str) -> object:
        if self.none and text in ("", "full"):
            return None
        return _converted(int, text)

    @override
    def accept(self, value: object) -> int | None:
        if value is None and self.none:
            return None
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not self.low <= value <= self.high:
            raise ValueError
        return int(value)

    @property
    @override
    def allowed(self) -> str:
        none = f", or {self.none}" if self.none else ""
        return f"a whole number from {self.low:,} to {self.high:,}{none}"


@dataclass(frozen=True)
class Real(Kind):
    """A number from low, or only above it, to high."""

    low: float
    high: float
    only_above: bool = False
    metavar: str = "X"

    @override
    def parse(self, text: str) -> object:
        return _converted(float, text)

    @override
    def accept(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
            raise TypeError
        if not self.low <= value <= self.high or (self.only_above and value == self.low):  # NaN is refused too
            raise ValueError
        return float(value)

    @property
    @override
    def allowed(self) -> str:
        low = f"above {self.low:g} and at most" if self.only_above else f"from {self.low:g} to"
        return f"a number {low} {self.high:g}"


@dataclass(frozen=True)
class Choice(Kind):
    """One of some names."""

    names: Collection[str]
    metavar: str = "NAME"

    @override
    def accept(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.names:
            raise ValueError
        return str(value)

    @property
    @override
    def allowed(self) -> str:
        return f"one of {', '.join(self.names)}"


@dataclass(frozen=True)
class DataSize(Kind):
    """One of some numbers of images, or the visitor's own, for which a word stands."""

    sizes: Collection[int]
    own: str
    metavar: str = "N"

    @override
    def parse(self, text: str) -> object:
        return _converted(int, text)

    @override
    def accept(self, value: object) -> int | str:
        if isinstance(value, str) and value == self.own:
            return self.own
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value not in self.sizes:
            raise ValueError
        return int(value)

    @property
    @override
    def allowed(self) -> str:
        return f"{', '.join(f'{size:,}' for size in self.sizes)} or {self.own!r}"


@dataclass(frozen=True)
class HiddenLayers(Kind):
    """The sizes of the hidden layers: numbers, or text such as "128,64"; "" is none, softmax regression."""

    most: int
    units: int
    metavar: str = "128,64"

    @override
    def accept(self, value: object) -> tuple[int, ...]:
        if isinstance(value, str):
            value = [int(word) for word in re.split(r"[\s,;]+|(?<=\d)-(?=\d)", value) if word]
        size = Whole(1, self.units)
        sizes = tuple(int(size.accept(item) or 0) for item in value)  # type: ignore[attr-defined]  # or a TypeError
        if len(sizes) > self.most:
            raise ValueError
        return sizes

    @property
    @override
    def allowed(self) -> str:
        return f"at most {self.most} hidden layers of 1 to {self.units:,} units each, written as 128,64"

    @override
    def requirement(self, subject: str) -> str:
        return f"Use {self.allowed}"


def _converted(number: type[int] | type[float], text: str) -> object:
    try:
        return number(text)
    except ValueError:
        return text
