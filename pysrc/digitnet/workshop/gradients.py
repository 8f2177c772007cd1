"""The gradient check in detail: for every parameter, backpropagation against slopes measured by moving each number."""

from typing import Any, NamedTuple

import numpy as np

from digitnet.gradcheck import numerical_gradient, relative_errors

TOLERANCE = 1e-5  # relative error in float64; that of a right gradient is below 1e-7
SIZES = (6, 5, 4, 3)
N = 7  # samples


class ParameterCheck(NamedTuple):
    """One parameter's worst entry.

    name: W1, b1, … error: |g - s| / max(|g| + |s|, 1e-6), None where the shapes do not fit or g is not finite.
    entry: its place. backprop, numerical: g and s there. ratio: g / s where it is the same for all entries, else
    None. shape: of g. wanted: of the parameter.
    """

    name: str
    error: float | None
    entry: tuple[int, ...]
    backprop: float
    numerical: float
    ratio: float | None
    shape: tuple[int, ...]
    wanted: tuple[int, ...]

    def sentence(self) -> str:
        """Say what is worst about it."""
        if self.shape != self.wanted:
            return f"d{self.name} has the shape {self.shape}, {self.name} has {self.wanted}."
        where = ", ".join(map(str, self.entry))
        return f"d{self.name}[{where}] is {self.backprop:.6g} by backpropagation and {self.numerical:.6g} by its slope."


def compare_gradients(network: type[Any], activation: str = "relu", l2: float = 0.0) -> list[ParameterCheck]:
    """Return a check for each parameter of a small network of that class, in float64."""
    rng = np.random.default_rng(3)
    X = rng.standard_normal((N, SIZES[0]))
    Y = np.eye(SIZES[-1])[np.arange(N) % SIZES[-1]]
    model = network(SIZES, activation, "xavier", rng=1, dtype=np.float64)
    for b in model.params[1::2]:
        b[:] = 0.1 + 0.1 * rng.random(b.shape)
    _, grads = model.loss_and_grads(X, Y, l2)
    grads = [np.array(grad, dtype=np.float64) for grad in grads]  # copies: a later call may use the same arrays
    if len(grads) != len(model.params):
        raise ValueError(f"loss_and_grads returns {len(grads)} gradients for {len(model.params)} parameters.")
    return [
        _compare(f"{'Wb'[i % 2]}{i // 2 + 1}", grad, numerical_gradient(model, param, X, Y, l2))
        for i, (param, grad) in enumerate(zip(model.params, grads, strict=True))
    ]


def _compare(name: str, grad: np.ndarray, slopes: np.ndarray) -> ParameterCheck:
    if grad.shape != slopes.shape or not np.isfinite(grad).all():
        return ParameterCheck(name, None, (), np.nan, np.nan, None, grad.shape, slopes.shape)
    errors = relative_errors(grad, slopes)
    index = tuple(int(i) for i in np.unravel_index(np.argmax(errors), errors.shape))
    large = np.abs(slopes) > 1e-4
    ratios = grad[large] / slopes[large]
    is_constant = ratios.size > 1 and np.ptp(ratios) < 1e-3 * max(abs(ratios[0]), 1)
    ratio = float(ratios[0]) if is_constant else None
    return ParameterCheck(
        name, float(errors[index]), index, float(grad[index]), float(slopes[index]), ratio, grad.shape, slopes.shape
    )


def is_right(check: ParameterCheck) -> bool:
    """Tell whether a gradient is as it should be."""
    return check.error is not None and check.error <= TOLERANCE


def most_telling(checks: list[ParameterCheck]) -> ParameterCheck | None:
    """Return the wrong gradient that says most, or None: errors go from the last layer to the first, and a constant
    factor says more than a jumble."""
    wrong = [check for check in checks if not is_right(check)]
    if not wrong:
        return None
    last = [check for check in wrong if check.name[1:] == wrong[-1].name[1:]]
    return next((check for check in last if check.ratio is not None), last[0])


def meaning_of(check: ParameterCheck) -> str:
    """Say what a wrong gradient usually means."""
    kind, name = check.name[0], f"d{check.name}"
    if check.shape != check.wanted:
        if kind == "b" and check.shape == ():
            return f"{name} is one number: summed over everything. Sum over the batch only, with axis=0."
        return "A bias's gradient is dz.sum(axis=0), a weight's aᵀ dz."
    if check.error is None:
        return f"{name} is not finite: a division by zero, or a logarithm of 0."
    ratio = check.ratio
    if ratio is None:
        if kind == "W":
            return f"Not a constant factor. Check which activations {name} is made from, the derivative, and L2."
        return f"Not a constant factor. {name} is the sum of dz over the batch (axis=0)."
    if abs(ratio) < 1e-9:
        return f"{name} is 0: it is not computed, or not passed back to this layer."
    if abs(ratio + 1) < 1e-3:
        return f"{name} has the wrong sign: the gradient of the loss is p - y."
    for factor, reason in (
        (N, "summed where a mean was meant? Divide by the number of samples once."),
        (1 / N, "the mean was taken twice? Divide by the number of samples once only."),
    ):
        if abs(ratio / factor - 1) < 1e-3:
            words = f"{N} times too {'large' if factor > 1 else 'small'}, with {N} samples"
            return f"{name} is {words}: {reason}"
    return f"{name} is {ratio:.3g} times what it should be, everywhere: a factor too much or too few."
