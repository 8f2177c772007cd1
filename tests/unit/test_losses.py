import numpy as np
import pytest

from digitnet.losses import one_hot, softmax, softmax_cross_entropy


def test_one_hot_has_a_column_for_every_class_seen_or_not():
    np.testing.assert_array_equal(one_hot([2, 0], 4), [[0, 0, 1, 0], [1, 0, 0, 0]])
    assert one_hot(np.array([], int), 3).shape == (0, 3)


@pytest.mark.parametrize("labels", [[0, 10], [-1, 3]])
def test_one_hot_refuses_labels_out_of_range(labels):
    with pytest.raises(ValueError, match="Labels must lie in 0 to 9"):
        one_hot(np.array(labels), 10)


def test_softmax_by_hand():
    np.testing.assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[0.125, 0.25, 0.625]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_at_a_thousand_either_way(dtype):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        p = softmax(np.array([[1000, -1000, 0], [-1000, -1000, -1000]], dtype))
        np.testing.assert_allclose(p, [[1, 0, 0], [1 / 3] * 3], rtol=1e-6)
        Y = np.array([[0, 1, 0], [1, 0, 0]], dtype)
        loss, gradient = softmax_cross_entropy(np.array([[1000, -1000, 0], [-1000] * 3], dtype), Y)
    assert loss == pytest.approx((2000 + np.log(3)) / 2)
    np.testing.assert_allclose(gradient, (p - Y) / 2, rtol=1e-6)


def test_softmax_does_not_change_its_input():
    logits = np.array([[1.0, 2.0]])
    softmax(logits)
    softmax_cross_entropy(logits, np.array([[1.0, 0.0]]))
    np.testing.assert_array_equal(logits, [[1.0, 2.0]])


def test_cross_entropy_is_minus_the_log_of_the_right_probability():
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]]))
    loss, _ = softmax_cross_entropy(logits, one_hot(np.array([0, 2]), 3, np.float64))
    assert loss == pytest.approx(-(np.log(0.7) + np.log(0.1)) / 2)


def test_gradient_is_the_slope_of_the_loss():
    rng = np.random.default_rng(0)
    logits, Y = rng.standard_normal((4, 3)), one_hot(np.array([0, 2, 1, 1]), 3, np.float64)
    _, gradient = softmax_cross_entropy(logits, Y)
    for index in np.ndindex(logits.shape):
        moved = np.zeros_like(logits)
        moved[index] = 1e-6
        above, below = (
            softmax_cross_entropy(logits + moved, Y)[0],
            softmax_cross_entropy(logits - moved, Y)[0],
        )
        assert gradient[index] == pytest.approx((above - below) / 2e-6, abs=1e-8)
