"""Memory has a limit that is known, and one that it is refused at in a sentence."""

import tracemalloc

import numpy as np
import pytest
from writers import to_csv, to_idx

from digitnet import Dataset
from digitnet.page import budget
from digitnet.page.session import Session
from digitnet.page.uploads import set_aside

N = 12_000
BLOCKS = 12_000_000  # bytes that a reader takes for a block's temporaries, however long the file is


def part(n):
    rng = np.random.default_rng(n)
    return to_idx(rng.integers(0, 256, (n, 28, 28), np.uint8)), to_idx(np.arange(n, dtype=np.uint8) % 10)


@pytest.fixture
def session():
    session = Session()
    session.add_data("train", *part(10_000))
    session.add_data("test", *part(100))
    session.start()
    return session


@pytest.fixture(scope="module")
def table():
    images = np.tile(np.arange(784, dtype=np.uint8), (N, 1))
    return to_csv(Dataset(images, np.arange(N) % 10))


def read(session, files):
    for i, raw in enumerate(files):
        session.open_file(f"{i}.csv", i == 0, len(raw))
        for start in range(0, len(raw), 1 << 20):
            session.feed(raw[start : start + (1 << 20)])
        session.close_file()
    return session.use_files()


@pytest.mark.slow
def test_own_images_are_held_once_and_twice_only_while_others_are_read(session, table):
    tracemalloc.start()
    try:
        read(session, [table])
        held, peak = tracemalloc.get_traced_memory()
        assert held < 1.3 * N * 784
        assert peak < N * 784 + BLOCKS
        read(session, [table])
        held, peak = tracemalloc.get_traced_memory()
        assert held < 1.3 * N * 784
        assert peak < 2 * N * 784 + BLOCKS
        tracemalloc.reset_peak()
        session.configure({"learning_rate": 0.002})
        assert tracemalloc.get_traced_memory()[1] - held < 0.1 * N * 784
    finally:
        tracemalloc.stop()
    assert session.describe()["own_data"] == {"train": N * 5 // 6, "test": N // 6, "unlabelled": 0}


def test_images_keep_their_labels_when_some_are_set_aside():
    images = np.arange(60, dtype=np.uint8).repeat(784).reshape(60, 784)
    train, test = set_aside(Dataset(images, np.arange(60)), 10)
    assert (len(train), len(test)) == (50, 10)
    for data in (train, test):
        np.testing.assert_array_equal(data.images[:, 0], data.labels)
    assert sorted([*train.labels, *test.labels]) == list(range(60))
    assert np.any(test.labels < 50)


@pytest.mark.slow
def test_what_would_not_fit_is_refused_before_room_is_made(session, table, monkeypatch):
    read(session, [table])
    before = session.describe()
    monkeypatch.setattr(budget, "LIMIT", budget.needed(session.model.sizes, N + 10_100) + 5_000_000)
    with pytest.raises(
        ValueError, match=r"Layers 784-1000-10 and 22,100 images need about \d+ MB of memory; .*Use smal"
    ):
        session.configure({"layers": (1000,)})
    with pytest.raises(ValueError, match="more than 6,369 rows, the most that is read beside what is here already"):
        read(session, [table])
    assert session.describe() == before
    images = to_idx(np.zeros((7_000, 28, 28), np.uint8))
    session.open_file("images-idx3-ubyte", True, len(images))
    with pytest.raises(ValueError, match="larger than 4,993,312 bytes, the most that is read beside what is here"):
        session.feed(images)


def test_the_largest_of_each_fits_alone_but_not_together():
    largest = (784, 4096, 3000, 10)
    budget.require(largest, 70_000)
    budget.require((784, 128, 10), 570_000)
    with pytest.raises(ValueError, match="800 MB"):
        budget.require(largest, 320_000)
    assert budget.room((784, 128, 10), 320_000) >= 250_000  # the images that are here can be replaced
