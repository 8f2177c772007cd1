"""The check of the gradient check: a right gradient passes, a wrong one does not, and nothing stays changed."""

import numpy as np

from digitnet.workshop.exercises.expect import close, fail, number
from digitnet.workshop.lesson import Lesson


class Cubic:
    """Stands in for a network: the loss is Σ w³ of two parameters, its gradient 3 w², times `factor`."""

    def __init__(self, factor: float) -> None:
        """Begin at fixed numbers."""
        self.params = [np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([1.5])]
        self.factor = factor

    def astype(self, dtype: object) -> "Cubic":
        """Return itself: it is float64 already."""
        return self

    def loss_and_grads(
        self, X: np.ndarray, Y: np.ndarray, l2: float = 0.0, *_: object
    ) -> tuple[float, list[np.ndarray]]:
        """Return loss and gradients."""
        return float(sum((w**3).sum() for w in self.params)), [self.factor * 3 * w**2 for w in self.params]


def gradient_check(lesson: Lesson) -> None:
    """A right gradient has almost no error, a wrong one a large one, and the parameters stay as they were."""
    X = Y = np.ones((1, 1))
    model = Cubic(1.0)
    before = [w.copy() for w in model.params]
    found = number("The error of a right gradient", lesson.gradcheck.gradient_check(model, X, Y))
    for w, old in zip(model.params, before, strict=True):
        if not np.array_equal(w, old):
            fail("A parameter is not as it was before the check: put each entry back, param[index] = w.")
    wrong = number("The error of a gradient twice too large", lesson.gradcheck.gradient_check(Cubic(2.0), X, Y))
    if found > 1e-3:
        fail(
            f"For a right gradient the relative error is {found:.2g}, expected below 1e-6: "
            "is the slope (above - below) / (2 · eps), with each loss taken after the parameter was moved?"
        )
    if found > 1e-6:
        fail(
            f"For a right gradient the relative error is {found:.2g}, expected below 1e-6: a slope measured on one "
            "side only has an error of the order of eps. Measure on both sides, and divide by 2 · eps."
        )
    close(
        "The error of a gradient twice too large", wrong, 1 / 3, [(0.0, "a wrong gradient goes unnoticed.")], tol=1e-3
    )
