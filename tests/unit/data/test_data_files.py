import gzip
import os
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from writers import assert_same_digits, random_digits, to_csv, to_idx

from digitnet import load_mnist
from digitnet.data.files import load_file, replacing, submission_csv
from digitnet.dataset import Dataset


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("joint", ["-", "."])
def test_load_mnist_by_any_of_its_names(tmp_path, zipped, joint):
    train, test = random_digits(5), random_digits(3, seed=1)
    for start, data in (("train", train), ("t10k", test)):
        for kind, array in (
            ("images{}idx3", data.images.reshape(-1, 28, 28)),
            ("labels{}idx1", data.labels.astype(np.uint8)),
        ):
            raw = to_idx(array)
            name = f"{start}-{kind.format(joint)}-ubyte" + ".gz" * zipped
            (tmp_path / name).write_bytes(gzip.compress(raw) if zipped else raw)
    got_train, got_test = load_mnist(tmp_path)
    assert_same_digits(got_train, train)
    assert_same_digits(got_test, test)
    (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match="no t10k-labels-idx1-ubyte"):
        load_mnist(str(tmp_path))


def test_the_real_mnist(mnist):
    train, test = load_mnist(mnist)
    assert (len(train), len(test)) == (60_000, 10_000)
    assert train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert np.bincount(test.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert round(float(train.images.mean()) / 255, 4) == 0.1307


def test_load_file(tmp_path):
    data = random_digits(3)
    (tmp_path / "digits.csv").write_bytes(to_csv(data))
    (tmp_path / "images").write_bytes(to_idx(data.images.reshape(-1, 28, 28)))
    (tmp_path / "images.gz").write_bytes(gzip.compress((tmp_path / "images").read_bytes()))
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "labels").write_bytes(to_idx(data.labels.astype(np.uint8)))
    assert_same_digits(load_file(tmp_path / "digits.csv"), data)
    assert_same_digits(load_file(tmp_path / "images"), Dataset(data.images))
    assert_same_digits(load_file(str(tmp_path / "images.gz")), Dataset(data.images))
    with pytest.raises(ValueError, match="empty: The file is empty"):
        load_file(tmp_path / "empty")
    with pytest.raises(ValueError, match=r"labels: .* this IDX file has \(3,\)"):
        load_file(tmp_path / "labels")


def test_a_malformed_file_is_named(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_bytes(to_csv(random_digits(3)).replace(b"\n", b"\n10", 1))
    with pytest.raises(ValueError, match=r"digits\.csv: Row 2, column 1: the label is"):
        load_file(path)
    for part in ("train", "t10k"):
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(to_idx(np.zeros((3, 28, 28), np.uint8)))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(to_idx(np.zeros(2, np.uint8)))
    with pytest.raises(ValueError, match=f"{tmp_path.name}: There are 3 images but labels of shape"):
        load_mnist(tmp_path)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"\x89PNG")
    with pytest.raises(ValueError, match="train-images-idx3-ubyte: This is not an IDX file"):
        load_mnist(tmp_path)


@pytest.mark.parametrize(
    "start", [to_idx(np.zeros((1, 28, 28), np.uint8)), gzip.compress(to_idx(np.zeros((1, 28, 28), np.uint8))), b""]
)
def test_a_huge_file_is_not_read_into_memory(tmp_path, start):
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(50_000_000_000)  # sparse: it takes no room
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="huge: "):
            load_file(path)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_images_may_come_from_a_pipe(tmp_path):
    data, path = random_digits(3), tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(to_csv(data),))
    writer.start()
    assert_same_digits(load_file(path), data)
    writer.join()


def write_half(path):
    with replacing(path) as file:
        file.write(b"new")
        raise ValueError("in the middle")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="in the middle"):
        write_half(path)
    assert path.read_bytes() == b"old"
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    (tmp_path / "link").symlink_to(path)
    with replacing(tmp_path / "link") as file:
        file.write(b"newer")
    assert path.read_bytes() == b"newer"
    assert sorted(child.name for child in tmp_path.iterdir()) == ["file", "link"]
    with pytest.raises(IsADirectoryError), replacing(tmp_path):
        pytest.fail("a folder was opened")
    with replacing(os.devnull) as file:
        file.write(b"gone")
    assert not Path(os.devnull).is_file()


def test_submission():
    assert submission_csv(np.array([2, 0, 9])) == b"ImageId,Label\n1,2\n2,0\n3,9\n"
