"""Typical wrong answers to every exercise: each is found, with a sentence that helps."""

# ruff: noqa: E501 - a table, one row a line

import pytest

from digitnet.workshop.exercises import EXERCISES, check, exercise_named, solution_text
from digitnet.workshop.exercises.texts import function_in

# Of each exercise: what of the solution is replaced, by what, and what the message says.
FUNCTIONS = {
    "accuracy": [
        ("np.mean", "np.sum", "is 5, expected 0.625: that is how many"),
        ("==", "!=", "share of wrong ones"),
        (' else float("nan")', " else 0.0", "return nan"),
        ("return float(np.mean(truth == guess))", "return truth == guess", ""),
    ],
    "confusion-matrix": [
        ("truth * n_classes + guess", "guess * n_classes + truth", "rows and columns are exchanged"),
        (
            "counts = np.bincount(truth * n_classes + guess, minlength=n_classes * n_classes)",
            "counts = np.zeros((n_classes, n_classes))\n    counts[truth, guess] += 1",
            "counts once only",
        ),
        (", minlength=n_classes * n_classes", "", "cannot reshape array"),
        ("return counts.reshape(n_classes, n_classes)", "return counts", "reshape it"),
        ("n_classes, n_classes)", "n_classes, n_classes) / truth.size", "shares"),
    ],
    "relu-derivative": [
        ("a > 0", "np.maximum(a, 0)", "the function's output, not its derivative"),
        ("a > 0", "a >= 0", "is 1, expected 0"),
        ("a > 0", "a <= 0", "exchanged"),
        ("a > 0", "1 if a > 0 else 0", "ValueError: The truth value of an array"),
    ],
    "leaky-relu-derivative": [
        ("1, LEAK", "1, 0", "some slope remains"),
        ("1, LEAK", "1, -LEAK", "positive on both sides"),
        ("np.where(a > 0, 1, LEAK).astype(a.dtype)", "np.where(a > 0, a, LEAK * a)", ""),
        ("a > 0", "a >= 0", "kink"),
        ("np.where(a > 0, 1, LEAK)", "np.where(a > 0, LEAK, 1)", "is 1, expected 0.01"),
    ],
    "sigmoid-derivative": [
        ("a * (1 - a)", "sigmoid(a) * (1 - sigmoid(a))", "a is already f(z)"),
        ("a * (1 - a)", "1 - a", "a factor is"),
        ("a * (1 - a)", "a * (a - 1)", "wrong sign"),
        ("a * (1 - a)", "a * a", "the other factor"),
    ],
    "one-hot": [
        ("n_classes), dtype)", "labels.max() + 1), dtype)", "n_classes, whatever was seen"),
        ("Y[np.arange(len(labels)), labels] = 1", "Y[:, labels] = 1", "each row got a 1 for every label"),
        (", dtype)\n", ")\n", "dtype that was asked for"),
        ("labels] = 1", "labels - 1] = 1", "expected 0"),
    ],
    "softmax": [
        ("np.exp(logits - logits.max(axis=-1, keepdims=True))", "np.exp(logits)", "exp(1000) has overflowed"),
        ("e.sum(axis=-1, keepdims=True)", "e.sum()", "Each row has a sum of its own"),
        ("e.sum(axis=-1, keepdims=True)", "e.sum(axis=0)", "Sum along the last axis"),
        ("logits.max(axis=-1, keepdims=True)", "logits.max()", "each row's own maximum"),
        ("e = np.exp(", "logits -= logits.max(axis=-1, keepdims=True)\n    e = np.exp(", "logits was changed"),
        ("return e / e.sum(axis=-1, keepdims=True)", "return e / e.sum(axis=-1)", "keepdims"),
        ("logits - logits.max(axis=-1, keepdims=True)", "logits / logits.max()", "each row is exp(z) divided by its sum"),
    ],
    "log-softmax": [
        ("return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))", "return np.log(softmax(logits))", "rounded to 0"),
        ("z = logits - logits.max(axis=-1, keepdims=True)", "z = logits", "Subtract the row's maximum first"),
        ("return z - np.log", "return z + np.log", "subtracted, not added"),
        ("np.log(np.exp(z).sum(axis=-1, keepdims=True))", "np.exp(z).sum(axis=-1, keepdims=True)", "logarithm of the sum"),
        ("return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))", "return softmax(logits)", "that is softmax"),
    ],
    "cross-entropy": [
        ("-np.sum(Y * log_p) / n", "-np.sum(Y * log_p)", "6 samples, the loss is their mean"),
        ("-np.sum(Y * log_p) / n", "-np.mean(Y * log_p)", "mean over all entries"),
        ("-np.sum(Y * log_p) / n", "np.sum(Y * log_p) / n", "the sign is wrong"),
        ("-np.sum(Y * log_p) / n", "-np.sum(log_p) / n", "Only the right one should"),
        ("log_softmax(logits)", "np.log(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))", "±1000"),
    ],
    "cross-entropy-gradient": [
        ("(np.exp(log_p) - Y) / n", "np.exp(log_p) - Y", "6 times too large, with 6 samples"),
        ("(np.exp(log_p) - Y) / n", "(np.exp(log_p) - Y) / n / n", "6 times too small"),
        ("(np.exp(log_p) - Y) / n", "(np.exp(log_p) - Y) / Y.size", "number of entries"),
        ("(np.exp(log_p) - Y) / n", "np.exp(log_p) / n", "target Y is still to be subtracted"),
        ("(np.exp(log_p) - Y) / n", "(log_p - Y) / n", "p is exp(log_p)"),
        ("float(loss), (np.exp(log_p) - Y) / n", "float(loss)", "two things"),
    ],
    "he": [
        ("sqrt(2 / n_in)", "2 / n_in", "that is the variance"),
        ("sqrt(2 / n_in)", "sqrt(2 / n_out)", "n_out in place of n_in"),
        ("sqrt(2 / n_in)", "sqrt(1 / n_in)", "hence the 2"),
        ("sqrt(2 / n_in)", "sqrt(n_in / 2)", "upside down"),
    ],
    "xavier": [
        ("sqrt(2 / (n_in + n_out))", "sqrt(1 / (n_in + n_out))", "1 in place of 2"),
        ("sqrt(2 / (n_in + n_out))", "2 / (n_in + n_out)", "that is the variance"),
        ("sqrt(2 / (n_in + n_out))", "sqrt(2 / n_in)", "that is He's"),
        ("sqrt(2 / (n_in + n_out))", "sqrt(2 / n_in + n_out)", "expected 0.04683"),
    ],
    "gradient-check": [
        ("(2 * eps)", "eps", "(above - below) / (2 · eps)"),
        ("param[index] = w - eps", "param[index] = w", "(above - below)"),
        ("        param[index] = w\n", "", "put each entry back"),
        ("slopes[index] = (above - below) / (2 * eps)", "slopes[index] = above - below", "(above - below) / (2 · eps)"),
        ("(above - below)", "(below - above)", "(above - below)"),
        ("        param[index] = w - eps\n        below", "        param[index] = w\n        below", "expected below"),
    ],
    "shift": [
        (
            "moved[:, to_rows, to_columns] = square[:, from_rows, from_columns]",
            "moved = np.roll(square, (down, right), (1, 2))",
            "comes back at the other",
        ),
        ("_overlap(down), _overlap(right)", "_overlap(right), _overlap(down)", "down and right are exchanged"),
        ("_overlap(down), _overlap(right)", "_overlap(-down), _overlap(-right)", "moved the opposite way"),
        ("return moved.reshape(-1, PIXELS)", "return moved", "return rows of 784 pixels"),
        ("np.zeros_like(square)", "np.zeros(square.shape)", "they were uint8"),
    ],
}  # fmt: skip
NETWORK = {
    "forward": [
        (" + b", "", "the bias is missing"),
        ("z if is_output else f(z)", "f(z)", "gives logits"),
        ("z if is_output else f(z)", "z", "activation function is still to be applied"),
        ("ops.matmul(activations[-1], W) + b", "ops.matmul(W, activations[-1]) + b", "matrix and the rows of the second"),
        ("activations[-1]", "activations[0]", "second differ"),
    ],
    "bias-gradient": [
        ("dz.sum(axis=0)", "dz.sum()", "axis=0"),
        ("dz.sum(axis=0)", "dz.mean(axis=0)", "7 times too small, with 7 samples"),
        ("dz.sum(axis=0)", "dz.sum(axis=1)", "which axis is the samples"),
        ("dz.sum(axis=0)", "dz.sum(axis=0, keepdims=True)", "one axis too many"),
        ("dz.sum(axis=0)", "dz", "still to be summed over"),
        ("dz.sum(axis=0)", "-dz.sum(axis=0)", "wrong sign"),
        ("dz.sum(axis=0)", "dz[0]", "db is dz.sum(axis=0)"),
    ],
    "weight-gradient": [
        ("ops.matmul(a.T, dz)", "ops.matmul(dz.T, a)", "turned on its side"),
        ("ops.matmul(a.T, dz)", "ops.matmul(a.T, dz) / len(X)", "7 times too small"),
        ("ops.matmul(a.T, dz)", "ops.matmul(a, dz)", "Shapes: a (7, 4)"),
        ("ops.matmul(a.T, dz)", "ops.matmul(activations[0].T, dz)", "shape (6, 3), expected (5, 3)"),
        ("ops.matmul(a.T, dz)", "len(X) * ops.matmul(a.T, dz)", "7 times too large"),
        ("ops.matmul(a.T, dz)", "np.ones_like(W)", "aᵀ dz"),
    ],
    "backward": [
        ("dz = da * derivative(a)", "dz = da", "the activation's derivative is missing"),
        ("dz = da * derivative(a)", "dz = da * a", "not by their derivative"),
        ("ops.matmul(dz, W.T)", "ops.matmul(dz, W)", "second differ"),
        ("dz = da * derivative(a)", "dz = derivative(a)", "da = dz Wᵀ"),
        ("dz = da * derivative(a)", "dz = da * derivative(ACTIVATIONS[self.activation][0](a))", "at the wrong place"),
        ("if index > 0:", "if index > 1:", "shape"),
    ],
    "l2": [
        ("dW += l2 * W", "dW += l2 * W / len(X)", "depends on the size of the batch"),
        ("0.5 * l2", "l2", "without the half"),
        ("dW += l2 * W", "dW += 2 * l2 * W", "twice too much"),
        ("dW += l2 * W", "dW -= l2 * W", "weights would grow"),
        ("dW += l2 * W", "dW += l2", "not l2 alone"),
        ("dW += l2 * W", "dW += l2 * W; db = db + l2 * self.layer(index)[1]", "biases are not penalised"),
        ("np.sum(W * W)", "np.sum(W * W) / len(X)", "depends on the size of the batch"),
    ],
    "find-uphill": [
        ("- Y) / n", "+ Y) / n", "expected"),
        ("-np.sum", "np.sum", "the sign is wrong"),
        ("(np.exp(log_p) - Y) / n", "-(np.exp(log_p) - Y)", "The gradient"),
    ],
    "find-biases-alike": [
        ("dz.sum(axis=0)", "dz.sum() * np.ones(dz.shape[1])", "summed over everything"),
        ("dz.sum(axis=0)", "dz.sum(axis=-1)", "which axis"),
        ("dz.sum(axis=0)", "dz.mean(axis=0)", "sum, no mean"),
    ],
    "find-slow": [
        ("dz.sum(axis=0)", "dz.sum(axis=0) / len(X)", "7 times too small"),
        ("ops.matmul(a.T, dz)", "ops.matmul(a.T, dz) / len(dz)", "divided by n already"),
        ("ops.matmul(a.T, dz)", "2 * ops.matmul(a.T, dz)", "2 times what it should be"),
    ],
    "find-first-layers": [
        ("dz = da * derivative(a)", "dz = da * (a > 0)", "derivative is missing"),
        ("dz = da * derivative(a)", "dz = dz * 1", "shape (3,), expected (5,)"),
        ("dz = da * derivative(a)", "dz = 0 * da", "not computed yet"),
    ],
    "find-decay": [
        ("dW += l2 * W", "dW += l2 * W * len(X)", "depends on the size"),
        ("dW += l2 * W", "dW += 0.5 * l2 * W", "half of it is missing"),
        ("dW += l2 * W", "pass", "part is missing"),
        ("loss += 0.5", "loss -= 0.5", "added, not subtracted"),
    ],
    "find-logits": [
        ("z if is_output else f(z)", "f(z) if is_output else z", "gives logits"),
        ("self.n_layers - 1", "self.n_layers", "gives logits"),
        ("return activations", "return activations[-1]", "expected a list of 2 arrays"),
    ],
    "find-nan": [
        ("logits - logits.max(axis=-1, keepdims=True)", "np.minimum(logits, 80)", "expected 0"),
        ("logits.max(axis=-1, keepdims=True)", "logits.mean(axis=-1, keepdims=True)", "maximum"),
        ("logits.max(axis=-1, keepdims=True)", "logits.max(axis=-1)", "expected"),
        ("return z -", "return logits -", "expected"),
    ],
    "find-missing-class": [
        ("n_classes), dtype)", "len(set(labels))), dtype)", "n_classes, whatever was seen"),
        ("n_classes), dtype)", "10), dtype)", "shape (4, 10), expected (4, 5)"),
        ("n_classes), dtype)", "n_classes + 1), dtype)", "shape (4, 6)"),
    ],
    "find-tanh": [
        ("1 - a * a", "1 - a", "the square is missing"),
        ("1 - a * a", "1 + a * a", "the sign is wrong"),
        ("1 - a * a", "1 / np.cosh(a) ** 2", "a is already f(z)"),
        ("1 - a * a", "a", "the function's output"),
    ],
    "find-twins": [
        ("rng.standard_normal((n_in, n_out))", "np.ones((n_in, n_out))", "one number was drawn for all"),
        ("rng.standard_normal((n_in, n_out))", "np.tile(rng.standard_normal(n_out), (n_in, 1))", "draw (n_in, n_out) numbers"),
        ("rng.standard_normal((n_in, n_out))", "rng.random((n_in, n_out))", "expected about 0"),
        ("rng.standard_normal((n_in, n_out))", "np.random.default_rng().standard_normal((n_in, n_out))", "same seed"),
        ("rng.standard_normal((n_in, n_out))", "np.random.default_rng(0).standard_normal((n_in, n_out))", "Another seed"),
        ("INITIALIZERS[init](n_in, n_out) * ", "", "standard deviation 0.991, expected about 0.0816"),
    ],
    "find-wild-start": [
        ("sqrt(2 / n_in)", "sqrt(2 / (n_in + n_out))", "that is Xavier's"),
        ("sqrt(2 / n_in)", "sqrt(1 / n_in)", "1 in place of 2"),
        ("sqrt(2 / n_in)", "0.01", "does not depend on the layer"),
    ],
}  # fmt: skip
TRAINING = {
    "sgd": [
        ("w -= self.lr * g", "w = w - self.lr * g", "nothing has moved"),
        ("w -= self.lr * g", "w += self.lr * g", "uphill"),
        ("w -= self.lr * g", "w -= g", "learning rate is missing"),
        ("w -= self.lr * g", "w[:] = -self.lr * g", "w itself is replaced"),
        ("w -= self.lr * g", "g *= self.lr; w -= g", "A gradient was changed"),
    ],
    "momentum": [
        ("v += g", "v += (1 - self.beta) * g", "v ← β v + g"),
        ("v *= self.beta\n            v += g", "v = self.beta * v + g", "forgotten after each step"),
        ("            v *= self.beta\n", "", "never reduced"),
        ("w -= self.lr * v", "w -= v", "learning rate is missing"),
        ("v *= self.beta\n            v += g\n            w -= self.lr * v", "w -= self.lr * v\n            v *= self.beta\n            v += g", ""),
        ("w -= self.lr * v", "w += self.lr * v", "uphill"),
    ],
    "adam": [
        ("m / (1 - self.beta1**self.t)", "m * (1 - self.beta1**self.t)", "expected"),
        ("m / (1 - self.beta1**self.t)", "m", "expected"),
        ("np.sqrt(s_hat)", "s_hat", "the root is missing"),
        ("g * g", "g", "expected"),
        ("beta1**self.t", "beta1**1", "expected"),
        ("w -=", "w +=", "uphill"),
        ("m *= self.beta1\n            m += (1 - self.beta1) * g", "m = self.beta1 * m + (1 - self.beta1) * g", "After 2 steps"),
        ("/ (np.sqrt(s_hat) + self.eps)", "", "the division by √ŝ + ε is missing"),
    ],
    "mini-batches": [
        ("[: self.config.batch_size]", "[: self.config.batch_size or 1]", "With batch_size None"),
        ("epoch.order[epoch.samples :]", "epoch.order", "takes the same images"),
        ("epoch.order[epoch.samples :][: self.config.batch_size]", "epoch.order[epoch.samples : self.config.batch_size]", "a batch without images"),
        ("rows = epoch.order[epoch.samples :][: self.config.batch_size]", "rows = np.resize(epoch.order[epoch.samples :], self.config.batch_size)", "take only what is left"),
        ("[epoch.samples :][", "[epoch.samples + 1 :][", ""),
    ],
    "epoch-means": [
        ("loss * len(rows)", "loss / len(rows)", "Progress.loss is"),
        ("loss * len(rows)", "loss * (self.config.batch_size or 20)", "weight of a full one"),
        ("epoch.samples += len(rows)", "epoch.samples += 1", "batch"),
        ("epoch.loss += loss * len(rows)", "epoch.loss = loss * epoch.samples", "last batch's alone"),
    ],
    "cosine": [
        ("(1 + math.cos(math.pi * min(self.position, 1.0))) / 2", "math.cos(math.pi * self.position)", "lift the cosine"),
        (" / 2", "", "the half is missing"),
        ("(1 + math.cos(math.pi * min(self.position, 1.0))) / 2", "(1 - self.position)", "straight line"),
        ("math.pi *", "2 * math.pi *", "half a one"),
        ("(1 + math", "(1 - math", "rises from 0"),
        ('== "cosine"', '!= "cosine"', "With constant"),
    ],
    "early-stopping": [
        ("min(lowest, evaluation.loss)", "evaluation.loss", "the lowest so far, 0.7"),
        ("evaluation.loss < lowest", "evaluation.loss <= lowest", "an equal loss"),
        ("else looks + 1", "else 0", "expected 6"),
        ("0 < self.config.patience <= looks", "self.config.patience <= looks", "patience 0 means never"),
        ("patience <= looks", "patience < looks", "expected 6"),
        ("looks = 0 if evaluation.loss < lowest else looks + 1", "looks = looks + (evaluation.loss >= lowest)", "ends after epoch 5, expected 6"),
    ],
    "find-no-momentum": [
        ("v *= self.beta", "v *= 0", "plain gradient descent"),
        ("v += g", "v += self.beta * g", ""),
        ("self.velocities or [np.zeros_like(w) for w in params]", "[g.copy() for g in grads]", "After 1 step"),
        ("self.velocities or [np.zeros_like(w) for w in params]", "[w.copy() for w in params]", "After 1 step"),
    ],
    "find-first-steps": [
        ("m / (1 - self.beta1**self.t)", "m", "expected"),
        ("s / (1 - self.beta2**self.t)", "s", "expected"),
        ("1 - self.beta1**self.t", "1 - self.beta1", "expected"),
        ("1 - self.beta1**self.t", "1 - self.beta1**(self.t + 1)", "expected"),
    ],
    "find-layers-differ": [
        ("self.t += 1", "self.t = 1", "t stays 1"),
        ("self.t += 1", "self.t += 2", "After 1 step of Adam"),
        ("self.t += 1", "self.t += len(params)", "t is 2 at the first step"),
        ("        self.t += 1\n", "", "expected"),
    ],
    "find-lost-images": [
        ("epoch.samples == len(self.data)", "epoch.samples + len(rows) >= len(self.data)", "dropped"),
        ("epoch.samples == len(self.data)", "epoch.samples > len(self.data)", ""),
        ("epoch.samples == len(self.data)", "True", "ends before every image"),
        ("epoch.samples == len(self.data)", "epoch.samples == 56", "dropped"),
    ],
    "find-epoch-loss": [
        ("loss * len(rows)", "loss * 8", "weight of a full one"),
        ("epoch.loss += loss * len(rows)", "epoch.loss += loss", "multiply it by the size"),
        ("epoch.loss / epoch.samples", "loss", "last batch's alone"),
        ("epoch.loss / epoch.samples", "epoch.loss", "Progress.loss"),
    ],
    "find-zigzag": [
        ("self.rng.permutation(len(self.data))", "np.arange(len(self.data))", "is to be shuffled"),
        ("self.rng.permutation(len(self.data))", "np.roll(np.arange(len(self.data)), self.rng.integers(60))", "neighbours"),
        ("self.rng.permutation(len(self.data))", "np.random.default_rng(1).permutation(len(self.data))", "the same order"),
        ("self.rng.permutation(len(self.data))", "self.rng.integers(0, len(self.data), len(self.data))", "come twice"),
    ],
    "find-chunks": [
        ("loss += share * chunk_loss", "loss += chunk_loss", "expected 299.5"),
        ("share = len(rows) / n", "share = len(rows) / 256", "expected 299.5"),
        ("grad += share * more", "grad += more", "the batch's gradient"),
        ("        loss *= share\n", "", "the first chunk has its share to get too"),
        ("for rows in chunks[1:]", "for rows in chunks[1:2]", "some are missing"),
    ],
    "find-never-stops": [
        ("min(lowest, evaluation.loss)", "lowest", ""),
        ("min(lowest, evaluation.loss)", "max(lowest, evaluation.loss)", "expected"),
        ("else looks + 1", "else looks", "expected"),
        ("<= looks", "== looks + 1", "expected"),
    ],
}  # fmt: skip
WRONG = FUNCTIONS | NETWORK | TRAINING
ANSWERS = [(id, *answer) for id, answers in WRONG.items() for answer in answers]


def test_every_exercise_has_three_wrong_answers_or_more():
    assert WRONG.keys() == {exercise.id for exercise in EXERCISES}
    assert min(map(len, WRONG.values())) >= 3


@pytest.mark.parametrize(("id", "old", "new", "message"), ANSWERS, ids=[f"{id}: {new}" for id, _, new, _ in ANSWERS])
def test_a_wrong_answer_is_found_and_the_message_helps(id, old, new, message):
    exercise = exercise_named(id)
    text = solution_text(exercise)
    lines, target = text.splitlines(keepends=True), function_in(text, exercise.target)
    statements = slice(target.body[1].lineno - 1, target.end_lineno)
    body = "".join(lines[statements])
    assert old in body
    lines[statements] = [body.replace(old, new)]
    result = check(exercise, {exercise.file: "".join(lines)})
    assert result.state == "wrong"
    assert message in result.message
    assert len(result.message) > 30
