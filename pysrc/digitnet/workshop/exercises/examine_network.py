"""The checks of the network: its first weights, the forward pass, backpropagation."""

import math
from itertools import pairwise
from typing import Any

import numpy as np

from digitnet.workshop.exercises import reference
from digitnet.workshop.exercises.expect import Slip, close, fail, unchanged
from digitnet.workshop.lesson import Lesson

N = 7  # samples
L2 = 0.1


def example(lesson: Lesson, sizes: tuple[int, ...], activation: str) -> tuple[Any, np.ndarray, np.ndarray]:
    """Return a network of the lesson with fixed parameters, in float64, and samples X and Y for it."""
    rng = np.random.default_rng(5)
    model = object.__new__(lesson.network.MLP)  # not by __init__, which may be edited too
    model.sizes, model.activation, model.init, model.dtype = sizes, activation, "he", np.dtype(float)
    model.params = []
    for n_in, n_out in pairwise(sizes):
        model.params += [0.6 * rng.standard_normal((n_in, n_out)), 0.3 + 0.2 * rng.random(n_out)]
    return model, rng.standard_normal((N, sizes[0])), np.eye(sizes[-1])[np.arange(N) % sizes[-1]]


def forward(lesson: Lesson) -> None:
    """Every layer's activations, for three networks."""
    for sizes, activation in (((4, 3), "relu"), ((6, 5, 3), "relu"), ((6, 5, 4, 3), "tanh")):
        model, X, _ = example(lesson, sizes, activation)
        given, params = X.copy(), [p.copy() for p in model.params]
        found = model.forward(given)
        unchanged("X", given, X)
        for p, before in zip(model.params, params, strict=True):
            unchanged("A parameter", p, before)
        names = ["X", *(f"a{i}" for i in range(1, len(sizes) - 1)), "the logits"]
        if not isinstance(found, list) or len(found) != len(sizes):
            count = f"{len(found)} arrays" if isinstance(found, list) else f"a {type(found).__name__}"
            fail(f"forward gives {count}, expected a list of {len(sizes)} arrays: {', '.join(names)}.")
        sums, right = reference.forward(params, X, activation)
        for i, name in enumerate(names):
            slips: list[Slip] = []
            if i:
                W, b = params[2 * i - 2 : 2 * i]
                product, f = right[i - 1] @ W, reference.FUNCTIONS[activation]
                slips = [
                    (product, "the bias is missing."), (f(product), "the bias is missing."),
                    (f(product) + b, "the bias belongs inside: f(a W + b)."),
                    (np.zeros_like(product), "it is not computed yet."),
                    (product - b, "the bias is added, not subtracted."),
                ]  # fmt: skip
                is_output = i == len(sizes) - 1
                slips.append(
                    (f(sums[i - 1]), "the last layer gives logits, without an activation: softmax follows.")
                    if is_output
                    else (sums[i - 1], "that is z, the activation function is still to be applied.")
                )
            close(f"In the network {'-'.join(map(str, sizes))}, {name}", found[i], right[i], slips)


def loss_and_grads(lesson: Lesson) -> None:
    """The loss and all gradients, from the last layer to the first, then with L2."""
    for sizes, activation in (((4, 3), "relu"), ((6, 5, 3), "sigmoid"), ((6, 5, 4, 3), "tanh")):
        model, X, Y = example(lesson, sizes, activation)
        before = [p.copy() for p in model.params]
        loss, grads = _called(model, X, Y, 0.0)
        title = f"In the network {'-'.join(map(str, sizes))}, "
        close(
            f"{title}the loss", loss, reference.cross_entropy(reference.forward(before, X, activation)[0][-1], Y), n=N
        )
        if len(grads) != len(before):
            fail(f"{title}there are {len(grads)} gradients, expected {len(before)}: dW and db for each layer.")
        _gradients(title, before, X, Y, activation, grads)
        _with_l2(title, model, X, Y, grads, loss)


def _called(model: Any, X: np.ndarray, Y: np.ndarray, l2: float) -> tuple[Any, list[np.ndarray]]:
    params, given, targets = [p.copy() for p in model.params], X.copy(), Y.copy()
    result = model.loss_and_grads(given, targets, l2)
    if not isinstance(result, tuple) or len(result) != 2 or not isinstance(result[1], list):
        fail(f"loss_and_grads returns a {type(result).__name__}, expected the loss and a list of gradients.")
    unchanged("X", given, X)
    unchanged("Y", targets, Y)
    for i, (p, before) in enumerate(zip(model.params, params, strict=True)):
        unchanged(f"{'Wb'[i % 2]}{i // 2 + 1}", p, before)
    return result


def _gradients(
    title: str, params: list[np.ndarray], X: np.ndarray, Y: np.ndarray, activation: str, grads: list[np.ndarray]
) -> None:
    right = reference.gradients(params, X, Y, activation)
    slope = reference.SLOPES[activation]
    without = reference.gradients(params, X, Y, activation, np.ones_like)
    twice = reference.gradients(params, X, Y, activation, lambda z: slope(reference.FUNCTIONS[activation](z)))
    of_a = reference.gradients(params, X, Y, activation, lambda z: reference.FUNCTIONS[activation](z))
    mistakes = [
        (without, "the activation's derivative is missing: dz = da · f'(z)."),
        (twice, "the derivative is taken at the wrong place: `derivative` wants the layer's activations a."),
        (of_a, "multiplied by the activations, not by their derivative: derivative(a)."),
    ]
    _, activations = reference.forward(params, X, activation)
    for i in reversed(range(len(right))):
        kind, layer = "Wb"[i % 2], i // 2
        name = f"{title}d{kind}{layer + 1}"
        slips: list[Slip] = [(wrong[i], sentence) for wrong, sentence in mistakes if i < len(right) - 2]
        if kind == "b":
            slips += [
                (np.zeros_like(right[i]), "it is not computed yet."),
                (right[i].sum(), "summed over everything. One bias, one sum: sum over the batch, axis=0."),
                (right[i].sum() * np.ones_like(right[i]), "summed over everything: sum over the batch, axis=0."),
                (right[i] / N, f"{N} times too small, with {N} samples. dz is divided by n already: sum, no mean."),
            ]
        else:
            slips += [
                (right[i] / N, f"{N} times too small, with {N} samples. dz is divided by n already."),
                (np.zeros_like(right[i]), "it is not computed yet."),
            ]
            if layer:
                before = reference.FUNCTIONS[activation](activations[layer])
                slips.append((before.T @ _dz(right, params, X, Y, activation, layer), "f is applied once too often."))
        meaning = "a weight's gradient is aᵀ dz, with the layer's inputs a" if kind == "W" else "db is dz.sum(axis=0)"
        if i < len(right) - 2:
            meaning = (
                f"the layers behind it are right. Look at how dz goes back: da = dz Wᵀ, dz = da · f'(z), and {meaning}"
            )
        close(name, grads[i], right[i], slips, n=N, meaning=meaning)


def _dz(
    right: list[np.ndarray], params: list[np.ndarray], X: np.ndarray, Y: np.ndarray, activation: str, layer: int
) -> np.ndarray:
    """Return dz of one layer: the gradient of its weights if its inputs were the unit matrix."""
    sums, _ = reference.forward(params, X, activation)
    dz = (np.exp(reference.log_softmax(sums[-1])) - Y) / len(X)
    for above in range(len(sums) - 1, layer, -1):
        dz = dz @ params[2 * above].T * reference.SLOPES[activation](sums[above - 1])
    return dz


def _with_l2(title: str, model: Any, X: np.ndarray, Y: np.ndarray, plain: list[np.ndarray], loss: float) -> None:
    plain = [np.array(g) for g in plain]
    total, grads = _called(model, X, Y, L2)
    squares = [float((W * W).sum()) for W in model.params[::2]]
    square, biases = sum(squares), sum(float((b * b).sum()) for b in model.params[1::2])
    per_sample = "it depends on the size of the batch. L2 is added to the mean loss, so its part is not divided by n."
    close(
        f"{title}with l2 = {L2}, the loss", total, loss + 0.5 * L2 * square,
        [
            (loss, "the penalty is missing."),
            (loss + L2 * square, "without the half: ½ l2 ΣW², whose derivative is l2 W."),
            (loss + 0.5 * L2 * square / N, per_sample), (loss + L2 * square / N, per_sample),
            (loss + 0.5 * L2 * (square + biases), "the biases count too. Only weights are penalised."),
            (loss + 0.5 * L2 * sum(math.sqrt(s) for s in squares), "the sum of squares, not its root."),
            (loss - 0.5 * L2 * square, "the penalty is added, not subtracted."),
        ],
        meaning="½ l2 ΣW² is added once for each layer",
    )  # fmt: skip
    for i, (g, before, p) in enumerate(zip(grads, plain, model.params, strict=True)):
        name = f"{title}with l2 = {L2}, d{'Wb'[i % 2]}{i // 2 + 1}"
        if i % 2:
            close(name, g, before, [(before + L2 * p, "biases are not penalised.")])
            continue
        close(
            name, g, before + L2 * p,
            [
                (before, "the penalty's part is missing: l2 W."), (before + L2 * p / N, per_sample),
                (before + 2 * L2 * p, "twice too much: the derivative of ½ l2 W² is l2 W."),
                (before + 0.5 * L2 * p, "half of it is missing: the derivative of ½ l2 W² is l2 W."),
                (before - L2 * p, "the wrong sign: weights would grow. Add l2 W."),
                (before + L2, "l2 times W, not l2 alone."), (before + L2 * p * N, per_sample),
            ],
        )  # fmt: skip


def initial_weights(lesson: Lesson) -> None:
    """Weights drawn one by one, as wide as the initialiser says, the same for the same seed; biases zero."""
    sizes = (300, 100, 10)
    model, again, other = (lesson.network.MLP(sizes, rng=seed) for seed in (1, 1, 2))
    if [p.shape for p in model.params] != [(300, 100), (100,), (100, 10), (10,)]:
        fail(f"The parameters have the shapes {[p.shape for p in model.params]}, expected W1, b1, W2, b2.")
    for layer in range(2):
        W, b = model.params[2 * layer : 2 * layer + 2]
        width, name = math.sqrt(2 / sizes[layer]), f"W{layer + 1}"
        if np.ptp(W) == 0:
            fail(f"All weights in {name} are {W.flat[0]:.3g}: one number was drawn for all, so all units stay alike.")
        if np.ptp(W, axis=1).max() == 0 or np.ptp(W, axis=0).max() == 0:
            fail(f"The rows or columns of {name} hold the same number throughout: draw (n_in, n_out) numbers.")
        if abs(W.mean()) > width / 3:
            fail(f"The weights in {name} have the mean {W.mean():.3g}, expected about 0: draw from standard_normal.")
        if not 0.85 < W.std() / width < 1.15:
            fail(f"The weights in {name} have the standard deviation {W.std():.3g}, expected about {width:.3g}.")
        close(f"b{layer + 1}", b, np.zeros(sizes[layer + 1]), meaning="biases start at zero")
        if W.dtype != np.float32:
            fail(f"{name} has the type {W.dtype}, expected float32, which was asked for.")
    if any(not np.array_equal(a, b) for a, b in zip(model.params, again.params, strict=True)):
        fail("The same seed gives other weights: draw them from rng, nothing else.")
    if np.array_equal(model.params[0], other.params[0]):
        fail("Another seed gives the same weights: draw them from rng.")
