"""The checks pass the published code, and find typical faults, each with what it means."""

import time

import numpy as np
import pytest

from digitnet import Dataset
from digitnet.activations import ACTIVATIONS
from digitnet.workshop.checks import run_checks
from digitnet.workshop.lesson import Lesson, original


def digits(n=600):
    """Ten easy classes: a bright square whose place is the label."""
    labels = np.arange(n) % 10
    images = np.random.default_rng(0).integers(0, 60, (n, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 + 9 * (label // 4) : 8 + 9 * (label // 4), 1 + 7 * (label % 4) : 6 + 7 * (label % 4)] = 250
    return Dataset(images.reshape(n, 784), labels)


DATA = digits()


def outcome(file, old, new):
    text = original(file)
    assert old in text
    return run_checks(Lesson({file: text.replace(old, new)}), DATA)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_published_code_passes(activation):
    found = run_checks(Lesson(), DATA, activation)
    assert [check.name for check in found.checks if not check.passed] == []
    assert found.gradient_error < 1e-6
    assert [p.name for p in found.parameters] == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert all(check.found and not check.meaning for check in found.checks)


FAULTS = [
    ("network.py", "dz.sum(axis=0)", "dz.sum()", "gradients", "axis=0"),
    ("network.py", "dz.sum(axis=0)", "2 * dz.sum(axis=0)", "gradients", "db3 is 2 times"),
    ("network.py", "dz = da * derivative(a)", "dz = da", "gradients", "derivative"),
    ("network.py", "dW += l2 * W", "dW += l2 * W / len(X)", "gradients", "Without L2"),
    ("network.py", "dW = ops.matmul(a.T, dz)", "dW = 0 * ops.matmul(a.T, dz)", "gradients", "is 0"),
    ("losses.py", "(np.exp(log_p) - Y) / n", "np.exp(log_p) - Y", "gradients", "7 times too large"),
    ("losses.py", "(np.exp(log_p) - Y) / n", "(np.exp(log_p) - Y) / n / n", "gradients", "7 times too small"),
    ("losses.py", "(np.exp(log_p) - Y) / n", "(Y - np.exp(log_p)) / n", "gradients", "wrong sign"),
    (
        "losses.py",
        "e = np.exp(logits - logits.max(axis=-1, keepdims=True))",
        "e = np.exp(logits)",
        "softmax",
        "maximum",
    ),
    ("losses.py", "z = logits - logits.max(axis=-1, keepdims=True)", "z = logits", "softmax", "log"),
    ("losses.py", "e.sum(axis=-1, keepdims=True)", "e.sum()", "softmax", "axis"),
    ("activations.py", "return a > 0", "return a >= 0", "gradients", "derivative"),
    ("optimizers.py", "w -= self.lr * g", "w += self.lr * g", "digits", "uphill"),
    ("optimizers.py", "self.t += 1", "self.t += 2", "optimizers", "counting the steps"),
    ("optimizers.py", "v += g", "v = v + g", "optimizers", "β v"),
    ("training.py", "np.random.default_rng([config.seed, 1])", "np.random.default_rng()", "seeds", "generator"),
    ("initializers.py", "return sqrt(2 / n_in)", "return 0.0", "digits", ""),
]


@pytest.mark.parametrize(("file", "old", "new", "name", "meaning"), FAULTS)
def test_a_fault_is_found_and_explained(file, old, new, name, meaning):
    found = outcome(file, old, new)
    check = next(check for check in found.checks if check.name == name)
    assert not check.passed, [c.name for c in found.checks if not c.passed]
    assert meaning in check.meaning


def test_code_that_does_not_end_is_stopped_in_time(monkeypatch):
    for limit in ("SECONDS", "AT_ONCE"):  # each of the checks for so long would be too much for all of them
        monkeypatch.setattr(f"digitnet.workshop.checks.{limit}", 0.4)
    start = time.thread_time()
    found = outcome("network.py", "        loss, dz =", "        while True:\n            pass\n        loss, dz =")
    assert time.thread_time() - start < 2
    assert not any(check.passed for check in found.checks if check.name in ("gradients", "shapes", "by-heart"))
    assert found.gradient_error is None
    assert "line" in found.checks[0].found


@pytest.mark.parametrize("statement", ["raise SystemExit", "1 / 0", "return None", "raise KeyError('x')"])
def test_whatever_the_code_does_there_is_an_outcome(statement):
    found = outcome(
        "network.py", "        _, derivative = ACTIVATIONS", f"        {statement}\n        _, derivative = ACTIVATIONS"
    )
    assert not found.checks[0].passed
    assert all(isinstance(check.found, str) and check.found for check in found.checks)
