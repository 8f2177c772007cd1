"""The script that one takes home does what the page did, with the code that ran there, in one file."""

import ast
import json
import re
import struct
import subprocess
import sys

import numpy as np
import pytest

from digitnet import Dataset
from digitnet.dataset import train_validation_test
from digitnet.evaluation import evaluate
from digitnet.workshop.lesson import Lesson, original
from digitnet.workshop.notebook import notebook
from digitnet.workshop.script import script

RNG = np.random.default_rng(0)
CONFIG = {
    "epochs": 3, "batch_size": 7, "optimizer": "adam", "lr": 0.003, "l2": 0.001, "seed": 4, "schedule": "cosine",
    "shift": 1, "affine": 0.0, "styles": 0.0, "ema": 0.0, "evaluate_every": 1, "patience": 0,
}  # fmt: skip
SETTINGS = {
    "data_size": 60, "sizes": (784, 12, 10), "activation": "relu", "initializer": "he", "seed": 4,
    "validation_share": 0.0, "extra_test": 0, "config": CONFIG,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """MNIST's four files, small, and of 10,000 training images, as many as a page begins with."""
    folder = tmp_path_factory.mktemp("mnist")
    for part, n in (("train", 10_000), ("t10k", 50)):
        labels = np.arange(n, dtype=np.uint8) % 10
        images = RNG.integers(0, 40, (n, 28, 28), np.uint8)
        images[np.arange(n), 2 * labels + 3] = 250
        for name, array in ((f"{part}-images-idx3-ubyte", images), (f"{part}-labels-idx1-ubyte", labels)):
            header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
            (folder / name).write_bytes(header + array.tobytes())
    return folder


def read(folder, part):
    images = np.frombuffer((folder / f"{part}-images-idx3-ubyte").read_bytes(), np.uint8, offset=16)
    labels = np.frombuffer((folder / f"{part}-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
    return Dataset(images.reshape(-1, 784), labels)


def run(text, tmp_path, folder):
    """Run a script where nothing of digitnet can be imported; return the losses by step and what it prints last."""
    file = tmp_path / "run.py"
    file.write_text(text)
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", file, folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    losses = {int(step): float(loss) for step, loss in re.findall(r"step (\d+)  loss ([\d.]+)", done.stdout)}
    return losses, re.findall(r"([\d.]+) %", done.stdout)[-1]


def expected(folder, lesson, changes=None):
    train, _, test = train_validation_test(read(folder, "train"), read(folder, "t10k"), 60, 4)
    model = lesson.network.MLP((784, 12, 10), "relu", "he", np.random.default_rng(4))
    work = lesson.training.Training(model, train, lesson.training.TrainConfig(**CONFIG), test)
    losses = {}
    for progress in work.run():
        if progress is None:
            continue
        losses[progress.step] = progress.loss
        if progress.step in (changes or {}):
            work.config = lesson.training.TrainConfig(**CONFIG | changes[progress.step])
    return losses, evaluate(work.result, test).accuracy


def test_it_prints_the_same_losses_and_the_same_accuracy(tmp_path, folder):
    text = script(Lesson(), SETTINGS)
    losses, accuracy = run(text, tmp_path, folder)
    wanted, share = expected(folder, Lesson())
    assert losses == pytest.approx(wanted, abs=1e-5)
    assert accuracy == f"{100 * share:.2f}"
    assert "digitnet" not in re.sub(r'^""".*?"""', "", text, count=1, flags=re.DOTALL), "it needs nothing but NumPy"
    assert text.count("\n") < 640
    assert "sigmoid" not in text, "what the run does not reach is left out"


AUGMENTED = {"affine": 1.0, "styles": 0.5, "ema": 0.9, "schedule": "warmup_cosine"}


def test_augmentation_and_the_average_are_in_it_where_the_run_had_them(tmp_path, folder, monkeypatch):
    monkeypatch.setitem(globals(), "CONFIG", CONFIG | AUGMENTED)
    losses, accuracy = run(script(Lesson(), SETTINGS | {"config": CONFIG}), tmp_path, folder)
    wanted, share = expected(folder, Lesson())
    assert losses == pytest.approx(wanted, abs=2e-6)
    assert accuracy == f"{100 * share:.2f}"


def test_augmentation_is_left_out_where_the_run_had_none():
    plain, augmented = (script(Lesson(), SETTINGS | {"config": CONFIG | more}) for more in ({}, AUGMENTED))
    later = script(Lesson(), SETTINGS, {3: {"affine": 1.0}})
    for name in ("def warp(", "def random_affine("):
        assert (name in plain, name in augmented, name in later) == (False, True, True)
    assert ("def inked(" in plain, "def inked(" in augmented, "def inked(" in later) == (False, True, False)


def test_edited_code_and_changes_in_mid_run_are_in_it(tmp_path, folder):
    edits = {
        "losses.py": original("losses.py").replace(
            "loss = -np.sum(Y * log_p) / n", "loss = -3 * np.sum(Y * log_p) / n"
        ),
        "training.py": original("training.py").replace("self.step += 1\n", "self.step += 1  # counted\n"),
        "metrics.py": original("metrics.py") + "\nLOOKED_AT = True\n",
    }
    changes = {5: {"lr": 0.001, "optimizer": "momentum"}}
    text = script(Lesson(edits), SETTINGS, changes)
    assert "-3 * np.sum" in text
    assert "# counted" in text
    losses, _ = run(text, tmp_path, folder)
    wanted, _ = expected(folder, Lesson(edits), changes)
    assert losses == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("activation", ["tanh", "leaky_relu", "sigmoid", "linear"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_whatever_was_set_it_is_whole(activation, optimizer):
    settings = SETTINGS | {
        "activation": activation,
        "initializer": "xavier",
        "config": CONFIG | {"optimizer": optimizer},
    }
    namespace = {"__name__": "script"}
    exec(compile(script(Lesson(), settings), "run.py", "exec"), namespace)
    model = namespace["MLP"]((784, 5, 10), activation, "xavier", 1)
    data = namespace["Dataset"](np.zeros((9, 784), np.uint8), np.arange(9))
    config = namespace["TrainConfig"](**settings["config"])
    assert len([p for p in namespace["Training"](model, data, config, data).run() if p]) == 6


def test_two_meanings_of_one_name_are_refused():
    edits = {"losses.py": original("losses.py") + "\n\ndef count_correct(x):\n    return 0\n\nZ = count_correct\n"}
    edits["losses.py"] = edits["losses.py"].replace(
        "    n = len(logits)\n", "    n = len(logits) + 0 * count_correct(0)\n"
    )
    with pytest.raises(ValueError, match="both meanings of count_correct"):
        script(Lesson(edits), SETTINGS)


@pytest.mark.slow
def test_the_notebook_is_the_same_text_in_cells(tmp_path, folder):
    text = script(Lesson(), SETTINGS)
    document = json.loads(notebook(text))
    assert (document["nbformat"], document["cells"][0]["cell_type"]) == (4, "markdown")
    cells = ["".join(cell["source"]) for cell in document["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 5
    assert cells[-1] == 'main("mnist")'
    for cell in cells:
        ast.parse(cell)
    joined = "\n\n".join(cells[:-1]) + f"\n\nmain({str(folder)!r})\n"
    assert run(joined, tmp_path, folder) == run(text, tmp_path, folder)
