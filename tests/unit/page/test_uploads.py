import gzip
import struct

import numpy as np
import pytest

from digitnet.page.uploads import Upload

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (5, 28, 28), dtype=np.uint8)
LABELS = np.array([3, 1, 4, 1, 5], np.uint8)


def idx(array):
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


def csv(labels, images, header=True):
    names = [*(["label"] if labels is not None else []), *(f"pixel{i}" for i in range(784))]
    rows = [",".join(names)] if header else []
    for i, image in enumerate(images.reshape(-1, 784)):
        rows.append(",".join(map(str, [*([labels[i]] if labels is not None else []), *image])))
    return ("\n".join(rows) + "\n").encode()


def upload(files, chunk=1000):
    taken = Upload()
    for name, raw in files.items():
        taken.open(name)
        for start in range(0, len(raw), chunk):
            taken.feed(raw[start : start + chunk])
        taken.close()
    return taken.datasets()


def test_kaggles_two_files():
    found = upload({"train.csv": csv(LABELS, IMAGES), "test.csv": csv(None, IMAGES[:2])})
    np.testing.assert_array_equal(found.train.images, IMAGES.reshape(5, 784))
    np.testing.assert_array_equal(found.train.labels, LABELS)
    assert found.test is None
    assert len(found.unlabelled) == 2


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_idx_files_in_any_order(pack):
    found = upload(
        {
            "t10k-labels-idx1-ubyte": pack(idx(LABELS[:2])),
            "train-images-idx3-ubyte": pack(idx(IMAGES)),
            "t10k-images-idx3-ubyte": pack(idx(IMAGES[:2])),
            "train-labels-idx1-ubyte": pack(idx(LABELS)),
        }
    )
    assert len(found.train) == 5
    np.testing.assert_array_equal(found.test.labels, LABELS[:2])
    assert found.unlabelled is None


def test_idx_images_alone_are_there_to_be_read():
    found = upload({"t10k-images-idx3-ubyte": idx(IMAGES)})
    assert found.train is found.test is None
    assert len(found.unlabelled) == 5


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"empty.csv": b""}, "empty.csv: .*empty"),
        ({"train.csv": csv([3, 17], IMAGES[:2])}, r"train.csv: .*3\b.*17"),
        ({"x-labels": idx(LABELS)}, "train labels but no train images"),
        ({"x-images": idx(IMAGES), "x-labels": idx(np.array([0, 1, 17, 3, 4], np.uint8))}, "Image 3 has the label 17"),
        ({"x-images": idx(IMAGES), "x-labels": idx(LABELS[:3])}, "5 images but labels of shape"),
        ({"a.csv": csv(LABELS, IMAGES), "b.csv": csv(LABELS, IMAGES)}, "two files of labelled images"),
        ({"a.csv": csv(None, IMAGES), "b.csv": csv(None, IMAGES)}, "two files of images without labels"),
        ({"a-images": idx(IMAGES), "b-images": idx(IMAGES)}, "b-images: There is a second file"),
        ({"cut": idx(IMAGES)[:-1]}, "cut: .*cut short"),
    ],
)
def test_what_does_not_fit_is_named(files, message):
    with pytest.raises(ValueError, match=message):
        upload(files)
