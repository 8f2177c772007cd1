"""The checks of single functions: activations, losses, metrics, initialisers, the shift."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from digitnet.workshop.exercises import reference
from digitnet.workshop.exercises.expect import array, close, fail, number, unchanged
from digitnet.workshop.lesson import Lesson

THREE = [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [-1.0, 4.0, 0.5]]
ONES = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def derivative_of(name: str) -> Callable[[Lesson], None]:
    """Return the check of an activation's derivative in terms of its output."""

    def examine(lesson: Lesson) -> None:
        z = np.array([[-3.0, -0.5, -0.1], [0.2, 1.0, 4.0]])
        a = reference.FUNCTIONS[name](z)
        given = a.copy()
        slope = reference.SLOPES[name]
        found = getattr(lesson.activations, f"{name}_derivative")(given)
        unchanged("a", given, a)
        from_z = "derived as if a were z. a is already f(z): write f' in terms of a."
        close(
            f"{name}_derivative(a)", found, slope(z),
            [
                (a, "that is the function's output, not its derivative."),
                (1 - slope(z), "0 and 1 are exchanged, or the difference is taken the wrong way round."),
                (np.where(z > 0, 1.0, 0.0), "some slope remains where z is not positive: 0.01."),
                (np.where(z > 0, 1.0, -0.01), "the slope is positive on both sides."),
                (np.where(z > 0, a, 0), "that is the function's output, not its derivative."),
                (slope(a), from_z),
                (1 + a * a, "the sign is wrong."),
                (1 - a, "the square is missing, or a factor is."),
                (a * a, "the other factor is 1 - a."),
            ],
        )  # fmt: skip
        at_zero = array(f"{name}_derivative(0)", getattr(lesson.activations, f"{name}_derivative")(np.zeros(1)), (1,))
        if name in ("relu", "leaky_relu") and at_zero[0] != slope(np.zeros(1))[0]:
            fail(f"At the kink, a = 0, the derivative is {float(at_zero[0]):g}; by custom it is that of the left side.")

    return examine


def one_hot(lesson: Lesson) -> None:
    """Labels become rows with a single 1."""
    labels = np.array([2, 0, 1, 2])
    rows, given = np.arange(4), labels.copy()
    expected = np.zeros((4, 5))
    expected[rows, labels] = 1
    by_labels = "the width comes from the labels that are there. It is n_classes, whatever was seen."
    all_columns = np.zeros((4, 5))
    all_columns[:, labels] = 1
    found = lesson.losses.one_hot(given, 5)
    unchanged("labels", given, labels)
    close(
        "one_hot([2, 0, 1, 2], 5)", found, expected,
        [
            (np.eye(3)[labels], by_labels),
            (all_columns, "each row got a 1 for every label: pair row i with label i, Y[np.arange(n), labels]."),
            (np.zeros((4, 5)), "no 1 has been set yet."),
            (1 - expected, "0 and 1 are exchanged."),
        ],
    )  # fmt: skip
    if found.dtype != np.float32 or lesson.losses.one_hot(labels, 5, np.float64).dtype != np.float64:
        fail(f"The result has the type {found.dtype}: it should have the dtype that was asked for.")
    if array("one_hot of no labels", lesson.losses.one_hot(labels[:0], 5), (0, 5)).size:
        fail("Of no labels there are no rows.")


def softmax(lesson: Lesson) -> None:
    """Probabilities, also of large scores."""
    z = np.array(THREE)
    e, given = np.exp(z), z.copy()
    low = np.exp(z - z.max(axis=1)[:, None])
    over_all = "divided by the sum over everything. Each row has a sum of its own: axis=-1, keepdims=True."
    over_columns = "divided by the sums of the columns. Sum along the last axis."
    found = lesson.losses.softmax(given)
    unchanged("logits", given, z)
    close(
        "softmax", found, e / e.sum(axis=1)[:, None],
        [
            (e / e.sum(), over_all), (low / low.sum(), over_all),
            (e / e.sum(axis=0), over_columns), (low / low.sum(axis=0), over_columns),
            (e / e.sum(axis=1), "the sums lie beside the wrong numbers. keepdims=True makes a column of them."),
            (low / low.sum(axis=1), "the sums lie beside the wrong numbers. keepdims=True makes a column of them."),
            (low, "these are not divided by their sum yet."),
            (e, "these are not divided by their sum yet."),
            (z / z.sum(axis=1)[:, None], "the exponential is missing."),
            (np.ones_like(e) / 3, "all classes are equally probable: the scores have no influence."),
            (reference.log_softmax(z), "that is the logarithm of softmax."),
        ],
        meaning="each row is exp(z) divided by its sum",
    )  # fmt: skip
    close(
        "softmax of (1000, -1000, 0)", lesson.losses.softmax(np.array([[1000.0, -1000.0, 0.0]])), [[1, 0, 0]],
        [(np.array([[np.nan, 0, 0]]), "exp(1000) has overflowed. Subtract the row's maximum before exp().")],
        meaning="exp() must not overflow. Subtract the row's maximum",
    )  # fmt: skip
    close(
        "softmax of (-1000, -1000) beside a row (1000, 0)",
        lesson.losses.softmax(np.array([[-1000.0, -1000.0], [1000.0, 0.0]])), [[0.5, 0.5], [1, 0]],
        meaning="subtract each row's own maximum, not the largest of all rows (axis=-1, keepdims=True)",
    )  # fmt: skip


def log_softmax(lesson: Lesson) -> None:
    """Logarithms of probabilities that round to 0."""
    z = np.array(THREE)
    given, right = z.copy(), reference.log_softmax(z)
    found = lesson.losses.log_softmax(given)
    unchanged("logits", given, z)
    shift = z - z.max(axis=1)[:, None]
    close(
        "log_softmax", found, right,
        [
            (np.exp(right), "that is softmax, its logarithm is still to be taken."),
            (shift, "log Σ exp(z) is still to be subtracted."),
            (z - np.log(np.exp(z).sum()), "the sum goes over everything. Each row has its own: axis=-1, keepdims."),
            (shift - np.exp(shift).sum(axis=1)[:, None], "the logarithm of the sum is missing."),
            (shift + np.log(np.exp(shift).sum(axis=1))[:, None], "the logarithm of the sum is subtracted, not added."),
        ],
    )  # fmt: skip
    close(
        "log_softmax of (1000, -1000)", lesson.losses.log_softmax(np.array([[1000.0, -1000.0]])), [[0, -2000]],
        [
            (np.array([[0, -np.inf]]), "the probability has rounded to 0, whose logarithm is -inf. Don't take the "
             "logarithm of softmax: z - log Σ exp(z) needs no probability."),
        ],
        meaning="exp(1000) overflows. Subtract the row's maximum first",
    )  # fmt: skip


def cross_entropy(lesson: Lesson) -> None:
    """The loss and its gradient with respect to the logits."""
    z, Y = np.array(THREE)[:, [0, 2, 1]] * 0.7, ONES
    z, Y = np.concatenate([z, z[::-1] + 0.3]), np.concatenate([Y, Y])
    given, targets, n = z.copy(), Y.copy(), len(z)
    result = lesson.losses.softmax_cross_entropy(given, targets)
    if not isinstance(result, tuple) or len(result) != 2:
        fail(
            f"softmax_cross_entropy returns a {type(result).__name__}, expected two things: the loss and its gradient."
        )
    unchanged("logits", given, z)
    unchanged("Y", targets, Y)
    loss = reference.cross_entropy(z, Y)
    log_p = reference.log_softmax(z)
    close(
        "The loss", result[0], loss,
        [
            (loss * n, f"that is the sum over the {n} samples, the loss is their mean. Divide by n."),
            (loss / 3, "that is the mean over all entries. Divide the sum by the number of samples, not of entries."),
            (-loss, "the sign is wrong: a logarithm of a probability is negative, the loss is minus their mean."),
            (-np.sum(log_p) / n, "every class counts here. Only the right one should: multiply by Y."),
            (-np.sum(Y * np.exp(log_p)) / n, "the logarithm is missing."),
            (0.0, "it is not computed yet."),
        ],
    )  # fmt: skip
    p = np.exp(log_p)
    close(
        "The gradient", result[1], (p - Y) / n,
        [
            ((p - Y) / n / 3, "divided by the number of entries. Divide by the number of samples."),
            (p / n, "the target Y is still to be subtracted."),
            ((log_p - Y) / n, "that is made from the logarithms. p is exp(log_p)."),
            (np.zeros_like(p), "it is not computed yet."),
        ],
        n=n,
    )  # fmt: skip
    far = lesson.losses.softmax_cross_entropy(np.array([[1000.0, -1000.0]]), np.array([[0.0, 1.0]]))
    close(
        "The loss at scores of ±1000",
        far[0],
        2000.0,
        meaning="0 times -inf, or a logarithm of 0? log_softmax stays finite",
    )


def accuracy(lesson: Lesson) -> None:
    """The share of correct predictions."""
    labels, predicted = [3, 1, 4, 1, 5, 9, 2, 6], [3, 1, 4, 0, 5, 0, 0, 6]
    close(
        "accuracy where 5 of 8 are correct", lesson.metrics.accuracy(labels, predicted), 5 / 8,
        [
            (5.0, "that is how many are correct. The share is their mean, or that number divided by all."),
            (3 / 8, "that is the share of wrong ones."), (62.5, "a share lies between 0 and 1."),
            (0.0, "it is not computed yet."),
        ],
    )  # fmt: skip
    if not math.isnan(number("accuracy of no predictions", lesson.metrics.accuracy([], []))):
        fail("Of no predictions the accuracy is not known: return nan, not a number that looks like a result.")


def confusion_matrix(lesson: Lesson) -> None:
    """Counts: rows are true, columns predicted."""
    labels, predicted = [0, 0, 0, 2, 1, 1, 2], [0, 1, 1, 2, 1, 1, 0]
    expected = np.zeros((4, 4))
    for truth, guess in zip(labels, predicted, strict=True):
        expected[truth, guess] += 1
    close(
        "confusion_matrix", lesson.metrics.confusion_matrix(labels, predicted, 4), expected,
        [
            (expected.T, "rows and columns are exchanged. A row is a true class, a column what was predicted."),
            (np.minimum(expected, 1), "a pair that comes several times counts once only: counts[i, j] += 1 with arrays "
             "of indices writes each place once. Use np.bincount or np.add.at."),
            (expected[:3, :3], "its size comes from the labels that are there. It is n_classes, whatever was seen."),
            (expected / len(labels), "these are shares. Counts are asked for."),
            (expected.ravel(), "still one row of n_classes · n_classes counts: reshape it."),
            (np.zeros((4, 4)), "nothing is counted yet."),
        ],
    )  # fmt: skip
    many = np.repeat(np.arange(40), 10).astype(np.uint8)
    close(
        "confusion_matrix of 40 classes, uint8 labels", lesson.metrics.confusion_matrix(many, many, 40), 10 * np.eye(40)
    )


def width_of(name: str) -> Callable[[Lesson], None]:
    """Return the check of an initialiser's standard deviation: he or xavier."""

    def examine(lesson: Lesson) -> None:
        for n_in, n_out in ((784, 128), (128, 10)):
            right = {"he": 2 / n_in, "xavier": 2 / (n_in + n_out)}[name]
            slips: Sequence[tuple[float, str]] = [
                (right, "that is the variance. The standard deviation is its square root."),
                (math.sqrt(2 / n_out), "n_out in place of n_in. A sum has n_in terms: it is their number that counts."),
                (math.sqrt(1 / n_in), "1 in place of 2. ReLU lets half of the variance through: hence the 2."),
                (math.sqrt(1 / (n_in + n_out)), "1 in place of 2: the variance is 1 over the mean of both numbers."),
                (math.sqrt(2 / n_in), "that is He's. Xavier's divides by the inputs and outputs together."),
                (math.sqrt(2 / (n_in + n_out)), "that is Xavier's. He's divides by the inputs only."),
                (math.sqrt(n_in / 2), "the quotient is upside down."),
                (0.01, "it does not depend on the layer yet."),
            ]
            close(f"{name}({n_in}, {n_out})", getattr(lesson.initializers, name)(n_in, n_out), math.sqrt(right), slips)

    return examine


def shifted(lesson: Lesson) -> None:
    """Images moved by pixels, with paper behind."""
    images = np.random.default_rng(0).integers(1, 255, (3, 784), dtype=np.uint8)
    given = images.copy()
    for down, right in ((2, 0), (0, 1), (-3, 0), (0, -2), (1, -4), (0, 0)):
        found = lesson.augmentation.shifted(given, down, right)
        unchanged("images", given, images)
        square = images.reshape(-1, 28, 28)
        rolled = np.roll(square, (down, right), (1, 2)).reshape(-1, 784)
        slips: Iterable[tuple[Any, str]] = [
            (rolled, "what leaves at one edge comes back at the other. It is lost, and 0 follows."),
            (images, "nothing has moved."),
            (np.zeros_like(images), "only paper is left."),
            (reference.shifted(images, -down, -right), "moved the opposite way."),
            (reference.shifted(images, right, down), "down and right are exchanged."),
            (reference.shifted(images, down, right).reshape(-1, 28, 28), "return rows of 784 pixels again."),
        ]
        if (down, right) == (0, 0):
            slips = []
        close(f"shifted(images, {down}, {right})", found, reference.shifted(images, down, right), slips)
        if found.dtype != np.uint8:
            fail(f"The images come back as {found.dtype}, they were uint8: np.zeros_like keeps the type.")
