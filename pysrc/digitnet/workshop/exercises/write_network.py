"""Exercises to write, second part: the network, forward and backward."""

from digitnet.workshop.exercises import examine_functions as functions
from digitnet.workshop.exercises import examine_gradcheck as gradcheck
from digitnet.workshop.exercises import examine_network as examine
from digitnet.workshop.exercises.exercise import Body, Docstring, Exercise, Lines

NETWORK = (
    Exercise(
        id="he",
        title="He initialisation",
        kind="write",
        file="initializers.py",
        target="he",
        task="Return the standard deviation of the first weights of a layer with `n_in` inputs. A sum of n_in "
        "products should have the same variance as the inputs, although ReLU has set half of them to 0.",
        hints=(
            "n_in independent terms add up to n_in times the variance of one. And ReLU lets through half of it.",
            "So the variance of a weight is 2 / n_in. What is asked for is the standard deviation.",
        ),
        reason="n_in terms, half of which count: the weight's variance times n_in / 2 must be 1. With wider weights "
        "activations grow from layer to layer, with narrower ones they die out (He et al., 2015).",
        start=(
            Docstring('"""Return the width that keeps the variance through ReLU layers (He et al., 2015, eq. 10)."""'),
            Body("return 0.01  # your code"),
        ),
        examine=functions.width_of("he"),
    ),
    Exercise(
        id="xavier",
        title="Xavier initialisation",
        kind="write",
        file="initializers.py",
        target="xavier",
        task="Forward, a layer keeps the variance if its weights have the variance 1 / n_in; backward, the gradient "
        "keeps it with 1 / n_out. Return the standard deviation for the compromise: 1 over the mean of both numbers.",
        hints=(
            "Write 1 over the mean of n_in and n_out as a single fraction.",
            "The variance is 2 / (n_in + n_out), and its square root is asked for.",
        ),
        reason="Both conditions hold at once only where n_in = n_out. The mean lies between them (Glorot & Bengio, "
        "2010). It fits tanh, which is almost the identity near 0; ReLU needs He's.",
        start=(
            Docstring('"""Return the width that keeps the variance through tanh layers, both ways."""'),
            Body("return 0.01  # your code"),
        ),
        examine=functions.width_of("xavier"),
    ),
    Exercise(
        id="forward",
        title="Forward",
        kind="write",
        file="network.py",
        target="MLP.forward",
        task="Compute each layer from the one before: z = a W + b, then the activation function f. The last layer "
        "stays as it is: its z are the logits. Append every layer's result to `activations`.",
        hints=(
            "The layer's input is the last entry of `activations`. `@` (or `ops.matmul`) multiplies matrices; b is "
            "added to every row.",
            "z is the product of `activations[-1]` and W, plus b. Append z in the last layer (index n_layers - 1), "
            "f(z) in all others.",
        ),
        reason="Rows are samples, so the whole batch goes through a layer in one product, and broadcasting adds b to "
        "every row. All activations are kept because backpropagation needs them. `ops.matmul` is `@`, which in the "
        "browser a WebAssembly kernel may do instead.",
        start=(
            Lines(
                "z =",
                "z = np.zeros((len(X), len(b)), self.dtype)  # your code\nactivations.append(z)  # your code",
                last="activations.append",
            ),
        ),
        examine=examine.forward,
    ),
    Exercise(
        id="bias-gradient",
        title="The gradient of the biases",
        kind="write",
        file="network.py",
        target="MLP.loss_and_grads",
        task="`dz`, (n, outputs), is the derivative of the loss with respect to a layer's z = a W + b. Every sample "
        "of the batch used the same b. Return the derivative with respect to b, (outputs,), as `db`.",
        hints=(
            "What depends on b in several places collects the derivatives of all of them. dz is divided by n already.",
            "Add up dz over the samples, which are the rows: which axis is that?",
        ),
        reason="b enters every sample's z with the factor 1, so its derivative is the sum of dz over the batch, axis "
        "0. It is a sum, not a mean: the loss is a mean already, and its 1/n is in dz.",
        start=(Lines("db =", "db = np.zeros(dz.shape[1], dz.dtype)  # your code"),),
        examine=examine.loss_and_grads,
    ),
    Exercise(
        id="weight-gradient",
        title="Backward through one layer",
        kind="write",
        file="network.py",
        target="MLP.loss_and_grads",
        task="A layer computed z = a W + b. Its inputs `a`, (n, inputs), and the derivative `dz`, (n, outputs), are "
        "known. Compute the derivatives with respect to W, (inputs, outputs), and to b, (outputs,), as `dW` and `db`.",
        hints=(
            "W[i, j] multiplies input i and adds to output j, in every sample: its derivative is the sum over the "
            "samples of a[s, i] · dz[s, j]. Which product of matrices is that?",
            "Shapes help: (inputs, n) times (n, outputs). Transpose a. And db sums dz over axis 0.",
        ),
        reason="aᵀ dz sums a[s, i] dz[s, j] over the samples s, for all weights in one product. An input of 0 gives "
        "its weights no gradient: they did not contribute.",
        start=(
            Lines(
                "dW =",
                "dW = np.zeros_like(W)  # your code\ndb = np.zeros(dz.shape[1], dz.dtype)  # your code",
                last="db =",
            ),
        ),
        examine=examine.loss_and_grads,
    ),
    Exercise(
        id="backward",
        title="Backward through all layers",
        kind="write",
        file="network.py",
        target="MLP.loss_and_grads",
        task="The loop goes from the last layer to the first. For the layer in hand `dz` is known. Make the `dz` of "
        "the layer before it: first `da`, the derivative with respect to this layer's inputs a, then that with "
        "respect to the z which a = f(z) came from.",
        hints=(
            "Input i reached every output j through W[i, j]: sum dz[s, j] W[i, j] over the outputs j. Then the chain "
            "rule: through f, multiply by its derivative, which `derivative` makes from a.",
            "da is the product of dz, (n, outputs), with W transposed, (outputs, inputs). The new dz is da times "
            "derivative(a), element by element.",
        ),
        reason="Forward a row is multiplied by W, backward by Wᵀ; forward goes through f, backward through its "
        "derivative at the same place. That, repeated for every layer, is all of backpropagation.",
        start=(Lines("da =", "dz = np.zeros_like(a)  # your code", last="dz ="),),
        examine=examine.loss_and_grads,
    ),
    Exercise(
        id="l2",
        title="L2",
        kind="write",
        file="network.py",
        target="MLP.loss_and_grads",
        task="Penalise large weights: add ½ l2 ΣW² of each layer's weights to the loss, and what follows from it to "
        "`dW`. Biases are not penalised. The same l2 must mean the same for every batch size.",
        hints=(
            "What is the derivative of ½ l2 w² with respect to w? The loss is a mean over the batch; the penalty is "
            "not.",
            "dW grows by l2 times W, the loss by half of l2 times the sum of the squares. Neither is divided by n.",
        ),
        reason="The half is there so that the derivative is l2 W. Each step then makes a weight smaller by the share "
        "lr · l2, hence the name weight decay. If it were divided by n, another batch size would mean another penalty.",
        start=(Lines("dW +=", "pass  # your code", last="loss +="),),
        examine=examine.loss_and_grads,
    ),
    Exercise(
        id="gradient-check",
        title="The gradient check",
        kind="write",
        file="gradcheck.py",
        target="numerical_gradient",
        task="Measure the slope of the loss with respect to one entry `param[index]`, whose value is `w`: move it a "
        "little up and a little down (by `eps`), ask for the loss each time, and put it back. The result goes into "
        "`slopes[index]`.",
        hints=(
            "A slope is a rise divided by a distance. From w - eps to w + eps the distance is 2 eps. "
            "`model.loss_and_grads(X, Y, l2)` gives the loss first.",
            "Set param[index] to w + eps, take the loss; to w - eps, take the loss; to w again. The slope is the "
            "difference divided by 2 · eps.",
        ),
        reason="Measuring on both sides makes the error of the order eps², on one side only eps: 1e-10 against 1e-5. "
        "It takes two forward passes for each weight, so one checks a small network with it and trains with "
        "backpropagation.",
        start=(
            Docstring('"""Return the measured slope of the loss along each entry of `param`."""'),
            Lines("param[index] = w + eps", "slopes[index] = 0.0  # your code", last="slopes[index] ="),
        ),
        examine=gradcheck.gradient_check,
    ),
)
