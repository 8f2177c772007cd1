"""A multilayer perceptron: parameters, forward pass, backpropagation, prediction.

Rows are samples throughout: X is (n, d), and a layer computes z = a W + b with W (inputs, outputs).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Self

import numpy as np

from digitnet import ops
from digitnet.activations import ACTIVATIONS
from digitnet.initializers import INITIALIZERS
from digitnet.losses import softmax, softmax_cross_entropy

Array = np.ndarray
Arrays = list[np.ndarray]
LossAndGrads = tuple[float, Arrays]


class MLP:
    """A fully connected network: hidden layers with one activation, then logits for softmax.

    sizes: inputs, hidden layers, classes, such as (784, 128, 10); no hidden layer is softmax regression.
    params: [W1 (d, h1), b1 (h1,), W2 (h1, h2), b2 (h2,), …], updated in place by the optimizers.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str = "relu",
        init: str = "he",
        rng: np.random.Generator | int | None = None,
        dtype: type | np.dtype = np.float32,
    ) -> None:
        """Draw the weights from `rng` (a generator or a seed); biases are zero.

        Raises ValueError for fewer than two sizes, a size that is no whole number above 0, or an unknown name.
        """
        require_known("activation", activation, ACTIVATIONS)
        require_known("initialisation", init, INITIALIZERS)
        if len(sizes) < 2 or any(size != int(size) or size < 1 for size in sizes):
            raise ValueError(f"A network needs at least inputs and outputs, each 1 or more; got {tuple(sizes)}.")
        self.sizes = tuple(int(size) for size in sizes)
        self.activation, self.init, self.dtype = activation, init, np.dtype(dtype)
        rng = np.random.default_rng(rng)
        self.params: list[np.ndarray] = []
        for n_in, n_out in pairwise(self.sizes):
            W = INITIALIZERS[init](n_in, n_out) * rng.standard_normal((n_in, n_out))
            self.params += [W.astype(self.dtype), np.zeros(n_out, self.dtype)]

    @classmethod
    def from_params(cls, params: Sequence[np.ndarray], activation: str = "relu", init: str = "he") -> Self:
        """Return a network with these parameters, [W1, b1, W2, b2, …]; it keeps the very arrays.

        Raises ValueError where their shapes do not follow from one another, and for an unknown name.
        """
        require_known("activation", activation, ACTIVATIONS)
        require_known("initialisation", init, INITIALIZERS)
        weights, biases = params[::2], params[1::2]
        sizes = [len(weights[0]), *map(len, biases)] if weights else []
        if len(sizes) < 2 or [W.shape for W in weights] != [*pairwise(sizes)] or any(b.ndim != 1 for b in biases):
            raise ValueError(f"Shapes {[p.shape for p in params]} are not those of W1, b1, W2, b2, … of a network.")
        model = cls.__new__(cls)
        model.sizes, model.params = tuple(sizes), list(params)
        model.activation, model.init, model.dtype = activation, init, weights[0].dtype
        return model

    def __repr__(self) -> str:
        """Show the sizes and what stands between them."""
        return f"MLP({'-'.join(map(str, self.sizes))}, {self.activation!r}, {self.dtype})"

    @property
    def n_layers(self) -> int:
        """Return the number of weight matrices."""
        return len(self.params) // 2

    def layer(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return W (inputs, outputs) and b (outputs,) of one layer, counted from 0."""
        return self.params[2 * index], self.params[2 * index + 1]

    def forward(self, X: Array) -> Arrays:
        """Return [X, a1, …, logits]: every layer's activations for X (n, d); ValueError for another shape."""
        if np.ndim(X) != 2 or np.shape(X)[1] != self.sizes[0]:
            raise ValueError(f"X must have the shape (n, {self.sizes[0]}), a row a sample; it has {np.shape(X)}.")
        f, _ = ACTIVATIONS[self.activation]
        activations = [np.asarray(X, self.dtype)]
        for index in range(self.n_layers):
            W, b = self.layer(index)
            z = ops.matmul(activations[-1], W) + b
            is_output = index == self.n_layers - 1
            activations.append(z if is_output else f(z))
        return activations

    def loss_and_grads(self, X: Array, Y: Array, l2: float = 0.0, activations: Arrays | None = None) -> LossAndGrads:
        """Return the mean cross-entropy plus ½ l2 ΣW², and its gradients, aligned with params.

        X: (n, d); Y: (n, k) one-hot; activations: forward(X), where the caller has it already. Backpropagation
        (Rumelhart, Hinton & Williams, 1986): dz is the derivative of the loss with respect to z, and so on, layer
        by layer from the last to the first.
        """
        _, derivative = ACTIVATIONS[self.activation]
        activations = activations or self.forward(X)
        loss, dz = softmax_cross_entropy(activations[-1], Y)
        grads: Arrays = []
        for index in reversed(range(self.n_layers)):
            W, _ = self.layer(index)
            a = activations[index]
            dW = ops.matmul(a.T, dz)
            db = dz.sum(axis=0)
            if l2:
                dW += l2 * W
                loss += 0.5 * l2 * float(np.sum(W * W))
            grads = [dW, db, *grads]
            if index > 0:
                da = ops.matmul(dz, W.T)
                dz = da * derivative(a)
        return loss, grads

    def astype(self, dtype: type | np.dtype) -> Self:
        """Return a copy with parameters of another type; this one stays as it is."""
        return self.from_params([param.astype(dtype) for param in self.params], self.activation, self.init)

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return the probability of each class, (n, k), for X (n, d)."""
        return softmax(self.forward(X)[-1])

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the most probable class of each row of X (n, d): integers (n,)."""
        return np.argmax(self.forward(X)[-1], axis=1)


def require_known(what: str, name: str, table: Mapping[str, object]) -> None:
    """Raise ValueError, with the choices, unless `table` has an entry of that name."""
    if name not in table:
        raise ValueError(f"There is no {what} called {name!r}; choose one of {', '.join(table)}.")
