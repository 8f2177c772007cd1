"""The way to the answer: what each unit adds to two scores adds up to them."""

import numpy as np
import pytest

from digitnet.network import MLP
from digitnet.page.votes import votes_between


def worked_example():
    """Three hidden units with activations 2, 0 and 1, and three classes."""
    model = MLP((2, 3, 3), init="zeros")
    W1, _, W2, b2 = model.params
    W1[:] = [[2, -1, 0], [0, 0, 1]]
    W2[:] = [[1, 0, -1], [5, 5, 5], [-1, 2, 0.5]]
    b2[:] = [0.5, 0, -0.25]
    return model, [layer[0] for layer in model.forward(np.array([[1.0, 1.0]], np.float32))]


def test_a_worked_example():
    model, activations = worked_example()
    np.testing.assert_allclose(activations[-1], [1.5, 2, -1.75])
    found = votes_between(model, activations, 1, 0, 2)
    assert found.units.tolist() == [2, 0]  # +2 − (−1) = 3 for class 1; 0 − 2 = −2 against it
    np.testing.assert_allclose(found.activations, [1, 2])
    np.testing.assert_allclose(found.parts, [[2, -1], [0, 2]])
    np.testing.assert_allclose(found.rest, [0, 0])
    np.testing.assert_allclose(found.bias, [0, 0.5])
    assert found.raises[:, 0].tolist() == [1, 0]
    assert found.lowers[:, 0].tolist() == [0, 2]


def test_a_unit_without_activation_has_no_vote():
    model, activations = worked_example()
    assert votes_between(model, activations, 1, 0, 3).units.tolist() == [2, 0]


def test_a_negative_activation_raises_what_its_weights_lower():
    model, activations = worked_example()
    activations[1] = -activations[1]
    assert votes_between(model, activations, 1, 0, 1).raises[0, 0] == 0


@pytest.mark.parametrize("sizes", [(784, 128, 10), (784, 20, 12, 10), (784, 10)])
def test_the_parts_add_up_to_the_scores(sizes):
    model = MLP(sizes, rng=np.random.default_rng(0))
    X = np.random.default_rng(1).random((1, 784), np.float32)
    activations = [layer[0] for layer in model.forward(X)]
    found = votes_between(model, activations, 3, 7, 5)
    total = found.parts.sum(axis=0) + found.rest + found.bias
    np.testing.assert_allclose(total, found.scores, rtol=1e-4, atol=1e-5)
    lead = found.parts[:, 0] - found.parts[:, 1]
    assert (np.diff(np.abs(lead)) <= 0).all()
