import csv
import gzip
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from writers import to_csv, to_idx

from digitnet import MLP, Dataset, __version__, dataset, load, save
from digitnet import __main__ as command_line
from digitnet.__main__ import main
from digitnet.recipes import RECIPES
from digitnet.settings import DECLARATIONS, Settings
from digitnet.storage import load_with_meta

RNG = np.random.default_rng(0)
LABELS = np.arange(60, dtype=np.uint8) % 10
IMAGES = RNG.integers(0, 60, (60, 28, 28), dtype=np.uint8)
for image, label in zip(IMAGES, LABELS, strict=True):
    image[2 * label : 2 * label + 8] = 250


@pytest.fixture
def folder(tmp_path):
    for part, images, labels in (("train", IMAGES, LABELS), ("t10k", IMAGES[:20], LABELS[:20])):
        (tmp_path / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(to_idx(images)))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(to_idx(labels))
    return tmp_path


def kaggle(path, labelled=True):
    path.write_bytes(to_csv(Dataset(IMAGES.reshape(60, 784), LABELS if labelled else None)))
    return path


SHORT = ["--layers", "16", "--batch-size", "5", "--epochs", "4", "--learning-rate", "0.003", "--seed", "2"]


def test_train_prints_what_happens_and_saves(folder, capsys):
    model = folder / "model.npz"
    assert main(["train", "--data", str(folder), *SHORT, "--out", str(model)]) == 0
    out = capsys.readouterr().out
    epochs = re.findall(r"epoch +(\d)  loss ([\d.]+)  train +([\d.]+) %  test +([\d.]+) %", out)
    assert [int(epoch) for epoch, *_ in epochs] == [1, 2, 3, 4]
    assert float(epochs[-1][1]) < float(epochs[0][1])
    shown = float(re.search(r"test accuracy ([\d.]+) % on 20 images", out).group(1))
    rows = re.findall(r"^ +\d((?: +\d+){10})$", out, re.MULTILINE)[-10:]
    confusion = np.array([[int(n) for n in row.split()] for row in rows])
    assert confusion.sum() == 20
    assert 100 * np.trace(confusion) / 20 == pytest.approx(shown)
    saved, meta = load_with_meta(model)
    assert saved.sizes == (784, 16, 10)
    assert meta["settings"]["learning_rate"] == 0.003
    assert 100 * meta["test_accuracy"] == pytest.approx(shown)

    assert main(["evaluate", str(model), "--data", str(folder)]) == 0
    assert f"test accuracy {shown:.2f} %" in capsys.readouterr().out


def test_train_on_a_csv_keeps_a_sixth_for_testing(tmp_path, capsys):
    assert main(["train", "--data", str(kaggle(tmp_path / "train.csv")), *SHORT]) == 0
    assert "50 training images, 10 test images" in capsys.readouterr().out


def test_full_batch_can_be_asked_for(folder, capsys):
    assert main(["train", "--data", str(folder), *SHORT, "--batch-size", "full", "--epochs", "1"]) == 0
    assert main(["train", "--recipe", "thousand", "--data", str(folder), "--epochs", "1"]) == 0
    assert "epoch   1" in capsys.readouterr().out


def test_predict_writes_digit_and_ten_probabilities_a_row(folder, capsys):
    model = MLP((784, 5, 10), rng=0)
    save(model, folder / "model.npz")
    for images in (folder / "train-images-idx3-ubyte.gz", kaggle(folder / "test.csv", labelled=False)):
        assert main(["predict", str(folder / "model.npz"), str(images)]) == 0
        header, *rows = csv.reader(capsys.readouterr().out.splitlines())
        assert header == ["digit", *(f"p{k}" for k in range(10))]
        table = np.array(rows, float)
        expected = model.predict_proba(IMAGES.reshape(60, 784) / 255)
        np.testing.assert_allclose(table[:, 1:], expected, atol=1e-6)
        np.testing.assert_array_equal(table[:, 0], expected.argmax(axis=1))


def test_submit_is_ready_to_upload(folder, capsys):
    model = MLP((784, 5, 10), rng=0)
    save(model, folder / "model.npz")
    out = folder / "submission.csv"
    images = kaggle(folder / "test.csv", labelled=False)
    assert main(["submit", str(folder / "model.npz"), str(images), "--out", str(out)]) == 0
    lines = out.read_text().splitlines()
    assert lines[0] == "ImageId,Label"
    guessed = model.predict(IMAGES.reshape(60, 784) / 255)
    assert lines[1:] == [f"{i},{digit}" for i, digit in enumerate(guessed, 1)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--epochs", "0"], "Epochs must be a whole number"),
        (["train", "--layers", "1,b"], "Use at most 10 hidden layers"),
        (["train", "--data", "nowhere.csv"], "nowhere.csv: No such file"),
        (["train", "--recipe", "soup"], "no recipe called 'soup'; choose one of quick"),
        (["train", "--activation", "softplus"], "The activation must be one of relu"),
        (
            ["train", "--learning-rate", "fast"],
            "The learning rate must be a number above 0 and at most 100; got 'fast'",
        ),
        (["train", "--learning-rate", "nan"], "The learning rate must be"),
        (["train", "--batch-size", "many"], "The batch size must be a whole number"),
        (["train", "--out", "nowhere/m.npz"], "nowhere/m.npz: No such file or directory"),
        (["train", "--out", "."], ".: Is a directory"),
        (["evaluate", "nothing.npz"], "nothing.npz: No such file"),
        (["evaluate", "text.csv"], "text.csv: Not a saved digitnet network, or incomplete"),
        (["predict", "small.npz", "text.csv"], "small.npz: This network has 6 inputs and 3 outputs; images of digits"),
        (["submit", "small.npz", "text.csv"], "small.npz: This network has 6 inputs"),
        (["evaluate", "small.npz"], "small.npz: This network has 6 inputs"),
        (["predict", "digits.npz", "text.csv"], "text.csv: Row 1 has 1 column"),
        (["predict", "digits.npz", "nothing.csv"], "nothing.csv: No such file"),
        (["predict", "digits.npz", "digits.npz"], "digits.npz: This is a NumPy .npz archive, such as a saved network"),
        (["predict", "digits.npz", "unlabelled.csv", "--out", "nowhere/p.csv"], "nowhere/p.csv: No such file"),
        (["submit", "digits.npz", "unlabelled.csv", "--out", "nowhere/p.csv"], "nowhere/p.csv: No such file"),
        (["evaluate", "digits.npz", "--data", "unlabelled.csv"], "unlabelled.csv: Training and evaluation need"),
        (["train", "--data", "unlabelled.csv"], "unlabelled.csv: Training and evaluation need"),
        (["train", "--data", "labelled.csv", "--data-size", "100"], "--data-size chooses from MNIST's images"),
        (["train", "--data", "."], "There is no train-images-idx3-ubyte"),
    ],
)
def test_a_mistake_is_one_sentence(arguments, message, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    Path("text.csv").write_text("hello\n")
    kaggle(Path("labelled.csv"))
    kaggle(Path("unlabelled.csv"), labelled=False)
    save(MLP((6, 3)), "small.npz")
    save(MLP((784, 10)), "digits.npz")
    before = sorted(os.listdir())
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert sorted(os.listdir()) == before


def test_without_mnist_it_says_how_to_get_it(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(command_line, "MNIST_FOLDER", tmp_path / "mnist")
    assert main(["train"]) == 1
    assert "run python build.py --fetch, or give --data" in capsys.readouterr().err


def test_help_explains_every_option(capsys):
    for command in ("train", "evaluate", "predict", "submit"):
        with pytest.raises(SystemExit, match="0"):
            main([command, "--help"])
        text = capsys.readouterr().out
        for option in re.findall(r"^  (--?\w[\w-]*)(?: \S+)?$", text, re.MULTILINE):
            assert re.search(rf"^  {option}(?: \S+)?\n {{20,}}\S", text, re.MULTILINE), f"{option} lacks help"
        if command == "train":
            assert all(f"--{name.replace('_', '-')} " in text for name in DECLARATIONS)
            assert all(f"\n  {name} " in text for name in RECIPES)
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "python -m digitnet train --out model.npz" in capsys.readouterr().out


def test_version(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"digitnet {__version__}\n"


@pytest.mark.parametrize(
    "found", ["spam", ["data_size"], {"data_size": True}, {"layers": 3}, {"data_size": "own"}, None]
)
def test_evaluate_does_not_trust_the_settings_in_a_file(found, folder, capsys, monkeypatch):
    monkeypatch.setattr(command_line, "MNIST_FOLDER", folder)
    monkeypatch.setattr(dataset, "SHIPPED_FIRST", 60)
    monkeypatch.setattr(command_line, "SHIPPED_FIRST", 60)
    monkeypatch.setitem(RECIPES, "tiny", replace(RECIPES["quick"], settings=Settings(data_size=10)))
    save(MLP((784, 10), rng=0), folder / "model.npz", settings=found, recipe="tiny", seed=[1])
    assert main(["evaluate", str(folder / "model.npz")]) == 0
    assert "on 20 images" in capsys.readouterr().out


def test_a_csv_of_ones_own_is_not_called_mnist(tmp_path):
    out = tmp_path / "model.npz"
    assert main(["train", "--data", str(kaggle(tmp_path / "train.csv")), *SHORT, "--out", str(out)]) == 0
    assert load_with_meta(out)[1]["settings"]["data_size"] == "own"


def test_divergence_is_said_and_nothing_overwritten(folder, capsys):
    out = folder / "model.npz"
    out.write_bytes(b"precious")
    wild = ["--optimizer", "sgd", "--learning-rate", "100", "--l2", "10"]
    assert main(["train", "--data", str(folder), *SHORT, *wild, "--out", str(out)]) == 1
    error = capsys.readouterr().err
    assert re.search(
        r"^digitnet: Training has diverged in epoch \d: .* lower --learning-rate than 100; nothing was", error
    )
    assert out.read_bytes() == b"precious"
    assert not list(folder.glob("*.part"))


def test_a_network_that_cannot_be_saved_in_its_place_is_saved_elsewhere(folder, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    out = folder / "folder" / "model.npz"
    out.parent.mkdir()
    monkeypatch.setattr(command_line, "check_writable", lambda path: path.parent.rmdir())  # it vanishes meanwhile
    assert main(["train", "--data", str(folder), *SHORT, "--out", str(out)]) == 1
    captured = capsys.readouterr()
    assert f"{out}: No such file or directory. The network is saved elsewhere." in captured.err
    elsewhere = re.search(r"Saved in (.*)\.", captured.out).group(1)
    assert load(elsewhere).sizes == (784, 16, 10)


def started(folder, *arguments):
    """The command line as a process of its own, its outputs in pipes."""
    paths = os.pathsep.join(sys.path)
    command = [sys.executable, "-m", "digitnet", "train", "--data", str(folder), *SHORT, *arguments]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
        # What a shell starts in the background ignores the interruption, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def test_a_network_is_saved_although_nobody_reads_what_is_printed(folder):
    out = folder / "model.npz"
    with started(folder, "--out", str(out), "--epochs", "200") as process:
        assert process.stdout.readline().startswith("MLP(784-16-10")
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
    assert load_with_meta(out)[1]["settings"]["epochs"] == 200


def test_what_is_printed_may_be_cut_short(folder):
    with started(folder, "--epochs", "100000") as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_an_interrupted_training_is_saved(folder):
    out = folder / "model.npz"
    with started(folder, "--out", str(out), "--epochs", "100000") as process:
        while not process.stdout.readline().startswith("epoch   2"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        printed, error = process.communicate()
    assert (process.returncode, error) == (130, "")
    assert f"Stopped; what was learned so far is saved in {out}." in printed
    shown = float(re.search(r"test accuracy ([\d.]+) %", printed).group(1))
    assert 100 * load_with_meta(out)[1]["test_accuracy"] == pytest.approx(shown, abs=0.01)


def test_an_interrupted_training_without_a_place_to_save_just_stops(folder):
    with started(folder, "--epochs", "100000") as process:
        while not process.stdout.readline().startswith("epoch   2"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        error = process.communicate()[1]
    assert (process.returncode, error) == (130, "digitnet: Stopped; nothing was saved.\n")


def test_early_stopping(folder, capsys):
    assert main(["train", "--data", str(folder), *SHORT, "--epochs", "1000", "--patience", "3"]) == 0
    epochs = re.findall(r"^epoch +(\d+) .* test", capsys.readouterr().out, re.MULTILINE)
    assert 4 <= len(epochs) < 1000
