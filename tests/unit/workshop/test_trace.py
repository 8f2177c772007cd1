"""A recorded step is the step: its lines are those that ran, its values those that anybody computes."""

import copy
import re

import numpy as np
import pytest

from digitnet import Dataset, one_hot
from digitnet.workshop.lesson import Lesson, original
from digitnet.workshop.lines import lines_of
from digitnet.workshop.trace import record_step

RNG = np.random.default_rng(0)
DATA = Dataset(RNG.integers(0, 256, (40, 784), np.uint8), np.arange(40) % 10)


def training(lesson=None, **settings):
    lesson = lesson or Lesson()
    config = lesson.training.TrainConfig(**{"batch_size": 8, "optimizer": "sgd", "lr": 0.1, "l2": 0.01} | settings)
    return lesson.training.Training(lesson.network.MLP((784, 12, 10), rng=1), DATA, config)


def at(lines, file, text):
    """The recorded lines whose source matches."""
    source = original(file).splitlines()
    found = [line for line in lines if line.file == file and re.search(text, source[line.line - 1])]
    assert found, text
    return found


def value(line, name):
    (found,) = [v.array for v in line.values if v.name == name]
    return found


def test_the_values_are_those_of_a_recomputation():
    work = training()
    W1, b1, W2, b2 = (p.astype(np.float64) for p in work.model.params)
    lines = record_step(Lesson(), work)
    rows = value(lines[0], "rows")
    X, Y = DATA.images[rows] / 255, one_hot(DATA.labels[rows], 10, np.float64)
    z1 = X @ W1 + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ W2 + b2
    p = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    dz2 = (p - Y) / 8
    dz1 = dz2 @ W2.T * (a1 > 0)

    first, second = at(lines, "network.py", r"z = ops")
    np.testing.assert_allclose(value(first, "z"), z1, atol=1e-4)
    np.testing.assert_allclose(value(second, "z"), z2, atol=1e-4)
    back2, back1 = at(lines, "network.py", r"dW = ops")
    np.testing.assert_allclose(value(back2, "dW"), a1.T @ dz2, atol=1e-5)
    np.testing.assert_allclose(value(back1, "dW"), X.T @ dz1, atol=1e-5)
    with_l2 = at(lines, "network.py", r"dW \+= l2")[1]
    np.testing.assert_allclose(value(with_l2, "dW"), X.T @ dz1 + 0.01 * W1, atol=1e-5)
    assert [v.name for v in with_l2.values if v.changed] == ["dW"]
    updates = at(lines, "optimizers.py", r"w -= self\.lr \* g")
    np.testing.assert_allclose(value(updates[0], "w"), W1 - 0.1 * (X.T @ dz1 + 0.01 * W1), atol=1e-5)
    assert lines[-1] is updates[-1], "it ends with the optimizer's last line"


def test_a_number_is_the_sum_of_its_products():
    lines = record_step(Lesson(), training())
    forward = at(lines, "network.py", r"z = ops")[0]
    terms = forward.terms_of(2, 5)
    assert len(terms) == 784
    b = value(forward, "b")[5]
    assert sum(x * w for x, w in terms) + b == pytest.approx(value(forward, "z")[2, 5], abs=1e-4)
    bias = at(lines, "network.py", r"db = ")[0]
    assert sum(x for x, _ in bias.terms_of(0, 3)) == pytest.approx(value(bias, "db")[3], abs=1e-6)
    with pytest.raises(ValueError, match="no entry"):
        forward.terms_of(99, 0)
    with pytest.raises(ValueError, match="no sum of products"):
        at(lines, "network.py", r"dz = da")[0].terms_of(0, 0)


def test_recording_changes_nothing_and_leaves_nothing_behind():
    ours, theirs = training(optimizer="adam"), training(optimizer="adam")
    record_step(Lesson(), ours)
    next(theirs.run())
    for p, q in zip(ours.model.params, theirs.model.params, strict=True):
        np.testing.assert_array_equal(p, q)
    assert len(record_step(Lesson(), copy.deepcopy(ours))) > 40


def test_an_edited_step_is_recorded_as_it_is_edited():
    text = original("activations.py").replace(
        "    return np.maximum(z, 0)", "    twice = 2 * z\n    return np.maximum(twice, 0)"
    )
    lesson = Lesson({"activations.py": text})
    lines = record_step(lesson, training(lesson))
    number = text.splitlines().index("    twice = 2 * z") + 1
    (edited,) = [line for line in lines if (line.file, line.line) == ("activations.py", number)]
    np.testing.assert_allclose(value(edited, "twice"), 2 * value(edited, "z"))
    assert {v.name: v.changed for v in edited.values} == {"twice": True, "z": False}


def test_shapes_of_numbers_and_arrays():
    lines = record_step(Lesson(), training(batch_size=1))
    loss = at(lines, "network.py", r"loss, dz =")[0]
    assert value(loss, "loss").shape == ()
    assert value(loss, "dz").shape == (1, 10)


def test_what_a_line_touches():
    found = lines_of("z = ops.matmul(a[-1], W.T) + b\nfor w, g in zip(params, grads):\n    w -= self.lr * f(g)\n")
    assert found[1].touched == ("z", "ops", "a[-1]", "W.T", "b")
    assert found[1].assigned == ("z",)
    assert found[1].product == ("a[-1]", "W.T")
    assert found[2].assigned == ("w", "g")
    assert found[3].touched == ("w", "self.lr", "g")
    assert lines_of("x = (a +\n     b)\n")[2].number == 1
    assert lines_of("db = dz.sum(axis=0)")[1].product == ("dz", None)
    assert lines_of("p = f(x) @ g(y)")[1].product is None, "calls are not made twice"
