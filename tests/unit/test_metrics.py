import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.metrics import (
    accuracy,
    confusion_matrix,
    per_class_accuracy,
    precision,
    prediction_distribution,
    recall,
)

# true:      0  0  0  1  1  2
# predicted: 0  0  1  1  2  2
LABELS = [0, 0, 0, 1, 1, 2]
PREDICTED = [0, 0, 1, 1, 2, 2]
PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=50)


def test_by_hand():
    confusion = confusion_matrix(LABELS, PREDICTED, 4)
    assert confusion.tolist() == [[2, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert accuracy(LABELS, PREDICTED) == 4 / 6
    # Class 3 neither occurs nor is predicted: nan, and no warning (warnings are errors here).
    np.testing.assert_array_equal(per_class_accuracy(confusion), [2 / 3, 1 / 2, 1, np.nan])
    np.testing.assert_array_equal(recall(confusion), [2 / 3, 1 / 2, 1, np.nan])
    np.testing.assert_array_equal(precision(confusion), [1, 1 / 2, 1 / 2, np.nan])
    assert prediction_distribution(PREDICTED, 4).tolist() == [2, 2, 2, 0]


@given(PAIRS)
def test_the_measures_agree_with_each_other(pairs):
    labels = np.array([pair[0] for pair in pairs], np.uint8)
    predicted = np.array([pair[1] for pair in pairs], np.int64)
    confusion = confusion_matrix(labels, predicted, 10)
    assert confusion.sum() == len(pairs)
    np.testing.assert_array_equal(confusion.sum(axis=0), prediction_distribution(predicted, 10))
    np.testing.assert_array_equal(confusion.sum(axis=1), prediction_distribution(labels, 10))
    if pairs:
        assert accuracy(labels, predicted) == pytest.approx(np.trace(confusion) / len(pairs))
        present = confusion.sum(axis=1) > 0
        assert per_class_accuracy(confusion)[present] == pytest.approx(
            [np.mean(predicted[labels == c] == c) for c in np.flatnonzero(present)]
        )


def test_small_label_types_do_not_overflow():
    many = np.array([200], np.uint8)
    assert confusion_matrix(many, many, 201)[200, 200] == 1


def test_no_samples():
    assert np.isnan(accuracy([], []))
    assert confusion_matrix([], [], 3).tolist() == [[0] * 3] * 3
    assert prediction_distribution([], 3).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("labels", "predicted", "says"),
    [
        ([1, 2], [1], "2 labels but 1 predictions"),
        ([1, 17], [1, 2], "these in 1 to 17"),
        ([1, -1], [1, 2], "these in -1 to 1"),
        ([1.0, 2.0], [1, 2], "float64"),
        ([[1, 0], [0, 1]], [1, 2], r"shape \(2, 2\)"),
    ],
)
def test_malformed(labels, predicted, says):
    with pytest.raises(ValueError, match=says):
        confusion_matrix(labels, predicted, 10)
    if "these in" not in says:
        with pytest.raises(ValueError, match=says):
            accuracy(labels, predicted)
