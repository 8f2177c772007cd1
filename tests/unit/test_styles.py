import numpy as np
import pytest

from digitnet.dataset import Dataset
from digitnet.evaluation import finished
from digitnet.strokes import centred, curve, drawn, inked, measured, turned
from digitnet.styles import STYLES, drawing_styles, with_style


def picture(*boxes, ink=255):
    """Return one image (784,) with filled boxes: (top, bottom, left, right), the ends included."""
    image = np.zeros((28, 28), np.uint8)
    for top, bottom, left, right in boxes:
        image[top : bottom + 1, left : right + 1] = ink
    return image.ravel()


def at(row, column):
    return np.array([[row, column]], float)


ONE = picture((4, 23, 13, 14))
# --- strokes ------------------------------------------------------------------------------------------------------


def test_a_digit_is_measured():
    digits = measured(np.stack([picture((4, 23, 12, 14)), picture((10, 11, 5, 24))]))
    np.testing.assert_array_equal(digits.top, [4, 10])
    np.testing.assert_array_equal(digits.bottom, [23, 11])
    np.testing.assert_array_equal(digits.left, [12, 5])
    np.testing.assert_array_equal(digits.right, [14, 24])
    np.testing.assert_allclose(digits.pen, [3, 2], atol=0.45)
    np.testing.assert_allclose(digits.at(0.5, 1), [[13.5, 14], [10.5, 24]])
    np.testing.assert_allclose(digits.on_ink(1), [[23, 13], [11, 14.5]])


def test_a_stroke_has_the_width_of_its_pen_and_round_ends():
    ink = inked([[at(10, 5), at(10, 20)]], np.array([3.0]))[0]
    assert (ink[9:12, 5:21] == 1).all()
    assert not ink[:8].any()
    assert not ink[13:].any()
    assert ink[10, 3] == 0
    assert ink[10, 22] == 0
    np.testing.assert_allclose(ink[8, 10], 0, atol=1e-6)
    np.testing.assert_allclose(inked([[at(10, 5), at(10, 20)]], np.array([2.0]))[0][[9, 10, 11], 12], [0.5, 1, 0.5])
    corner = 1.5 + 0.5 - np.sqrt(2)  # the pixel beside the end, one down and one on
    np.testing.assert_allclose(ink[11, 21], corner, atol=1e-6)


def test_a_way_is_turned_clockwise():
    up, right = at(-2, 0), at(0, 2)
    np.testing.assert_allclose(turned(up, 90), right, atol=1e-12)
    np.testing.assert_allclose(turned(right, np.array([90.0])), at(2, 0), atol=1e-12)


def test_a_curve_begins_and_ends_where_it_should_and_bends_to_the_corner():
    stroke = curve(at(0, 0), at(0, 4), at(4, 4), steps=2)
    np.testing.assert_allclose(np.concatenate(stroke), [[0, 0], [1, 3], [4, 4]])


def test_an_added_stroke_leaves_what_fits_as_it_is():
    image = picture((4, 23, 13, 14), (4, 23, 5, 6))
    with_stroke = drawn(image[np.newaxis], [[at(14, 6), at(14, 13)]], np.array([2.0])).reshape(28, 28)
    shift = 14 - np.flatnonzero(with_stroke[14]).mean()
    assert abs(shift) <= 4.5
    assert (with_stroke.any(axis=0).sum(), with_stroke.any(axis=1).sum()) == (10, 20)
    assert with_stroke.max() == 255


def test_what_grows_too_large_is_shrunk_to_twenty_pixels_and_centred():
    long = drawn(ONE[np.newaxis], [[at(23, 13), at(40, 13)]], np.array([2.0])).reshape(28, 28)
    rows = np.flatnonzero(long.max(axis=1) > 100)
    assert rows[-1] - rows[0] + 1 in (19, 20, 21)
    middle = (long.sum(axis=1) * np.arange(28)).sum() / long.sum()
    assert 13.5 <= middle <= 14.5


def test_centring_moves_by_whole_pixels():
    image = picture((2, 5, 3, 8), ink=200)
    moved = centred(image[np.newaxis]).reshape(28, 28)
    np.testing.assert_array_equal(np.argwhere(moved).min(axis=0), [12, 11])
    np.testing.assert_array_equal(np.argwhere(moved).max(axis=0), [15, 16])
    assert set(moved.ravel()) == {0, 200}
    assert not centred(np.zeros((1, 784), np.uint8)).any()


# --- styles -------------------------------------------------------------------------------------------------------

SEVEN = picture((4, 6, 7, 19), (4, 23, 17, 19))
NINE = picture((4, 5, 9, 17), (4, 12, 9, 10), (11, 12, 9, 17), (4, 23, 16, 17))
ZERO = picture((4, 23, 7, 9), (4, 23, 18, 20), (4, 6, 7, 20), (21, 23, 7, 20))
THREE = picture((4, 5, 8, 18), (12, 13, 10, 18), (22, 23, 8, 18), (4, 23, 17, 18))
SHAPES = {0: ZERO, 1: ONE, 3: THREE, 4: ZERO, 6: ZERO, 7: SEVEN, 8: ZERO, 9: NINE}


def style_named(name):
    return next((d, style) for d, styles in STYLES.items() for style in styles if style.strokes.__name__ == name)


def in_style(name, seed=0):
    digit, style = style_named(name)
    return with_style(SHAPES[digit][np.newaxis], style, np.random.default_rng(seed)).reshape(28, 28) > 100


ALL = [style.strokes.__name__ for styles in STYLES.values() for style in styles]


@pytest.mark.parametrize("name", ALL)
def test_every_style_is_a_digit_in_the_middle(name):
    digit, style = style_named(name)
    images = with_style(np.stack([SHAPES[digit]] * 40), style, np.random.default_rng(1)).reshape(-1, 28, 28)
    assert images.dtype == np.uint8
    assert len({image.tobytes() for image in images}) > 35, "they are drawn differently"
    for image in images:
        rows, columns = np.nonzero(image > 100)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 <= 22
        assert 13.4 <= (image.sum(axis=1) * np.arange(28)).sum() / image.sum() <= 14.6
        assert image.max() > 200


@pytest.mark.parametrize("seed", range(5))
def test_the_seven_has_a_bar(seed):
    before, after = (SEVEN.reshape(28, 28) > 100), in_style("bar", seed)
    assert max(after[10:24].sum(axis=1)) >= max(before[10:24].sum(axis=1)) + 4


@pytest.mark.parametrize("seed", range(5))
def test_the_one_has_a_flag_to_its_left(seed):
    after = in_style("flag", seed)
    rows, columns = np.nonzero(after)
    stem = columns[rows == rows.max()].mean()
    assert columns.min() <= stem - 2
    assert columns.max() <= stem + 3


@pytest.mark.parametrize("seed", range(5))
def test_the_one_has_a_foot_to_stand_on(seed):
    after = in_style("flag_and_foot", seed)
    rows = np.flatnonzero(after.any(axis=1))
    assert after[rows[-4:]].any(axis=0).sum() >= 6


@pytest.mark.parametrize("seed", range(5))
def test_the_nine_has_a_tail_to_the_left(seed):
    after = in_style("tail", seed)
    lower = after[np.flatnonzero(after.any(axis=1))[-5:]].any(axis=0)
    assert lower.sum() >= 3
    stem = np.flatnonzero(after[10:18].any(axis=0)).max()
    assert np.flatnonzero(lower).min() < stem - 1


def test_the_three_is_closed_above():
    left = in_style("closed_three")[:, :13].any(axis=1)
    rows = np.flatnonzero(in_style("closed_three").any(axis=1))
    assert left[rows[0] : rows[0] + 8].all()
    assert not (THREE.reshape(28, 28)[6:12, :13] > 100).any()


def test_the_six_is_the_nine_upside_down():
    digits = measured(ZERO[np.newaxis])
    middle = np.array([13.5, 13.5])
    (nine,), (six,) = (
        style_named(name)[1].strokes(digits, lambda low, high: np.full(1, (low + high) / 2))
        for name in ("loop_nine", "loop_six")
    )
    np.testing.assert_allclose(np.concatenate(nine) - middle, middle - np.concatenate(six), atol=1e-5)
    loop = np.concatenate(nine[:11])
    assert loop[:, 0].max() < 14, "the loop is in the upper half"
    assert nine[-1][0, 0] > 20, "the bow ends at the bottom"
    assert nine[-1][0, 1] < loop[:, 1].max()


def test_the_zero_is_struck_through():
    assert in_style("slash")[12:16, 12:16].any()
    assert not (ZERO.reshape(28, 28)[8:19, 11:16] > 100).any()


def test_a_share_of_each_digit_gets_its_styles_and_the_data_stays():
    labels = np.repeat(np.arange(10), 100)
    data = Dataset(np.stack([SHAPES.get(label, ONE) for label in labels]), labels)
    before = data.images.copy()
    images = finished(drawing_styles(data, 0.5, np.random.default_rng(0)))
    assert (data.images == before).all()
    changed = (images != data.images).any(axis=1).reshape(10, 100).sum(axis=1)
    expected = [round(50 * sum(style.share for style in STYLES.get(digit, ()))) for digit in range(10)]
    np.testing.assert_allclose(changed, expected, atol=2)
    again = finished(drawing_styles(data, 0.5, np.random.default_rng(0)))
    assert (images == again).all()
    other = finished(drawing_styles(data, 0.5, np.random.default_rng(1)))
    assert not (images == other).all()


def test_the_host_can_breathe_while_styles_are_drawn():
    data = Dataset(np.stack([SEVEN] * 600), np.full(600, 7))
    assert len(list(drawing_styles(data, 1, np.random.default_rng(0)))) == 3
