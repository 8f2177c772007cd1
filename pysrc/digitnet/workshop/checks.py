"""Is the lesson's code still right? Checks that anybody would do by hand, each with what it found and what that means.

They call the code that is checked, edited or not, and compare it with numbers of their own. None believes a helper
that may have been edited itself.
"""

import math
from collections.abc import Callable, Sequence
from types import CodeType
from typing import NamedTuple

import numpy as np

from digitnet.dataset import Dataset
from digitnet.workshop.gradients import ParameterCheck, compare_gradients, meaning_of, most_telling
from digitnet.workshop.lesson import Lesson, line_in
from digitnet.workshop.watch import WORK_CLOCK, Runaway, codes_in, time_limit

SECONDS = 2.0  # that all checks together may take …
AT_ONCE = 0.8  # … and any one of them


class Check(NamedTuple):
    """One check's outcome.

    name: a word for programs. title: what was checked. passed. value: the number that it rests on, or None.
    found: what was found, with numbers. meaning: what that usually means, empty where it passed.
    """

    name: str
    title: str
    passed: bool
    value: float | None
    found: str
    meaning: str = ""


class Outcome(NamedTuple):
    """All checks, and of the gradient check every parameter."""

    checks: list[Check]
    parameters: list[ParameterCheck]

    @property
    def gradient_error(self) -> float | None:
        """The largest relative error of a gradient, None where there is none to compare."""
        errors = [p.error for p in self.parameters if p.error is not None]
        return max(errors) if errors and len(errors) == len(self.parameters) else None


class FailedError(Exception):
    """A check has found something: the number, what was found and what it usually means."""

    def __init__(self, found: str, meaning: str, value: float | None = None) -> None:
        """Keep all three."""
        super().__init__(found)
        self.found, self.meaning, self.value = found, meaning, value


def run_checks(lesson: Lesson, data: Dataset, activation: str = "relu") -> Outcome:
    """Run every check on a lesson; `data`: labelled digits to learn from, at least a hundred."""
    parameters: list[ParameterCheck] = []

    def gradients() -> tuple[float, str]:
        parameters[:] = compare_gradients(lesson.network.MLP, activation)
        if most_telling(parameters) is None:
            parameters[:] = compare_gradients(lesson.network.MLP, activation, l2=0.1)
            if (wrong := most_telling(parameters)) is not None:
                meaning = (
                    "Without L2 all gradients are right. It adds l2 · W to a weight's gradient, whatever the batch."
                )
                raise FailedError(f"With L2, {wrong.sentence()}", meaning, wrong.error)
        elif (wrong := most_telling(parameters)) is not None:
            raise FailedError(wrong.sentence(), meaning_of(wrong), wrong.error)
        worst = max(parameters, key=lambda p: p.error or 0.0)
        return worst.error or 0.0, f"The largest relative difference is {worst.error or 0:.1e}: {worst.sentence()}"

    codes = [code for file in lesson.edits for code in codes_in(lesson.modules[file.removesuffix(".py")])]
    checks: list[Check] = []
    start = WORK_CLOCK()
    for name, title, look in (
        ("gradients", "Backpropagation agrees with slopes measured by moving each parameter a little", gradients),
        ("softmax", "Softmax and the loss stay finite at scores of ±1,000", lambda: softmax_at_a_thousand(lesson)),
        ("shapes", "Every array has the shape that it should have", lambda: shapes(lesson, activation)),
        ("by-hand", "One step of a network with two hidden units, as worked out by hand", lambda: one_step(lesson)),
        ("optimizers", "Two steps of each optimizer, as worked out by hand", lambda: two_updates(lesson)),
        ("seeds", "Equal seeds give equal runs, another seed another run", lambda: seeds(lesson, data)),
        ("by-heart", "It learns ten digits by heart", lambda: by_heart(lesson, data)),
        ("digits", "The loss falls on real digits", lambda: loss_falls(lesson, data)),
    ):
        left = SECONDS - (WORK_CLOCK() - start)
        with np.errstate(all="ignore"):
            checks.append(_checked(name, title, look, lesson, codes, max(0.1, min(AT_ONCE, left))))
    return Outcome(checks, parameters)


def _checked(
    name: str,
    title: str,
    look: Callable[[], tuple[float | None, str]],
    lesson: Lesson,
    codes: Sequence[CodeType],
    seconds: float,
) -> Check:
    """Run one check; whatever the code does in it, there is an outcome."""
    try:
        with time_limit(seconds, codes):
            value, found = look()
        return Check(name, title, True, value, found)
    except FailedError as failed:
        return Check(name, title, False, failed.value, failed.found, failed.meaning)
    except Runaway as runaway:
        return Check(name, title, False, None, str(runaway), "A loop whose condition never becomes false.")
    except (Exception, SystemExit) as error:  # whatever edited code may raise
        where = next(
            (f" ({file}, line {line})" for file in lesson.edits if (line := line_in(error, lesson.filename(file)))), ""
        )
        return Check(name, title, False, None, f"{type(error).__name__}: {error}{where}", "The code stopped here.")


# ---- each check returns the number that it rests on and what it found, or raises FailedError ----


def softmax_at_a_thousand(lesson: Lesson) -> tuple[float | None, str]:
    """exp(1000) overflows unless the maximum is subtracted; a probability of 0 has no logarithm."""
    logits = np.array([[1000.0, -1000.0, 0.0], [-1000.0, -1000.0, -1000.0]])
    p: np.ndarray = np.asarray(lesson.losses.softmax(logits))
    if not np.isfinite(p).all():
        raise FailedError(
            f"softmax of 1000, -1000, 0 is {_row(p[0])}.", "exp() has overflowed: subtract the row's maximum first."
        )
    if not np.allclose(p, np.array([[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]])):
        raise FailedError(
            f"softmax of 1000, -1000, 0 is {_row(p[0])}, and of three equal scores {_row(p[1])}.",
            "Each row is exp(z) divided by the sum over that row: check the axis and keepdims.",
        )
    loss, gradient = lesson.losses.softmax_cross_entropy(logits, np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]))
    expected = (2000 + math.log(3)) / 2
    if not (math.isfinite(loss) and np.isfinite(gradient).all()):
        raise FailedError(
            f"The loss there is {loss}.", "log(0): take the logarithm of softmax as z - max - log Σ exp(z - max)."
        )
    if not math.isclose(loss, expected, rel_tol=1e-6):
        raise FailedError(
            f"The loss there is {loss:.6g}, not {expected:.6g}.",
            "It is the mean over the rows of minus the logarithm of the right class's probability.",
            float(loss),
        )
    return float(loss), f"Probabilities add up to 1, the loss is {loss:.6g} as it should be."


def shapes(lesson: Lesson, activation: str) -> tuple[float | None, str]:
    """Forward gives a matrix a layer, the gradients fit the parameters."""
    model = lesson.network.MLP((6, 5, 4, 3), activation, rng=0)
    X, Y = np.ones((7, 6), np.float32), np.eye(3, dtype=np.float32)[np.arange(7) % 3]
    activations = model.forward(X)
    found = [np.shape(a) for a in activations]
    if found != [(7, 6), (7, 5), (7, 4), (7, 3)]:
        raise FailedError(
            f"forward of 7 samples through 6-5-4-3 has the shapes {found}.",
            "It returns the input and each layer's activations, a row a sample: (7, 6), (7, 5), (7, 4), (7, 3).",
        )
    _, grads = model.loss_and_grads(X, Y)
    got, wanted = [np.shape(g) for g in grads], [p.shape for p in model.params]
    if got != wanted:
        raise FailedError(
            f"The gradients have the shapes {got}, the parameters {wanted}.",
            "A bias's gradient is summed over the batch only (axis=0), a weight's is aᵀ dz.",
        )
    return None, "Activations and gradients fit."


def one_step(lesson: Lesson) -> tuple[float | None, str]:
    """x = (1, 2), class 0, through 2-2-2 with ReLU: z1 = (2, 3.5), loss = log(1 + e^1.5), dz2 = (-0.8176, 0.8176)."""
    model = lesson.network.MLP((2, 2, 2), "relu", rng=0, dtype=np.float64)
    model.params = [
        np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([0.0, 0.5]), np.eye(2), np.zeros(2),
    ]  # fmt: skip
    loss, grads = model.loss_and_grads(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]))
    expected, d = math.log(1 + math.exp(1.5)), 0.8175744761936437
    if not math.isclose(loss, expected, rel_tol=1e-9):
        raise FailedError(
            f"The loss is {loss:.6g}; by hand it is {expected:.6g}.", "Look at forward, then at the loss.", float(loss)
        )
    wanted = [
        np.array([[-d, d], [-2 * d, 2 * d]]), np.array([-d, d]), np.array([[-2 * d, 2 * d], [-3.5 * d, 3.5 * d]]),
        np.array([-d, d]),
    ]  # fmt: skip
    for name, grad, by_hand in zip(("dW1", "db1", "dW2", "db2"), grads, wanted, strict=True):
        if np.shape(grad) != by_hand.shape or not np.allclose(grad, by_hand):
            raise FailedError(
                f"{name} is {_row(np.ravel(grad))}; by hand it is {_row(by_hand.ravel())}.",
                "The loss is right, so the fault lies in the backward pass.",
            )
    return float(loss), f"Loss {loss:.6g} and all four gradients are those worked out by hand."


def two_updates(lesson: Lesson) -> tuple[float | None, str]:
    """w = 1, gradients 2 and then -1, learning rate 0.1."""
    m_hat, s_hat = (0.9 * 0.2 - 0.1) / 0.19, (0.999 * 0.004 + 0.001) / (1 - 0.999**2)
    for name, expected, meaning in (
        ("SGD", 1 - 0.1 * 2 + 0.1 * 1, "w ← w - lr g."),
        ("Momentum", 1 - 0.1 * 2 - 0.1 * (0.9 * 2 - 1), "v ← β v + g, then w ← w - lr v."),
        (
            "Adam", 0.9 - 0.1 * m_hat / (math.sqrt(s_hat) + 1e-8),
            "Divide m by 1 - β₁ᵗ and s by 1 - β₂ᵗ, with t counting the steps, not the parameters.",
        ),
    ):  # fmt: skip
        optimizer, w, other = getattr(lesson.optimizers, name)(0.1), np.array([1.0]), np.array([[0.0]])
        for g in (2.0, -1.0):
            optimizer.step([w, other], [np.array([g]), np.array([[1.0]])])
        if not math.isclose(w[0], expected, rel_tol=1e-6):
            raise FailedError(
                f"After two steps of {name}, w is {w[0]:.6g}; by hand it is {expected:.6g}.", meaning, float(w[0])
            )
    return None, "SGD, Momentum and Adam end where they should."


def _losses(lesson: Lesson, data: Dataset, seed: int, steps: int, layers: tuple[int, ...] = (16,)) -> list[float]:
    config = lesson.training.TrainConfig(epochs=50, batch_size=20, optimizer="sgd", lr=0.1, seed=seed)
    model = lesson.network.MLP((784, *layers, 10), rng=seed)
    progress = lesson.training.train(model, data, config)
    return [next(progress).batch_loss for _ in range(steps)]


def seeds(lesson: Lesson, data: Dataset) -> tuple[float | None, str]:
    """Two runs of one seed, one of another."""
    few = data.take(slice(0, 60))
    first, again, other = (_losses(lesson, few, seed, 5) for seed in (0, 0, 1))
    if first != again:
        step = next(i for i, (a, b) in enumerate(zip(first, again, strict=True), 1) if a != b)
        raise FailedError(
            f"With the same seed the losses differ from step {step} on.",
            "Some random numbers do not come from the generator that is made from the seed.",
        )
    if first == other:
        raise FailedError("Two seeds give the very same run.", "The seed is not used.")
    return first[-1], f"Five steps with seed 0 twice: {_row(np.array(first))} both times."


def by_heart(lesson: Lesson, data: Dataset) -> tuple[float | None, str]:
    """A network that cannot learn ten samples by heart cannot learn."""
    ten = data.take(slice(0, 10))
    config = lesson.training.TrainConfig(epochs=60, batch_size=10, optimizer="adam", lr=0.01)
    steps = list(lesson.training.train(lesson.network.MLP((784, 32, 10), rng=0), ten, config))
    if not steps:
        raise FailedError("Training on ten digits yields not one step.", "The short last batch is dropped?")
    last = steps[-1]
    if not (last.loss < 0.1 and last.train_accuracy == 1):
        raise FailedError(
            f"After 60 epochs on ten digits the loss is {last.loss:.3g}; "
            f"{10 * last.train_accuracy:.0f} of them are read correctly.",
            "The gradients point the wrong way, are too small, or do not reach every layer.",
            float(last.loss),
        )
    return float(last.loss), f"After 60 epochs the loss on them is {last.loss:.3g}."


def loss_falls(lesson: Lesson, data: Dataset) -> tuple[float | None, str]:
    """Thirty steps of plain gradient descent on real digits."""
    losses = _losses(lesson, data.take(slice(0, 600)), 0, 60, (32,))
    start, end = float(np.mean(losses[:5])), float(np.mean(losses[-5:]))
    if not end < 0.8 * start:
        raise FailedError(
            f"In 60 steps of 20 digits the loss went from {start:.3g} to {end:.3g}.",
            "Rising: the update goes uphill. Unchanged: the gradients are too small or not used.",
            end,
        )
    return end, f"In 60 steps of 20 digits it fell from {start:.3g} to {end:.3g}."


def _row(values: np.ndarray) -> str:
    return ", ".join(f"{value:.4g}" for value in np.ravel(values)[:6])
