"""New code is tried out before it runs; what does not work says where, and the last version that worked stays."""

import time

import numpy as np
import pytest

from digitnet import MLP, Dataset, TrainConfig
from digitnet.workshop.hood import apply, kernel_note
from digitnet.workshop.lesson import Lesson, original

RNG = np.random.default_rng(0)
DATA = Dataset(RNG.integers(0, 256, (40, 784), np.uint8), np.arange(40) % 10)


def edit(file, old, new):
    text = original(file)
    assert old in text
    return {file: text.replace(old, new, 1)}


def applied(edits, config=None):
    before = Lesson()
    model = MLP((784, 12, 10), rng=3)
    return before, model, apply(before, model, DATA, config or TrainConfig(batch_size=8), edits)


def test_weights_stay_where_shapes_allow():
    _, model, result = applied(edit("losses.py", "/ n\n    return float", "/ (2 * n)\n    return float"))
    assert result.fault is None
    assert result.kept
    assert type(result.model) is result.lesson.network.MLP is not MLP
    for p, q in zip(result.model.params, model.params, strict=True):
        np.testing.assert_array_equal(p, q)
        assert p is not q


def test_a_network_of_another_shape_is_a_new_one():
    wider = edit("network.py", "self.sizes = tuple(int(size) for size in sizes)", "self.sizes = (784, 7, 10)")
    _, _, result = applied(wider)
    assert result.fault is None
    assert not result.kept
    assert [p.shape for p in result.model.params] == [(784, 7), (7,), (7, 10), (10,)]


def line_of(file, text):
    return next(i for i, line in enumerate(original(file).splitlines(), 1) if text in line)


FAULTS = [
    # file, what, by what, words of the sentence; the line is the first one that is new
    ("network.py", "ops.matmul(activations[-1], W)", "ops.matmul(activations[-1], W.T)",
     ["784 and 12", "activations[-1] (8, 784)", "W.T (12, 784)"]),
    ("losses.py", "    n = len(logits)", "    n = len(logits", ["closed"]),
    ("losses.py", "    n = len(logits)", "    n = undefined", ["NameError", "undefined"]),
    ("activations.py", "return np.maximum(z, 0)", "return relu(z)", ["RecursionError", "without an end"]),
    ("network.py", "dz = da * derivative(a)", "dz = da * derivative(a[:, :3])", ["broadcast", "da (8, 12)"]),
    ("initializers.py", "return sqrt(2 / n_in)", "raise SystemExit", ["SystemExit"]),
    ("optimizers.py", "self.t += 1", "self.t += np.ones(10**13)", ["MemoryError"]),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "words"), FAULTS)
def test_code_that_does_not_work_says_where_and_stays_out(file, old, new, words):
    before, model, result = applied(edit(file, old, new))
    assert result.lesson is before
    assert result.model is model
    assert (result.fault.file, result.fault.line) == (file, line_of(file, old))
    for word in words:
        assert word in result.fault.message


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("network.py", "        loss, dz =", "        while True:\n            pass\n        loss, dz ="),
        ("losses.py", "import numpy as np\n", "import numpy as np\nwhile True:\n    pass\n"),
        (
            "activations.py",
            "    return np.maximum(z, 0)",
            "    while True:\n        try: z = z + 1\n        except: pass",
        ),
    ],
)
@pytest.mark.usefixtures("short_limit")
def test_code_that_does_not_end_is_stopped_with_its_line(file, old, new):
    start = time.perf_counter()
    before, _, result = applied(edit(file, old, new))
    assert time.perf_counter() - start < 3
    assert result.lesson is before
    assert result.fault.file == file
    lines = edit(file, old, new)[file].splitlines()
    loop = next(number for number, line in enumerate(lines, 1) if line.strip() == "while True:")
    assert loop <= result.fault.line <= loop + 2
    assert "does not end" in result.fault.message


def test_what_the_kernel_no_longer_does_is_said():
    assert kernel_note(Lesson(edit("network.py", "db = dz.sum(axis=0)", "db = dz.sum(axis=0) * 1"))) == ""
    note = kernel_note(Lesson(edit("network.py", "ops.matmul(a.T, dz)", "a.T @ dz")))
    assert "network.py calls matmul twice instead of 3 times" in note
