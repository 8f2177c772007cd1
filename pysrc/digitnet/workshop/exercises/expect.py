"""Compare what an answer gives with what it should give, and say in a sentence what the difference usually means."""

from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np

from digitnet.workshop.exercises.exercise import Wrong

Slip = tuple[Any, str]
"""What a typical mistake gives in this very case, and the sentence that explains it."""


def array(name: str, value: object, shape: tuple[int, ...]) -> np.ndarray:
    """Return `value` as an array of numbers if it is one of that shape, or raise Wrong."""
    if value is None:
        raise Wrong(f"{name} is None, expected an array of shape {shape}: is a return or an assignment missing?")
    if not isinstance(value, np.ndarray | np.generic | float | int):
        raise Wrong(f"{name} is a {type(value).__name__}, expected an array of shape {shape}.")
    found = np.asarray(value)
    if found.dtype.kind not in "biuf":
        raise Wrong(f"{name} holds {found.dtype}, expected numbers.")
    if found.shape != shape:
        raise Wrong(f"{name} has the shape {found.shape}, expected {shape}: {_about_shapes(found.shape, shape)}")
    return found


def _about_shapes(found: tuple[int, ...], shape: tuple[int, ...]) -> str:
    if found == ():
        return "summed over everything? Use axis=0." if len(shape) == 1 else "one number where an array was meant."
    if found == shape[::-1]:
        return "turned on its side? Look at which factor is transposed, and at their order."
    if found in ((1, *shape), (*shape, 1)):
        return "one axis too many, perhaps from keepdims."
    if len(found) > len(shape):
        return "something is still to be summed over."
    return "which axis is the samples, which the classes or units?"


def number(name: str, value: object) -> float:
    """Return `value` as a number if it is one, or raise Wrong."""
    return float(array(name, value, ()))


def close(
    name: str,
    value: object,
    expected: Any,
    slips: Iterable[Slip] = (),
    n: int = 0,
    meaning: str = "",
    tol: float = 1e-6,
) -> None:
    """Raise Wrong unless `value` has the shape and the numbers of `expected`.

    slips: what typical mistakes would give. n: the number of samples, to recognise sums and means. meaning: what to
    say where nothing else fits. tol: relative to the largest number.
    """
    expected = np.asarray(expected, float)
    slips = list(slips)
    found = np.asarray(value)
    if found.shape != expected.shape:  # a slip may be one of the shape
        for wrong, sentence in slips:
            if found.shape == np.shape(wrong) and found.dtype.kind in "biuf" and _equal(found, np.asarray(wrong), tol):
                raise Wrong(f"{name} has the shape {found.shape}, expected {expected.shape}: {sentence}")
    found = array(name, value, expected.shape).astype(float)
    if _equal(found, expected, tol):
        return
    for wrong, sentence in slips:
        if np.shape(wrong) == found.shape and _is_slip(found, np.asarray(wrong, float), tol):
            raise Wrong(f"{_worst(name, found, expected)}: {sentence}")
    if not np.isfinite(found[np.isfinite(expected)]).all():
        meaning = meaning or "an overflow, a division by zero, or a logarithm of 0"
        raise Wrong(f"{_worst(name, found, expected)}: {meaning}.")
    _about_factor(name, found, expected, n)
    raise Wrong(f"{_worst(name, found, expected)}{f': {meaning}' if meaning else ''}.")


def _is_slip(found: np.ndarray, wrong: np.ndarray, tol: float) -> bool:
    return _equal(found, wrong, tol) if wrong.any() else not found.any()  # rounding is no zero


def _equal(found: np.ndarray, expected: np.ndarray, tol: float) -> bool:
    finite = np.abs(expected[np.isfinite(expected)])
    return bool(np.allclose(found, expected, rtol=tol, atol=tol * max(finite.max(initial=0), 1e-3), equal_nan=True))


def _worst(name: str, found: np.ndarray, expected: np.ndarray) -> str:
    """Name the entry that is most wrong, with both numbers."""
    if not found.shape:
        return f"{name} is {found:.4g}, expected {expected:.4g}"
    error = np.abs(found - expected)
    index = np.unravel_index(np.argmax(np.where(np.isnan(error), np.inf, error)), error.shape)
    where = ", ".join(str(int(i)) for i in index)
    return f"{name}[{where}] is {found[index]:.4g}, expected {expected[index]:.4g}"


def _about_factor(name: str, found: np.ndarray, expected: np.ndarray, n: int) -> None:
    """Raise Wrong if one is a constant multiple of the other."""
    large = np.abs(expected) > 1e-6 * np.abs(expected).max(initial=0)
    if not large.any() or (found[~large] != 0).any():
        return
    ratios = found[large] / expected[large]
    ratio = float(ratios.flat[0])
    if not np.allclose(ratios, ratio, rtol=1e-4) or (found.size == 1 and not _is_telling(ratio, n)):
        return
    if abs(ratio) < 1e-9:
        raise Wrong(f"{_worst(name, found, expected)}, and 0 everywhere: it is not computed yet, or not used.")
    if abs(ratio + 1) < 1e-3:
        raise Wrong(f"{name} has the wrong sign: it is {_few(found)}, expected {_few(expected)}.")
    if n > 1 and abs(ratio / n - 1) < 1e-3:
        raise Wrong(
            f"{name} is {n} times too large, with {n} samples: summed where a mean was meant? Divide by n once."
        )
    if n > 1 and abs(ratio * n - 1) < 1e-3:
        raise Wrong(f"{name} is {n} times too small, with {n} samples: is the mean taken twice? Divide by n only once.")
    raise Wrong(
        f"{name} is {ratio:.4g} times what it should be ({_few(found)}, expected {_few(expected)}): a factor is too "
        "much, or missing."
    )


def _is_telling(ratio: float, n: int) -> bool:
    return any(abs(ratio / factor - 1) < 1e-3 for factor in (-1, 2, 0.5, n or 1, 1 / (n or 1)))


def _few(values: np.ndarray) -> str:
    shown = ", ".join(f"{value:.4g}" for value in values.ravel()[:3])
    return f"{shown}, …" if values.size > 3 else shown


def unchanged(name: str, value: np.ndarray, before: np.ndarray) -> None:
    """Raise Wrong if an array that was only lent has been written to."""
    if not np.array_equal(value, before):
        raise Wrong(f"{name} was changed by the call: operators such as -= write into the array that was given.")


def fail(message: str) -> NoReturn:
    """Raise Wrong."""
    raise Wrong(message)
