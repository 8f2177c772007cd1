import ast
import inspect

import numpy as np
import pytest

from digitnet import losses, network
from digitnet.losses import one_hot
from digitnet.network import MLP


def test_shapes_and_names():
    model = MLP((6, 5, 4, 3), rng=0)
    assert [p.shape for p in model.params] == [(6, 5), (5,), (5, 4), (4,), (4, 3), (3,)]
    assert {p.dtype for p in model.params} == {np.dtype(np.float32)}
    assert repr(model) == "MLP(6-5-4-3, 'relu', float32)"
    X = np.ones((2, 6), np.float32)
    assert [a.shape for a in model.forward(X)] == [(2, 6), (2, 5), (2, 4), (2, 3)]
    assert model.predict(X).shape == (2,)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1, rtol=1e-6)


def test_no_hidden_layer_is_softmax_regression():
    model = MLP((4, 3), rng=0, dtype=np.float64)
    X, Y = np.eye(4), one_hot(np.array([0, 1, 2, 0]), 3, np.float64)
    W, b = model.params
    np.testing.assert_allclose(model.forward(X)[-1], X @ W + b)
    p = model.predict_proba(X)
    _, (dW, db) = model.loss_and_grads(X, Y)
    np.testing.assert_allclose(dW, X.T @ (p - Y) / 4)
    np.testing.assert_allclose(db, (p - Y).mean(axis=0))


def hand_made():
    """2-2-2, ReLU: small enough to follow with a pencil."""
    model = MLP((2, 2, 2), dtype=np.float64)
    model.params = [
        np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([0.0, 0.5]),
        np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, 0.0]),
    ]  # fmt: skip
    return model


def test_one_step_by_hand():
    # One sample x = (1, 2), class 0, through hand_made():
    #   z1 = (1·1 + 2·0.5, 1·(-1) + 2·2 + 0.5) = (2, 3.5), both pass ReLU; logits = (2, 3.5)
    #   p = softmax = (1, e^1.5) / (1 + e^1.5) = (0.182426, 0.817574); loss = -log p0 = 1.701413
    #   δ2 = p - y = (-0.817574, 0.817574); dW2 = a1ᵀ δ2; δ1 = δ2 W2ᵀ ⊙ 1 = δ2; dW1 = xᵀ δ1
    loss, grads = hand_made().loss_and_grads(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]))
    d = 0.8175744761936437
    assert loss == pytest.approx(1.7014132779827524)
    np.testing.assert_allclose(grads[3], [-d, d])
    np.testing.assert_allclose(grads[2], [[-2 * d, 2 * d], [-3.5 * d, 3.5 * d]])
    np.testing.assert_allclose(grads[1], [-d, d])
    np.testing.assert_allclose(grads[0], [[-d, d], [-2 * d, 2 * d]])


def test_a_silent_relu_passes_nothing_back():
    model = hand_made()
    model.params[1][:] = (-10, 0.5)  # the first unit's z is -8 now
    _, grads = model.loss_and_grads(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]))
    np.testing.assert_array_equal(grads[0][:, 0], 0)
    assert grads[0][:, 1].all()


def test_gradient_of_a_batch_is_the_mean_over_its_samples():
    rng = np.random.default_rng(1)
    model = MLP((5, 4, 3), "tanh", rng=2, dtype=np.float64)
    X, Y = rng.standard_normal((7, 5)), one_hot(rng.integers(0, 3, 7), 3, np.float64)
    _, grads = model.loss_and_grads(X, Y, l2=0.1)
    whole = [g.copy() for g in grads]
    single = [[g.copy() for g in model.loss_and_grads(X[i : i + 1], Y[i : i + 1], l2=0.1)[1]] for i in range(7)]
    for index, grad in enumerate(whole):
        np.testing.assert_allclose(grad, np.mean([s[index] for s in single], axis=0))


def test_l2_is_half_the_sum_of_squared_weights_whatever_the_batch():
    model = MLP((5, 4, 3), rng=2, dtype=np.float64)
    for b in model.params[1::2]:
        b[:] = 1  # biases are not in it
    for n in (1, 6):
        X, Y = np.ones((n, 5)), one_hot(np.zeros(n, int), 3, np.float64)
        plain, _ = model.loss_and_grads(X, Y)
        with_l2, _ = model.loss_and_grads(X, Y, l2=0.2)
        squares = sum((W**2).sum() for W in model.params[::2])
        assert with_l2 - plain == pytest.approx(0.1 * squares)


def test_forward_returns_arrays_that_later_calls_leave_alone():
    model = MLP((4, 3, 2), rng=0)
    X = np.ones((2, 4), np.float32)
    first = model.forward(X)
    copies = [a.copy() for a in first]
    model.forward(-X)
    model.loss_and_grads(-X, one_hot(np.array([0, 1]), 2))
    for array, copy in zip(first, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_input_is_left_alone():
    model = MLP((4, 3, 2), rng=0)
    X, Y = np.ones((5, 4), np.float32), one_hot(np.array([0, 1, 0, 1, 1]), 2)
    model.loss_and_grads(X, Y)
    assert (X == 1).all()
    assert Y.sum() == 5


def test_equal_seeds_equal_weights_in_both_precisions():
    a, b, c = MLP((9, 8, 7), rng=5), MLP((9, 8, 7), rng=5), MLP((9, 8, 7), rng=6)
    assert all((p == q).all() for p, q in zip(a.params, b.params, strict=True))
    assert not (a.params[0] == c.params[0]).all()
    double = MLP((9, 8, 7), rng=5, dtype=np.float64)
    np.testing.assert_array_equal(double.params[0].astype(np.float32), a.params[0])


def test_activations_that_are_at_hand_are_not_computed_again(monkeypatch):
    model = MLP((4, 3, 2), rng=0)
    X, Y = np.ones((2, 4), np.float32), one_hot(np.array([0, 1]), 2)
    loss, grads = model.loss_and_grads(X, Y)
    activations = model.forward(X)
    monkeypatch.setattr(MLP, "forward", None)
    again, same = model.loss_and_grads(X, Y, activations=activations)
    assert again == loss
    assert all((g == h).all() for g, h in zip(grads, same, strict=True))


@pytest.mark.parametrize("X", [np.ones(4), np.ones((2, 5)), np.ones((1, 2, 4))])
def test_input_of_another_shape_is_refused(X):
    with pytest.raises(ValueError, match=r"X must have the shape \(n, 4\)"):
        MLP((4, 3, 2)).forward(X)


def test_a_network_from_its_parameters():
    model = MLP((4, 3, 2), "tanh", "xavier", rng=0, dtype=np.float64)
    again = MLP.from_params(model.params, "tanh", "xavier")
    assert (again.sizes, again.activation, again.init, again.dtype) == ((4, 3, 2), "tanh", "xavier", np.float64)
    assert again.params[0] is model.params[0]
    np.testing.assert_array_equal(again.predict(np.eye(4)), model.predict(np.eye(4)))
    for params in ([], model.params[:3], model.params[2:] + model.params[:2], [np.ones(3), np.ones(3)]):
        with pytest.raises(ValueError, match="Shapes"):
            MLP.from_params(params)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((5, 2.5, 3),), "each 1 or more"),
        (((5,),), "at least inputs and outputs"),
        (((5, 0, 3),), "each 1 or more"),
        (((5, 3), "swish"), "no activation called 'swish'; choose one of relu"),
        (((5, 3), "relu", "ones"), "no initialisation called 'ones'"),
    ],
)
def test_what_cannot_be_built(arguments, message):
    with pytest.raises(ValueError, match=message):
        MLP(*arguments)


def test_forward_loss_and_backward_fit_on_one_screen():
    """Whoever adds a line here takes one away: the training step is what this project is read for."""
    lines = 0
    for module, names in ((network, {"forward", "loss_and_grads", "layer", "n_layers"}), (losses, None)):
        source = inspect.getsource(module)
        assert "out=" not in source
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and node.name != "one_hot" and (names is None or node.name in names):
                docstring = node.body[0]
                lines += node.end_lineno - node.lineno + 1 + len(node.decorator_list)
                lines -= docstring.end_lineno - docstring.lineno + 1
    assert lines <= 45
