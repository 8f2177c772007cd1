import gzip

import numpy as np
import pytest
from writers import to_csv, to_idx

from digitnet import Dataset
from digitnet.page.uploads import Upload

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (5, 28, 28), dtype=np.uint8)
LABELS = np.array([3, 1, 4, 1, 5], np.uint8)
SEVENTEEN = np.array([0, 1, 17, 3, 4], np.uint8)


def table(labels, images):
    return to_csv(Dataset(images.reshape(-1, 784), labels))


def upload(files, chunk=1000):
    taken = Upload()
    for name, raw in files.items():
        taken.open(name)
        for start in range(0, len(raw), chunk):
            taken.feed(raw[start : start + chunk])
        taken.close()
    return taken.datasets()


def test_kaggles_two_files():
    found = upload({"train.csv": table(LABELS, IMAGES), "test.csv": table(None, IMAGES[:2])})
    np.testing.assert_array_equal(found.train.images, IMAGES.reshape(5, 784))
    np.testing.assert_array_equal(found.train.labels, LABELS)
    assert found.test is None
    assert len(found.unlabelled) == 2


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_idx_files_in_any_order(pack):
    found = upload(
        {
            "t10k-labels-idx1-ubyte": pack(to_idx(LABELS[:2])),
            "train-images-idx3-ubyte": pack(to_idx(IMAGES)),
            "t10k-images-idx3-ubyte": pack(to_idx(IMAGES[:2])),
            "train-labels-idx1-ubyte": pack(to_idx(LABELS)),
        }
    )
    assert len(found.train) == 5
    np.testing.assert_array_equal(found.test.labels, LABELS[:2])
    assert found.unlabelled is None


def test_idx_images_alone_are_there_to_be_read():
    found = upload({"t10k-images-idx3-ubyte": to_idx(IMAGES)})
    assert found.train is found.test is None
    assert len(found.unlabelled) == 5


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"empty.csv": b""}, "empty.csv: .*empty"),
        ({"train.csv": table([3, 17], IMAGES[:2])}, r"train.csv: .*3\b.*17"),
        ({"x-labels": to_idx(LABELS)}, "train labels but no train images"),
        (
            {"x-images": to_idx(IMAGES), "x-labels": to_idx(np.array([0, 1, 17, 3, 4], np.uint8))},
            "Image 3 has the label 17",
        ),
        ({"x-images": to_idx(IMAGES), "x-labels": to_idx(LABELS[:3])}, "5 images but labels of shape"),
        ({"a.csv": table(LABELS, IMAGES), "b.csv": table(LABELS, IMAGES)}, "two files of labelled images"),
        ({"a.csv": table(None, IMAGES), "b.csv": table(None, IMAGES)}, "two files of images without labels"),
        ({"a-images": to_idx(IMAGES), "b-images": to_idx(IMAGES)}, "b-images: There is a second file"),
        ({"cut": to_idx(IMAGES)[:-1]}, "cut: .*cut short"),
    ],
)
def test_what_does_not_fit_is_named(files, message):
    with pytest.raises(ValueError, match=message):
        upload(files)
