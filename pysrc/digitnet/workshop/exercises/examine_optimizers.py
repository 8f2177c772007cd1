"""The checks of the optimizers: a few steps with two parameters, in place."""

from collections.abc import Callable
from typing import Any

import numpy as np

from digitnet.workshop.exercises import reference
from digitnet.workshop.exercises.expect import Slip, close, fail, unchanged
from digitnet.workshop.lesson import Lesson

LR = 0.1
STEPS = 4
START = (np.array([[0.5, -1.0, 2.0], [0.1, 0.0, -0.3]]), np.array([1.0, -0.5]))
GRADIENTS = tuple(
    (np.array([[0.4, -2.0, 0.1], [3.0, 0.02, -0.6]]) * factor, np.array([1.0, 0.3]) * factor)
    for factor in (1.0, -0.5, 2.0, 0.25)
)

Path = Callable[[np.ndarray, list[np.ndarray]], np.ndarray]
"""What becomes of one parameter after a step for each gradient."""


def _descend(
    optimizer: Any, formula: str, right: Path, mistakes: list[tuple[Path, str]], second: list[tuple[Path, str]]
) -> None:
    """Take STEPS steps and compare after each; `second`: mistakes that show in the second parameter only."""
    name = type(optimizer).__name__
    params = [w.copy() for w in START]
    for step in range(1, STEPS + 1):
        grads = [g.copy() for g in GRADIENTS[step - 1]]
        optimizer.step(params, grads)
        for i, w in enumerate(params):
            unchanged("A gradient", grads[i], GRADIENTS[step - 1][i])
            so_far = [g[i] for g in GRADIENTS[:step]]
            slips: list[Slip] = [
                (START[i], "nothing has moved: `w = w - …` makes a new array, `w -= …` changes w itself.")
            ]
            slips += [(wrong(START[i], so_far), sentence) for wrong, sentence in [*(second if i else []), *mistakes]]
            expected = right(START[i], so_far)
            slips.append((2 * START[i] - expected, "uphill: the gradient points to where the loss grows. Subtract."))
            plural = "s" if step > 1 else ""
            close(f"After {step} step{plural} of {name}, parameter {i + 1}", w, expected, slips, meaning=formula)


def sgd(lesson: Lesson) -> None:
    """W ← w - lr g."""
    _descend(
        lesson.optimizers.SGD(LR),
        "w ← w - lr g",
        lambda w, gs: w - LR * sum(gs),
        [
            (lambda w, gs: w - sum(gs), "the learning rate is missing."),
            (lambda w, gs: w + LR * sum(gs), "uphill: the gradient points to where the loss grows. Subtract."),
            (lambda w, gs: -LR * gs[-1], "w itself is replaced: subtract lr g from what it was."),
        ],
        [],
    )


def momentum(lesson: Lesson) -> None:
    """V ← β v + g, w ← w - lr v."""

    def path(lr: float = LR, beta: float = 0.9, keep: bool = True) -> Path:
        return lambda w, gs: reference.momentum(w, gs, lr, beta, keep)

    optimizer = lesson.optimizers.Momentum(LR)
    _descend(
        optimizer,
        "first v ← β v + g, then w ← w - lr v",
        path(),
        [
            (path(keep=False), "the velocity is forgotten after each step: that is plain gradient descent."),
            (path(lr=0.1 * LR), "g enters with 1 - β: here it is v ← β v + g, so steps are ten times larger."),
            (path(beta=1.0), "the velocity is never reduced: β is missing."),
            (path(lr=1.0), "the learning rate is missing."),
            (lambda w, gs: w - LR * sum(0.9 * g for g in gs), "β multiplies the old velocity, not the gradient."),
            (_look_ahead, "w moves before v has changed: first the velocity, then the step."),
        ],
        [],
    )
    if [np.shape(v) for v in optimizer.velocities] != [w.shape for w in START]:
        fail("There is one velocity for each parameter, of its shape, kept in self.velocities.")


def _look_ahead(w: np.ndarray, gradients: list[np.ndarray]) -> np.ndarray:
    v = np.zeros_like(w)
    for g in gradients:
        w = w - LR * v
        v = 0.9 * v + g
    return w


def adam(lesson: Lesson) -> None:
    """Adam's update, with the zeros of the start made up for."""

    def path(**mistake: Any) -> Path:
        return lambda w, gs: reference.adam(w, gs, LR, **mistake)

    optimizer = lesson.optimizers.Adam(LR)
    _descend(
        optimizer,
        "m̂ = m / (1 - β₁ᵗ), ŝ = s / (1 - β₂ᵗ), then w ← w - lr m̂ / (√ŝ + ε); t is 1 at the first step",
        path(),
        [
            (path(correct=np.multiply), "the correction is multiplied. Divide m by 1 - β₁ᵗ and s by 1 - β₂ᵗ."),
            (path(correct=lambda m, _: m), "m and s start from zeros, which nothing makes up for: divide by 1 - βᵗ."),
            (path(times=(1,) * STEPS), "t stays 1: it counts the steps, and the power is βᵗ."),
            (path(times=(2, 3, 4, 5)), "t is 2 at the first step, where it should be 1: it counts the steps."),
            (path(times=(1, 3, 5, 7)), "t counts the parameters. It counts the steps: once a call."),
            (path(root=lambda s: s), "the root is missing: divide by √ŝ + ε."),
            (path(share=1.0), "g enters m and s whole: its shares are 1 - β₁ and 1 - β₂."),
            (_without_s, "the division by √ŝ + ε is missing."),
        ],
        [(path(times=(2, 4, 6, 8)), "t counts the parameters: it is 2 here at the first step. It counts the steps.")],
    )
    if optimizer.t != STEPS:
        fail(f"After {STEPS} steps t is {optimizer.t}, expected {STEPS}: it counts the steps, not the parameters.")


def _without_s(w: np.ndarray, gradients: list[np.ndarray]) -> np.ndarray:
    m = np.zeros_like(w)
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * g
        w = w - LR * m / (1 - 0.9**t)
    return w
