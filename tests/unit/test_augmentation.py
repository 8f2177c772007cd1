import numpy as np
import pytest

from digitnet.augmentation import random_shift, shifted

IMAGE = np.arange(1, 785, dtype=np.int64).reshape(28, 28).astype(np.uint8)


@pytest.mark.parametrize(("down", "right"), [(2, -3), (-1, 0), (0, 4), (0, 0)])
def test_a_shift_brings_in_paper_and_loses_what_crosses_the_edge(down, right):
    moved = shifted(np.stack([IMAGE.ravel(), IMAGE[::-1].ravel()]), down, right).reshape(2, 28, 28)
    for image, result in zip((IMAGE, IMAGE[::-1]), moved, strict=True):
        for row in range(28):
            for column in range(28):
                y, x = row - down, column - right
                expected = image[y, x] if 0 <= y < 28 and 0 <= x < 28 else 0
                assert result[row, column] == expected


def test_every_shift_is_drawn():
    rng = np.random.default_rng(0)
    drawn = {random_shift(1, rng) for _ in range(200)}
    assert drawn == {(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)}
