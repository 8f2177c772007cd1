"""A multilayer perceptron: parameters, forward pass, backpropagation, prediction.

Rows are samples throughout: X is (n, d), and a layer computes Z = A W + b with W (inputs, outputs).
"""

import copy
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from digitnet.activations import ACTIVATIONS
from digitnet.initializers import INITIALIZERS
from digitnet.linalg import matmul
from digitnet.losses import softmax, softmax_cross_entropy


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

        Raises ValueError for fewer than two sizes, a size below 1, or an unknown name.
        """
        if len(sizes) < 2 or any(size < 1 for size in sizes):
            raise ValueError(f"A network needs at least inputs and outputs, each 1 or more; got {tuple(sizes)}.")
        self.sizes = tuple(int(size) for size in sizes)
        self.activation = _known(activation, ACTIVATIONS, "activation")
        self.init = _known(init, INITIALIZERS, "initialisation")
        self.dtype = np.dtype(dtype)
        rng = np.random.default_rng(rng)
        self.params: list[np.ndarray] = []
        for n_in, n_out in pairwise(self.sizes):
            std = INITIALIZERS[init](n_in, n_out)
            self.params.append((std * rng.standard_normal((n_in, n_out))).astype(self.dtype))
            self.params.append(np.zeros(n_out, self.dtype))
        self.logits = np.empty((0, self.sizes[-1]), self.dtype)
        self._buffers: list[np.ndarray] = []
        self._grads: list[np.ndarray] = []

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

    def forward(self, X: np.ndarray) -> list[np.ndarray]:
        """Return [X, a1, …, logits]: every layer's activations for X (n, d), in arrays of their own."""
        return self._forward(X, [np.empty((len(X), size), self.dtype) for size in self.sizes[1:]])

    def _forward(self, X: np.ndarray, outs: list[np.ndarray]) -> list[np.ndarray]:
        f = ACTIVATIONS[self.activation].fn
        activations = [np.asarray(X, self.dtype)]
        for index, out in enumerate(outs):
            W, b = self.layer(index)
            z = matmul(activations[-1], W, out=out)
            z += b
            is_hidden = index < self.n_layers - 1
            activations.append(f(z, out=z) if is_hidden else z)
        return activations

    def loss_and_grads(self, X: np.ndarray, Y: np.ndarray, l2: float = 0.0) -> tuple[float, list[np.ndarray]]:
        """Return the mean cross-entropy plus ½ l2 ΣW², and its gradients, aligned with params.

        X: (n, d); Y: (n, k) one-hot. Backpropagation (Rumelhart, Hinton & Williams, 1986): `delta` is the
        derivative of the loss with respect to z, layer by layer from the last to the first.
        The gradients, and the batch's scores in `logits`, lie in buffers that the next call reuses.
        """
        activations = self._forward(X, self._workspace(len(X)))
        self.logits = activations[-1]
        loss, delta = softmax_cross_entropy(self.logits, Y)
        derivative = ACTIVATIONS[self.activation].derivative
        for index in reversed(range(self.n_layers)):
            W, _ = self.layer(index)
            a = activations[index]
            dW, db = self._grads[2 * index], self._grads[2 * index + 1]
            matmul(a.T, delta, out=dW)
            np.sum(delta, axis=0, out=db)
            if l2:
                dW += l2 * W
                loss += 0.5 * l2 * float(np.vdot(W, W))
            if index > 0:
                slope = derivative(a)
                delta = matmul(delta, W.T, out=a)  # a has done its work; its place is reused
                delta *= slope
        return loss, self._grads

    def _workspace(self, n: int) -> list[np.ndarray]:
        """Return one (n, size) buffer a layer, kept from call to call: a training step allocates next to nothing."""
        if not self._grads:
            self._grads = [np.empty_like(param) for param in self.params]
        if not self._buffers or len(self._buffers[0]) < n:
            self._buffers = [np.empty((n, size), self.dtype) for size in self.sizes[1:]]
        return [buffer[:n] for buffer in self._buffers]

    def astype(self, dtype: type | np.dtype) -> "MLP":
        """Return a copy with parameters of another type; this one stays as it is."""
        model = copy.deepcopy(self)
        model.dtype = np.dtype(dtype)
        model.params = [param.astype(dtype) for param in self.params]
        model._buffers, model._grads = [], []
        return model

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return the probability of each class, (n, k), for X (n, d)."""
        return softmax(self.forward(X)[-1])

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the most probable class of each row of X (n, d): integers (n,)."""
        return np.argmax(self.forward(X)[-1], axis=1)


def _known(name: str, table: Mapping[str, object], what: str) -> str:
    if name not in table:
        raise ValueError(f"There is no {what} called {name!r}; choose one of {', '.join(table)}.")
    return name
