"""Edited files run beside the originals, import one another, and say where they fail."""

import inspect

import numpy as np
import pytest

import digitnet
from digitnet import MLP, ops
from digitnet.workshop.lesson import FILES, Lesson, LessonError, original


def edited(file, old, new):
    text = original(file)
    assert old in text
    return {file: text.replace(old, new)}


def test_without_edits_it_is_what_everybody_imports():
    lesson = Lesson({"losses.py": original("losses.py")})
    assert lesson.network.MLP is MLP
    assert set(lesson.modules) == {file.removesuffix(".py") for file in FILES}
    assert not lesson.edits


def test_an_edited_file_serves_those_that_import_it_and_nobody_else():
    lesson = Lesson(edited("losses.py", "loss = -np.sum(Y * log_p) / n", "loss = -2 * np.sum(Y * log_p) / n"))
    X, Y = np.ones((2, 4)), digitnet.one_hot(np.array([0, 2]), 3)
    theirs, ours = MLP((4, 3), rng=0), lesson.network.MLP((4, 3), rng=0)
    assert ours.loss_and_grads(X, Y)[0] == pytest.approx(2 * theirs.loss_and_grads(X, Y)[0])
    assert type(ours) is not MLP
    assert lesson.training.MLP is lesson.network.MLP
    assert lesson.network.ops is ops, "what the kernel replaces is shared"


def test_every_file_can_be_edited():
    for file in FILES:
        lesson = Lesson({file: original(file) + "\nEDITED = True\n"})
        assert lesson.modules[file.removesuffix(".py")].EDITED
        model = lesson.network.MLP((784, 3, 10), rng=0)
        config = lesson.training.TrainConfig(epochs=1, batch_size=4)
        data = digitnet.Dataset(np.zeros((8, 784), np.uint8), np.arange(8))
        assert len(list(lesson.training.train(model, data, config, data))) == 2


def test_its_source_is_the_edited_one():
    lesson = Lesson(edited("activations.py", "np.maximum(z, 0)", "z * (z > 0)"))
    assert "z * (z > 0)" in inspect.getsource(lesson.activations.relu)
    assert "np.maximum(z, 0)" in inspect.getsource(digitnet.activations.relu)


@pytest.mark.parametrize(
    ("file", "text", "line", "message"),
    [
        ("losses.py", "import numpy as np\n\ndef softmax(z:\n", 3, "never closed"),
        ("losses.py", "import numpy as np\nnp.no_such_thing\n", 2, "no_such_thing"),
        ("network.py", "\n\n1 / 0\n", 3, "ZeroDivisionError"),
        ("losses.py", "softmax = 1\n", None, r"losses\.py does not define softmax_cross_entropy, which network\.py"),
        ("losses.py", "x = '\0'", None, "null"),
        ("losses.py", "import no_such_module_here", 1, "no_such_module_here"),
    ],
)
def test_a_file_that_does_not_run_says_where(file, text, line, message):
    with pytest.raises(LessonError, match=message) as caught:
        Lesson({file: text})
    assert (caught.value.file, caught.value.line) == (file, line)


def test_only_the_lesson_can_be_edited():
    with pytest.raises(ValueError, match=r"no file 'ops\.py' in the lesson"):
        Lesson({"ops.py": ""})
