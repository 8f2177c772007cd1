import csv
import gzip
import re
import struct

import numpy as np
import pytest

from digitnet import MLP, save
from digitnet import __main__ as command_line
from digitnet.__main__ import main
from digitnet.storage import load_with_meta

RNG = np.random.default_rng(0)
LABELS = np.arange(60, dtype=np.uint8) % 10
IMAGES = RNG.integers(0, 60, (60, 28, 28), dtype=np.uint8)
for image, label in zip(IMAGES, LABELS, strict=True):
    image[2 * label : 2 * label + 8] = 250


def idx(array):
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture
def folder(tmp_path):
    for part, images, labels in (("train", IMAGES, LABELS), ("t10k", IMAGES[:20], LABELS[:20])):
        (tmp_path / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels))
    return tmp_path


def kaggle(path, labelled=True):
    names = (["label"] if labelled else []) + [f"pixel{i}" for i in range(784)]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for image, label in zip(IMAGES.reshape(60, 784), LABELS, strict=True):
            writer.writerow(([label] if labelled else []) + image.tolist())
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
        (["evaluate", "nothing.npz"], "nothing.npz: No such file"),
    ],
)
def test_a_mistake_is_one_sentence(arguments, message, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_without_mnist_it_says_how_to_get_it(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(command_line, "MNIST_FOLDER", tmp_path / "mnist")
    assert main(["train"]) == 1
    assert "run python build.py --fetch, or give --data" in capsys.readouterr().err
