import numpy as np
import pytest

from digitnet.augmentation import affine, random_affine, random_shift, shifted
from digitnet.ops import warp

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


def redrawn(image, angle=0.0, slant=0.0, height=1.0, width=1.0, down=0.0, right=0.0):
    """Return one image (28, 28) through the affine map with these numbers."""
    numbers = (np.array([number]) for number in (angle, slant, height, width, down, right))
    return warp(image.reshape(1, -1), affine(*numbers)).reshape(28, 28)


def dot(row, column):
    image = np.zeros((28, 28), np.uint8)
    image[row, column] = 200
    return image


def place(image):
    """Return the row and the column that a dot has got to, by its centre of mass."""
    rows, columns = np.indices((28, 28))
    return [float((image * index).sum() / image.sum()) for index in (rows, columns)]


def test_without_a_change_an_image_stays_as_it_is():
    assert (redrawn(IMAGE) == IMAGE).all()


@pytest.mark.parametrize(
    ("change", "from_", "to"),
    [
        ({"down": 3, "right": -2}, (10, 12), (13, 10)),
        ({"angle": np.pi / 2}, (10, 12), (12, 17)),  # a quarter turn clockwise: up becomes right
        ({"angle": np.pi}, (10, 12), (17, 15)),
        ({"slant": 0.4}, (6, 14), (6, 17)),  # 7.5 above the centre: 3 to the right
        ({"slant": 0.4}, (21, 14), (21, 11)),
        ({"height": 1.4}, (11, 8), (10, 8)),  # 2.5 above the centre: 3.5
        ({"width": 0.6, "down": 1}, (9, 16), (10, 15)),
    ],
)
def test_where_an_affine_map_takes_a_dot(change, from_, to):
    moved = redrawn(dot(*from_), **change)
    np.testing.assert_allclose(place(moved), to, atol=0.01)


def test_a_move_by_half_a_pixel_divides_the_ink():
    moved = redrawn(dot(10, 12), right=0.5)
    assert moved[10, 12] == moved[10, 13] == 100
    assert moved.sum() == 200


def test_first_stretched_then_slanted_then_turned_then_moved():
    # (-3.5, 2.5) from the centre: twice as high (-7, 2.5); slanted (-7, 6); turned right (6, 7); moved (7, 5)
    moved = redrawn(dot(10, 16), angle=np.pi / 2, slant=0.5, height=2, down=1, right=-2)
    np.testing.assert_allclose(place(moved), (20.5, 18.5), atol=0.3)


def test_what_is_drawn_at_random_keeps_to_its_range():
    rng = np.random.default_rng(0)
    images = np.tile(dot(4, 14).ravel(), (500, 1))
    assert (warp(images, random_affine(500, 0, rng)) == images).all()
    # 9.5 above the centre: to the side by sin 10° and the slant of it, and a pixel; up and down by 15 % and a pixel.
    places = np.array([place(image.reshape(28, 28)) for image in warp(images, random_affine(500, 1, rng))])
    assert (np.abs(places[:, 1] - 14) < 9.5 * 1.15 * (0.174 + 0.3) + 1.2).all()
    assert (np.abs(places[:, 0] - 4) < 9.5 * 0.22 + 1).all()
    assert places.std(axis=0).min() > 0.8
    maps = random_affine(3, 1, rng)
    assert maps.dtype == np.float32
    assert len(np.unique(maps, axis=0)) == 3, "each image has a map of its own"
