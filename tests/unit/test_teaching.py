"""Teaching by a few drawings: a writer whose sevens are crossed and whose nines lean is read right afterwards."""

import numpy as np
import pytest
from drawings import ink, varied

from digitnet import MLP, Dataset, TrainConfig, accuracy, load_mnist, train
from digitnet.augmentation import elastic
from digitnet.data.drawing import preprocess_digit
from digitnet.evaluation import evaluate, finished
from digitnet.teaching import COPIES, MOST, STEPS, distorted, folds, holding_back, read_right, teaching

# As this writer draws them: a seven with a bar, a one with a flag and a foot, a nine with a tail.
STROKES = {
    7: [[(-0.35, -0.45), (0.35, -0.45), (-0.1, 0.5)], [(-0.35, 0.05), (0.35, 0.0)]],
    1: [[(-0.35, -0.05), (0.05, -0.5), (0.05, 0.5)], [(-0.3, 0.5), (0.35, 0.5)]],
    9: [[(0.3, -0.3), (0.0, -0.5), (-0.3, -0.3), (0.0, -0.05), (0.3, -0.3), (0.25, 0.3), (0.0, 0.5), (-0.4, 0.4)]],
}


def written(each, seed):
    """So many drawings of each digit by this writer."""
    rng = np.random.default_rng(seed)
    digits = [digit for digit in STROKES for _ in range(each)]
    pictures = [np.rint(255 * preprocess_digit(ink(varied(STROKES[digit], rng)))) for digit in digits]
    return Dataset(np.array(pictures, np.uint8), np.array(digits))


@pytest.fixture(scope="module")
def digits(mnist):
    training, test = load_mnist(mnist)
    return training.take(slice(0, 4000)), test.take(slice(0, 2000))


@pytest.fixture(scope="module")
def network(digits):
    model = MLP((784, 48, 10), rng=0)
    for _ in train(model, digits[0], TrainConfig(epochs=4, lr=0.003)):
        pass
    return model


def taught(network, drawings, rehearsal, **options):
    pupil = network.astype(network.dtype)
    finished(teaching(pupil, drawings, rehearsal, **options))
    return pupil


def test_a_writers_other_drawings_are_read_right_after_a_few_are_taught(network, digits):
    others = written(20, seed=2)
    before = read_right(network, others).mean()
    after = read_right(taught(network, written(2, seed=1), digits[0]), others).mean()
    assert before < 0.7
    assert after > 0.95


def test_rehearsal_keeps_what_was_learned_and_without_it_the_network_forgets(network, digits):
    drawings, (training, test) = written(2, seed=1), digits
    before = evaluate(network, test).accuracy
    assert evaluate(taught(network, drawings, training), test).accuracy > before - 0.004
    assert evaluate(taught(network, drawings, None), test).accuracy < before - 0.1


@pytest.mark.slow
def test_what_is_held_back_tells_how_other_drawings_are_read(network, digits):
    drawings = written(4, seed=1)
    weights = [param.copy() for param in network.params]
    estimate = finished(holding_back(network, drawings, digits[0]))
    assert estimate.drawings == len(drawings)
    assert estimate.before == read_right(network, drawings).mean()
    assert estimate.after == pytest.approx(
        read_right(taught(network, drawings, digits[0]), written(20, 2)).mean(), abs=0.1
    )
    for before, after in zip(weights, network.params, strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("labels", [[7, 7, 1, 1], [7, 1, 9, 3, 5, 8]])
def test_with_too_few_drawings_none_is_held_back(network, digits, labels):
    images = np.random.default_rng(0).integers(0, 255, (len(labels), 784), np.uint8)
    assert finished(holding_back(network, Dataset(images, labels), digits[0])) is None


def test_equal_drawings_are_held_back_together_and_a_single_one_of_its_class_never():
    images = np.zeros((7, 784), np.uint8)
    images[:, 0] = [1, 1, 2, 2, 3, 4, 5]
    part = folds(Dataset(images, [7, 7, 7, 7, 1, 9, 9]))
    assert part[0] == part[1] != part[2] == part[3]
    assert part[4] == -1
    assert part[5] != part[6]


def test_the_same_seed_teaches_the_same(network, digits):
    drawings = written(2, seed=1)
    first, second, third = (taught(network, drawings, digits[0], seed=seed, steps=3) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.params[0], second.params[0])
    assert np.abs(first.params[0] - third.params[0]).max() > 0


def test_stops_after_every_step_and_takes_no_more_drawings_than_fit(network, monkeypatch):
    drawings = Dataset(np.random.default_rng(0).integers(0, 255, (MOST + 9, 784), np.uint8), np.zeros(MOST + 9, int))
    sizes = []
    monkeypatch.setattr("digitnet.teaching.distorted", lambda images, rng: sizes.append(len(images)) or images)
    assert len(list(teaching(network.astype(np.float32), drawings, None))) == STEPS
    assert set(sizes) == {MOST}
    sizes.clear()
    list(teaching(network.astype(np.float32), drawings.take(slice(0, 5)), None, steps=1))
    assert sizes == [5 * COPIES]


def test_a_distorted_drawing_is_another_one_but_not_far_from_it():
    images = written(1, seed=0).images.repeat(20, axis=0)
    changed = distorted(images, np.random.default_rng(0))
    assert changed.shape == images.shape
    assert changed.dtype == np.uint8
    assert len(np.unique(changed, axis=0)) == len(images)
    apart = [np.corrcoef(a, b)[0, 1] for a, b in zip(images, changed, strict=True)]
    assert 0.3 < np.mean(apart) < 0.95


def test_elastic_moves_what_lies_near_together_alike():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 10:18, 10:18] = 255
    flat = image.reshape(1, 784)
    np.testing.assert_array_equal(elastic(flat, 0, np.random.default_rng(0)), flat)
    bent = elastic(flat.repeat(200, axis=0), 1.0, np.random.default_rng(0)).reshape(-1, 28, 28) / 255
    centres = (bent.sum(axis=2) * np.arange(28)).sum(axis=1) / bent.sum(axis=(1, 2))
    assert centres.mean() == pytest.approx(13.5, abs=0.15)
    assert 0.3 < centres.std() < 1.0, "the square moves by about as much as the knots around it"
    assert bent[:, 13, 13].min() == 1, "no hole is torn into it"


def test_the_accuracy_of_reading_is_that_of_the_labels(network, digits):
    test = digits[1]
    assert read_right(network, test).mean() == accuracy(test.labels, network.predict(test.images / np.float32(255)))
