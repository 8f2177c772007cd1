import numpy as np
import pytest

from digitnet.optimizers import OPTIMIZERS, SGD, Adam, Momentum

RNG = np.random.default_rng(0)
STEPS = [[RNG.standard_normal((3, 2)), RNG.standard_normal(2)] for _ in range(5)]


def run(optimizer, dtype=np.float64):
    params = [np.ones((3, 2), dtype), np.zeros(2, dtype)]
    arrays = list(params)
    for grads in STEPS:
        optimizer.step(params, [g.astype(dtype) for g in grads])
    assert all(p is a for p, a in zip(params, arrays, strict=True)), "updated in place"
    assert all(p.dtype == dtype for p in params)
    return params


def test_sgd_is_its_formula():
    W, b = run(SGD(0.1))
    np.testing.assert_allclose(W, 1 - 0.1 * sum(g[0] for g in STEPS))
    np.testing.assert_allclose(b, -0.1 * sum(g[1] for g in STEPS))


def test_momentum_is_its_formula():
    w, v = np.ones((3, 2)), np.zeros((3, 2))
    for g, _ in STEPS:
        v = 0.8 * v + g
        w = w - 0.1 * v
    np.testing.assert_allclose(run(Momentum(0.1, beta=0.8))[0], w)


def test_adam_is_its_formula():
    lr, beta1, beta2, eps = 0.05, 0.8, 0.99, 1e-3
    for index, start in ((0, np.ones((3, 2))), (1, np.zeros(2))):
        w, m, v = start, 0.0, 0.0
        for t, grads in enumerate(STEPS, start=1):
            g = grads[index]
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        np.testing.assert_allclose(run(Adam(lr, beta1, beta2, eps))[index], w)


def test_the_first_step_of_adam_is_the_learning_rate_in_every_direction():
    params = [np.zeros(4)]
    Adam(0.01).step(params, [np.array([1e-3, -5.0, 100.0, 0.0])])
    np.testing.assert_allclose(params[0], [-0.01, 0.01, -0.01, 0.0], rtol=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_single_precision_agrees_with_double(name):
    for single, double in zip(run(OPTIMIZERS[name](0.1), np.float32), run(OPTIMIZERS[name](0.1)), strict=True):
        np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_finds_the_bottom_of_a_bowl(name):
    params, optimizer = [np.array([5.0, -3.0])], OPTIMIZERS[name](0.05)
    for _ in range(500):
        optimizer.step(params, [params[0] - np.array([1.0, 2.0])])
    np.testing.assert_allclose(params[0], [1, 2], atol=1e-2)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("lr", [0, -1, float("nan"), float("inf")])
def test_a_learning_rate_that_cannot_work_is_refused(name, lr):
    with pytest.raises(ValueError, match="learning rate must be a number above 0; got"):
        OPTIMIZERS[name](lr)


@pytest.mark.parametrize(
    ("options", "message"), [({"beta1": 1}, "beta1"), ({"beta2": -0.1}, "beta2"), ({"eps": 0}, "eps")]
)
def test_decay_rates_that_cannot_work_are_refused(options, message):
    with pytest.raises(ValueError, match=f"{message} must be a number"):
        Adam(0.1, **options)
    with pytest.raises(ValueError, match="beta must be a number"):
        Momentum(0.1, beta=1)


def test_missing_gradients_are_noticed():
    with pytest.raises(ValueError, match="zip"):
        SGD(0.1).step([np.zeros(2), np.zeros(2)], [np.zeros(2)])
