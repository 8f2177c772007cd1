import numpy as np
import pytest

from digitnet.initializers import INITIALIZERS
from digitnet.network import MLP


@pytest.mark.parametrize(
    ("name", "std"),
    [("he", np.sqrt(2 / 400)), ("xavier", np.sqrt(2 / 600)), ("normal", 0.01), ("zeros", 0.0)],
)
def test_standard_deviation_of_the_weights(name, std):
    assert INITIALIZERS[name](400, 200) == pytest.approx(std)
    W, b = MLP((400, 200, 10), init=name, rng=0).layer(0)
    assert W.std() == pytest.approx(std, rel=0.02)
    assert abs(W.mean()) <= 0.02 * std
    assert not b.any()


def test_he_keeps_the_signal_through_ten_relu_layers():
    X = np.random.default_rng(0).standard_normal((200, 300)).astype(np.float32)
    deep = MLP((300,) * 11 + (10,), init="he", rng=1)
    assert 0.3 < np.square(deep.forward(X)[-2]).mean() < 3
    faded = MLP((300,) * 11 + (10,), init="normal", rng=1)
    assert np.square(faded.forward(X)[-2]).mean() < 1e-12
