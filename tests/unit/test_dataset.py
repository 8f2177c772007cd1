import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.dataset import Dataset, split


def test_dataset():
    data = Dataset(np.zeros((3, 784), np.uint8), np.array([2, 0, 1], np.uint8))
    assert len(data) == 3
    assert data.labels.dtype == np.intp  # so that label * n_classes does not overflow
    assert data.take([2, 0]).labels.tolist() == [1, 2]
    assert data.take(data.labels > 0).labels.tolist() == [2, 1]
    part = data.take(slice(1, 3))
    assert part.labels.tolist() == [0, 1]
    assert np.shares_memory(part.images, data.images)
    assert Dataset(data.images).take([0]).labels is None
    with pytest.raises(AttributeError):
        data.labels = None


@pytest.mark.parametrize(
    ("images", "labels", "says"),
    [
        (np.zeros((2, 784)), None, "float64"),
        (np.zeros((2, 783), np.uint8), None, r"\(2, 783\)"),
        (np.zeros((2, 28, 28), np.uint8), None, r"\(2, 28, 28\)"),
        ([[0] * 784], None, "not list"),
        (np.zeros((2, 784), np.uint8), [1], "2 images but labels of shape"),
        (np.zeros((2, 784), np.uint8), [1.5, 2], "integers"),
        (np.zeros((2, 784), np.uint8), [1, -2], "from 0 on"),
    ],
)
def test_dataset_refuses(images, labels, says):
    with pytest.raises(ValueError, match=says):
        Dataset(images, labels)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 2**32 - 1))
def test_split_makes_disjoint_parts(a, b, c, seed):
    images = np.zeros((a + b + c, 784), np.uint8)
    data = Dataset(images, np.arange(a + b + c))  # the labels tell which image is which
    parts = split(data, a, b, seed=seed)
    assert [len(part) for part in parts] == [a, b]
    together = np.concatenate([part.labels for part in parts])
    assert len(set(together.tolist())) == a + b
    again = split(data, a, b, seed=np.random.default_rng(seed))
    assert all((x.labels == y.labels).all() for x, y in zip(parts, again, strict=True))


def test_split_shuffles_and_checks():
    data = Dataset(np.zeros((100, 784), np.uint8), np.arange(100))
    assert split(data, 100)[0].labels.tolist() != list(range(100))
    assert split(data, 50, seed=1)[0].labels.tolist() != split(data, 50, seed=2)[0].labels.tolist()
    with pytest.raises(ValueError, match=r"\(60, 41\) images cannot be made from 100"):
        split(data, 60, 41)
    with pytest.raises(ValueError, match="cannot be made"):
        split(data, -1)
