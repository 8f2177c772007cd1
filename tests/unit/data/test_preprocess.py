import numpy as np
import pytest
from drawings import pen
from hypothesis import given, settings
from hypothesis import strategies as st

from digitnet.data.drawing import area_matrix, centre_of_mass, preprocess_digit, preprocessing_stages
from digitnet.data.files import load_mnist
from digitnet.data.photo import ink_from_photo

THREE = [(0.25, 0.1), (0.6, 0.05), (0.75, 0.25), (0.45, 0.45), (0.75, 0.65), (0.65, 0.95), (0.2, 0.9)]
SEVEN = [(0.2, 0.1), (0.8, 0.1), (0.45, 0.9)]
ONE = [(0.5, 0.1), (0.52, 0.9)]
FOUR = [(0.5, 0.1), (0.2, 0.6), (0.8, 0.6), (0.6, 0.6), (0.65, 0.35), (0.55, 0.95)]
ZERO = [(0.5 + 0.3 * np.cos(t), 0.5 + 0.4 * np.sin(t)) for t in np.linspace(0, 6.28, 20)]
DIGITS = {"three": THREE, "seven": SEVEN, "one": ONE, "four": FOUR, "zero": ZERO}


@st.composite
def scribbles(draw):
    """Small drawings that nobody would draw, with ink somewhere."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    ink = np.frombuffer(draw(st.binary(min_size=height * width, max_size=height * width)), np.uint8)
    ink = np.where(ink < 128, 0, ink).reshape(height, width).astype(np.uint8)
    ink[draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))] = 255
    return ink


def picture(ink):
    return preprocess_digit(ink).reshape(28, 28)


def distance(ink, other):
    """The mean difference of two pictures; one pixel off is the same, for a centre of mass can tip either way."""
    a, b = picture(ink), picture(other)
    return min(np.abs(np.roll(a, (i, j), (0, 1)) - b).mean() for i in (-1, 0, 1) for j in (-1, 0, 1))


def extent(image):
    rows, columns = np.nonzero(image)
    return max(np.ptp(rows), np.ptp(columns)) + 1


# ---- Area averaging ----


@given(st.integers(1, 60), st.integers(1, 60))
def test_area_matrix_is_the_exact_average(n_in, n_out):
    v = np.random.default_rng(0).random(n_in)
    # Cut every input pixel into n_out pieces: then each output pixel is the mean of n_in whole pieces.
    expected = np.repeat(v, n_out).reshape(n_out, n_in).mean(axis=1)
    np.testing.assert_allclose(area_matrix(n_in, n_out) @ v, expected, atol=1e-12)


def test_area_matrix_by_hand():
    np.testing.assert_allclose(area_matrix(3, 2), [[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]])
    np.testing.assert_array_equal(area_matrix(20, 20), np.eye(20))


# ---- The facts of MNIST ----


@pytest.mark.slow
def test_mnist_passes_unchanged(mnist):
    _, test = load_mnist(mnist)
    images = test.images[:2000]
    expected = images.astype(np.float32) / images.max(axis=1, keepdims=True)
    got = np.array([preprocess_digit(image.reshape(28, 28)) for image in images])
    difference = np.abs(got - expected)
    assert (difference.max(axis=1) <= 0.05).mean() > 0.99  # ink fainter than 5 % at the rim may be cut off
    assert difference.mean() < 1e-3


@pytest.mark.parametrize("name", DIGITS)
@pytest.mark.parametrize("size", [40, 140, 300])
@pytest.mark.parametrize("width", [0.05, 0.1, 0.15])
def test_a_drawing_gets_the_measures_of_mnist(name, size, width):
    image = picture(pen(DIGITS[name], size, width))
    assert extent(image) == 20
    assert image.max() == 1
    assert image.min() == 0
    assert image.dtype == np.float32
    assert all(13.5 - 1e-5 <= at <= 14.5 + 1e-5 for at in centre_of_mass(image))


@given(scribbles())
def test_any_ink_gives_a_digit(ink):
    got = preprocess_digit(ink)
    assert got.shape == (784,)
    assert got.max() == pytest.approx(1)
    assert got.min() >= 0
    assert extent(got.reshape(28, 28)) <= 20


def test_what_lies_far_out_of_balance_is_clipped():
    ink = np.zeros((200, 200), np.uint8)
    ink[:20, :20] = 255
    ink[:, 1] = 1
    ink[199, 199] = 255
    image = picture(ink)
    assert image.max() == 1
    assert centre_of_mass(image) == pytest.approx((14, 14), abs=0.6)


def test_a_dot_fills_the_box():
    ink = np.zeros((50, 50), np.uint8)
    ink[7, 9] = 1
    image = picture(ink)
    assert image.sum() == 400
    assert extent(image) == 20


def test_proportions_stay():
    ink = np.zeros((300, 300), np.uint8)
    ink[50:250, 100:150] = 255
    rows, columns = np.nonzero(picture(ink) > 0.9)
    assert np.ptp(rows) + 1 == 20
    assert np.ptp(columns) + 1 == pytest.approx(5, abs=1)


# ---- What must not matter ----


@settings(deadline=None)
@given(st.sampled_from(sorted(DIGITS)), st.integers(0, 100), st.integers(0, 160))
def test_where_it_is_drawn_does_not_matter(name, down, right):
    drawn = pen(DIGITS[name], 160)
    pad = np.zeros((260, 320), np.uint8)
    pad[down : down + 160, right : right + 160] = drawn
    np.testing.assert_array_equal(preprocess_digit(pad), preprocess_digit(drawn))


@settings(deadline=None)
@given(st.sampled_from(sorted(DIGITS)), st.integers(110, 400), st.floats(0.06, 0.14))
def test_how_large_it_is_drawn_hardly_matters(name, size, width):
    assert distance(pen(DIGITS[name], size, width), pen(DIGITS[name], 250, width)) < 0.02


@given(st.integers(2, 40), st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_larger_pixels_do_not_matter(n, times, seed):
    ink = np.random.default_rng(seed).integers(0, 256, (n, n), np.uint8)
    ink[0, 0] = ink[-1, -1] = 255  # so that it is a square, and needs no padding by half pixels
    large = ink.repeat(times, 0).repeat(times, 1)
    assert distance(ink, large) < 1e-3


@given(scribbles(), st.floats(1e-30, 1e30))
def test_the_unit_of_ink_does_not_matter(ink, unit):
    expected = preprocess_digit(ink)
    for other in (ink * unit, ink.astype(np.int64), (ink.astype(float) * unit).tolist()):
        np.testing.assert_allclose(preprocess_digit(other), expected, atol=1.01 / 255)
    on = ink > 0
    for other in (on, on.astype(np.uint8) * 255, on.astype(np.float32)):
        np.testing.assert_allclose(preprocess_digit(other), preprocess_digit(on * 1e-300), atol=1.01 / 255)


def test_the_drawing_is_left_alone():
    ink = pen(THREE)
    before = ink.copy()
    preprocess_digit(ink)
    np.testing.assert_array_equal(ink, before)


@pytest.mark.parametrize(
    "empty", [np.zeros((280, 280), np.uint8), np.zeros((5, 3)), np.zeros((0, 0)), np.zeros((0, 9), bool)]
)
def test_no_ink(empty):
    got = preprocess_digit(empty)
    assert got.shape == (784,)
    assert not got.any()


@pytest.mark.parametrize(
    ("ink", "says"),
    [
        (np.zeros(784), r"shape \(784,\)"),
        (np.zeros((28, 28, 3)), r"shape \(28, 28, 3\)"),
        (np.full((9, 9), np.nan), "missing ink"),
        (np.full((9, 9), np.inf), "infinite"),
        (np.full((9, 9), -1), "negative"),
        (np.full((9, 9), "x"), "made of numbers"),
        (np.full((9, 9), 1j), "made of numbers"),
    ],
)
def test_malformed(ink, says):
    with pytest.raises(ValueError, match=says):
        preprocess_digit(ink)


# ---- The stages ----


def test_the_stages_of_a_drawing():
    drawn = np.zeros((140, 140), np.uint8)
    drawn[20:60, 30:50] = 255  # 40 × 20, high on the left
    crop, box, digit = preprocessing_stages(drawn)
    assert crop.shape == (40, 20)
    assert box.shape == (20, 20)
    np.testing.assert_array_equal(box[:, 5:15], 1)
    assert box.sum() == 200
    np.testing.assert_array_equal(digit, preprocess_digit(drawn))
    rows, columns = np.nonzero(digit.reshape(28, 28))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 23, 9, 18)


@pytest.mark.parametrize(
    ("fit", "centre", "extent_there", "middle"),
    [(False, False, 8, (7.5, 7.5)), (False, True, 8, (13.5, 13.5)), (True, False, 20, (13.5, 13.5))],
)
def test_a_stage_that_is_switched_off_is_not_made(fit, centre, extent_there, middle):
    drawn = np.zeros((140, 140), np.uint8)
    drawn[20:60, 30:50] = 255
    _, box, digit = preprocessing_stages(drawn, fit, centre)
    image = digit.reshape(28, 28)
    assert len(box) == (20 if fit else 28)
    assert extent(image) == extent_there
    assert centre_of_mass(image) == pytest.approx(middle, abs=0.01)


def test_without_centring_the_box_stays_in_the_middle():
    lopsided = np.zeros((100, 100), np.uint8)
    lopsided[10:90, 10] = lopsided[80:90, 10:90] = 255
    image = preprocessing_stages(lopsided, centre=False).digit.reshape(28, 28)
    rows, columns = np.nonzero(image)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 23, 4, 23)


# ---- Photos ----


def photo(name, reverse=False, contrast=0.6, size=200, light=True, noise=0.01):
    """A picture of a digit on paper, and its ink: uneven light from the left, grain."""
    ink = pen(DIGITS[name], size, 0.1, shape=(300, 320), at=(40, 70))
    y, x = np.mgrid[:300, :320] / 300 - 0.5
    lamp = (1 - 0.5 * x - 0.5 * (x * x + y * y)) if light else np.ones((300, 320))
    paper, written = (0.2, 0.7) if reverse else (0.75, 0.75 * (1 - contrast))
    bright = (paper + (written - paper) * ink / 255) * lamp
    bright += np.random.default_rng(0).normal(0, noise, bright.shape)
    return np.clip(255 * bright, 0, 255).astype(np.uint8), ink


def assert_reads_as(gray, ink):
    found = ink_from_photo(gray)
    assert found.shape == gray.shape
    assert found.dtype == np.uint8
    assert distance(found, ink) < 0.03
    assert found[ink == 0].mean() < 4


@pytest.mark.parametrize("name", DIGITS)
@pytest.mark.parametrize("reverse", [False, True])
def test_photo(name, reverse):
    assert_reads_as(*photo(name, reverse))


@pytest.mark.parametrize("contrast", [0.3, 0.95])
@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_photo_with_pale_or_dark_ink(contrast, noise):
    assert_reads_as(*photo("three", contrast=contrast, noise=noise))


def test_photo_with_specks_and_the_edge_of_the_table():
    gray, ink = photo("four")
    gray[::60, 5::70] //= 3
    gray[:, -12:] //= 3
    assert_reads_as(gray, ink)


def test_scan_in_pure_black_and_white():
    ink = pen(THREE, 200)
    assert_reads_as(255 - ink, ink)
    assert_reads_as(ink, ink)


def test_photo_of_a_digit_that_touches_the_edge():
    ink = pen(SEVEN, 200)[:175, :]
    assert_reads_as(255 - ink // 2, ink)


def test_photo_of_nothing():
    blank = photo("one")[0][:, :60]
    for gray in (blank, np.full((99, 99), 200, np.uint8), np.zeros((99, 99), np.uint8), np.zeros((0, 3), np.uint8)):
        assert not ink_from_photo(gray).any()


@pytest.mark.parametrize("gray", [np.zeros((90, 90)), np.zeros((90, 90, 3), np.uint8), np.zeros((9, 9), np.int64)])
def test_malformed_photo(gray):
    with pytest.raises(ValueError, match=r"uint8|two dimensions"):
        ink_from_photo(gray)
