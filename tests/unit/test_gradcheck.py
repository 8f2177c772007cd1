import numpy as np
import pytest

from digitnet.activations import ACTIVATIONS
from digitnet.gradcheck import gradient_check
from digitnet.losses import one_hot
from digitnet.network import MLP

# Every size differs, so that a matrix the wrong way round cannot pass.
DEPTHS = [(7, 4), (7, 6, 4), (7, 6, 5, 4), (7, 6, 5, 3, 4)]


def batch(sizes, n=9):
    rng = np.random.default_rng(3)
    return rng.standard_normal((n, sizes[0])), one_hot(rng.integers(0, sizes[-1], n), sizes[-1], np.float64)


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("sizes", DEPTHS, ids=lambda sizes: "-".join(map(str, sizes)))
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_backpropagation_agrees_with_the_slopes(activation, sizes, l2):
    model = MLP(sizes, activation, init="xavier", rng=1)
    for b in model.params[1::2]:
        b[:] = 0.1
    assert gradient_check(model, *batch(sizes), l2) < 1e-6


class Faulty(MLP):
    """Backpropagation with one of the usual faults."""

    fault = ""

    def loss_and_grads(self, X, Y, l2=0.0):
        loss, grads = super().loss_and_grads(X, Y, l2)
        if self.fault == "bias summed without axis":
            grads[1][:] = grads[1].sum()
        elif self.fault == "batch forgotten":
            grads[0] *= len(X)
        elif self.fault == "l2 on biases":
            grads[3] += l2 * self.params[3]
        elif self.fault == "l2 left out of the gradient":
            grads[2] -= l2 * self.params[2]
        elif self.fault == "one weight off by a percent":
            grads[2][1, 2] *= 1.01
        return loss, grads


@pytest.mark.parametrize(
    "fault",
    [
        "bias summed without axis",
        "batch forgotten",
        "l2 on biases",
        "l2 left out of the gradient",
        "one weight off by a percent",
    ],
)
def test_a_planted_fault_is_caught(fault, monkeypatch):
    model = Faulty((7, 6, 4), "tanh", rng=1)
    model.params[3][:] = 0.5
    assert gradient_check(model, *batch(model.sizes), l2=0.3) < 1e-6
    monkeypatch.setattr(Faulty, "fault", fault)
    assert gradient_check(model, *batch(model.sizes), l2=0.3) > 1e-3


def test_the_model_stays_as_it_is():
    model = MLP((7, 6, 4), rng=1)
    before = [p.copy() for p in model.params]
    gradient_check(model, *batch(model.sizes))
    assert model.dtype == np.float32
    assert all((p == q).all() for p, q in zip(model.params, before, strict=True))
