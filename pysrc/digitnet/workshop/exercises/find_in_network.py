"""Exercises to find, first part: faults in the network, the loss, the activations and the first weights.

A task says what one sees, and in which file the fault is; the place is to be found.
"""

from digitnet.workshop.exercises import examine_functions as functions
from digitnet.workshop.exercises import examine_network as network
from digitnet.workshop.exercises.exercise import Docstring, Exercise, Lines

FAULTS_IN_NETWORK = (
    Exercise(
        id="find-uphill",
        title="The loss rises",
        kind="find",
        file="losses.py",
        target="softmax_cross_entropy",
        task="From the first step on the loss rises, whatever the learning rate, and the network reads no more digits "
        "than by chance. The gradient check finds every gradient wrong. The fault is in `losses.py`.",
        hints=(
            "All gradients are wrong, in every layer, so the fault is where they come from. Compare the signs of both "
            "numbers in the gradient check.",
            "The gradient of the loss with respect to the logits is prediction minus target. Which one is subtracted "
            "here?",
        ),
        reason="The gradient is (p - y) / n: it points to where the loss grows, and the optimizer subtracts it. With "
        "y - p every step goes uphill.",
        start=(
            Docstring('"""Return the mean cross-entropy, and its gradient with respect to the logits, (n, k)."""'),
            Lines("return", "return float(loss), (Y - np.exp(log_p)) / n"),
        ),
        examine=functions.cross_entropy,
    ),
    Exercise(
        id="find-biases-alike",
        title="All biases alike",
        kind="find",
        file="network.py",
        target="MLP.loss_and_grads",
        task="The curve is hardly worse than it should be. With plain gradient descent, though, all biases of the "
        "hidden layer are the same number after training, and those of the last layer are still 0, up to rounding. "
        "The check of the shapes fails. The fault is in `network.py`.",
        hints=(
            "What is the shape of a bias's gradient, and what should it be? Broadcasting hides it.",
            "Each bias is to get the sum over the samples, not over the units as well. Look at the `sum` in the loop.",
        ),
        reason="`dz.sum()` is a single number, and `w -= lr * g` gives it to every bias of the layer without a "
        "complaint. In the last layer the dz of a sample add up to 0, because probabilities and target both add up to "
        "1: so these biases never move. `axis=0` sums over the samples only.",
        start=(Lines("db =", "db = dz.sum()"),),
        examine=network.loss_and_grads,
    ),
    Exercise(
        id="find-slow",
        title="Slow with large batches",
        kind="find",
        file="network.py",
        target="MLP.loss_and_grads",
        task="One image at a time, it learns as it should. With batches of 64 and plain gradient descent at 0.1 the "
        "loss of a 784-32-10 network on 1,000 images is still 2.28 after three epochs, where it should be 0.75. With "
        "Adam one sees almost nothing of it. The fault is in `network.py`.",
        hints=(
            "Let the gradient check compare both numbers: is there a factor, and do you know another number of its "
            "size?",
            "The loss is a mean, and its 1/n is already in dz. Where is it taken a second time?",
        ),
        reason="`softmax_cross_entropy` divides by n once, and dz carries that to every layer. A second division "
        "makes weights' gradients n times too small: nothing for n = 1, 64 times for a batch of 64. Adam divides by "
        "the gradient's own size, so it hides constant factors.",
        start=(Lines("dW =", "dW = ops.matmul(a.T, dz) / len(X)"),),
        examine=network.loss_and_grads,
    ),
    Exercise(
        id="find-first-layers",
        title="Only the last layer is right",
        kind="find",
        file="network.py",
        target="MLP.loss_and_grads",
        task="The network learns, and its curve does not look bad. But the gradient check finds only the last layer "
        "right, and every layer before it wrong; a network without hidden layers passes. The fault is in `network.py`.",
        hints=(
            "What happens to dz only when there is a layer before? Follow it in slow motion from the last layer to "
            "the one before.",
            "The chain rule has two factors here: through W, and through the activation function. One is missing.",
        ),
        reason="da is the derivative with respect to a = f(z). What the layer before needs is that with respect to z, "
        "and for this it takes the factor f'(z). Without it, units that ReLU had switched off are changed as if they "
        "had taken part.",
        start=(Lines("dz =", "dz = da"),),
        examine=network.loss_and_grads,
    ),
    Exercise(
        id="find-decay",
        title="A penalty that fades",
        kind="find",
        file="network.py",
        target="MLP.loss_and_grads",
        task="With an L2 of 0.01 the weights are kept small if images come one at a time. With batches of 64 they "
        "grow almost as if there were no L2. Without L2 the gradient check passes, with it, it does not. The fault is "
        "in `network.py`.",
        hints=(
            "Only the lines that use l2 can be at fault. What does the effect depend on, and should it?",
            "½ l2 ΣW² is added to the mean loss as it is. Is its derivative in dW l2 W?",
        ),
        reason="The loss is a mean over the batch, the penalty is not: it is added once. Its derivative is l2 W for "
        "every batch size. Divided by n it means something else for every batch size, and the gradient no longer "
        "belongs to the loss.",
        start=(Lines("dW +=", "dW += l2 * W / len(X)"),),
        examine=network.loss_and_grads,
    ),
    Exercise(
        id="find-logits",
        title="No score below zero",
        kind="find",
        file="network.py",
        target="MLP.forward",
        task="The network learns, and its curve does not look bad. But none of the ten scores is ever below 0, and "
        "the gradient check finds the gradients of all layers wrong. The fault is in `network.py`.",
        hints=(
            "Which operation gives numbers that are never negative? Where should it be used, and where not?",
            "The last layer gives logits, the sums as they are. Look at what is appended for it.",
        ),
        reason="Softmax needs scores of either sign. Behind ReLU a score that should be negative is 0, and "
        "`loss_and_grads` knows nothing of this ReLU: it starts from the gradient with respect to the logits.",
        start=(Lines("is_output =", "activations.append(f(z))", last="activations.append"),),
        examine=network.forward,
    ),
    Exercise(
        id="find-nan",
        title="Suddenly not a number",
        kind="find",
        file="losses.py",
        target="log_softmax",
        task="Training works. With plain gradient descent at a learning rate of 5, though, the loss stops being a "
        "finite number after a few steps, where it should only jump up to 100 or so. The gradient check passes, that "
        "with scores of ±1,000 does not. The fault is in `losses.py`.",
        hints=(
            "Which function gives infinity for a number that is not even large? What is exp(1000), and what exp(100) "
            "in float32?",
            "Softmax takes something from every row before exp(), which changes nothing in the result. The loss has "
            "to do the same.",
        ),
        reason="In float32 exp() overflows above 88. Subtracting the row's maximum leaves log softmax as it is, and "
        "makes the largest exponent 0. Small networks, such as the gradient check's, never get there.",
        start=(
            Docstring('"""Return log(softmax(logits)) along the last axis."""'),
            Lines("z = ", "z = logits"),
        ),
        examine=functions.log_softmax,
    ),
    Exercise(
        id="find-missing-class",
        title="Without nines it stops",
        kind="find",
        file="losses.py",
        target="one_hot",
        task="With all of MNIST nothing is wrong. With images of 0 to 8 only, training stops at once: operands could "
        "not be broadcast together, one has 9 columns and the other 10. The fault is in `losses.py`.",
        hints=(
            "Nine columns: where does their number come from?",
            "`one_hot` is told the number of classes. Does it use it for the width?",
        ),
        reason="The number of classes belongs to the task, not to the labels that happen to be there. The fault hides "
        "as long as the largest label is among them, and shows in a small batch or in someone's own data.",
        start=(Lines("Y =", "Y = np.zeros((len(labels), labels.max() + 1), dtype)"),),
        examine=functions.one_hot,
    ),
    Exercise(
        id="find-tanh",
        title="Right with ReLU, wrong with tanh",
        kind="find",
        file="activations.py",
        target="tanh_derivative",
        task="With ReLU all checks pass. With tanh the curve looks as it should, but the gradient check finds all "
        "layers wrong except the last. The fault is in `activations.py`.",
        hints=(
            "The derivative of tanh is 1 - tanh(z)². What is the function given: z, or something else?",
            "It is given a, which is tanh(z) already. How often is tanh taken here?",
        ),
        reason="Derivatives here are written in terms of the output, because the network keeps a and not z. 1 - "
        "tanh(a)² is the slope at the wrong place: never below 0.42, where the true one goes to 0.",
        start=(
            Docstring('"""Return f\'(z) for a = f(z)."""'),
            Lines("return", "return 1 - np.tanh(a) ** 2"),
        ),
        examine=functions.derivative_of("tanh"),
    ),
    Exercise(
        id="find-twins",
        title="All units alike",
        kind="find",
        file="network.py",
        target="MLP.__init__",
        task="128 hidden units learn hardly more than one would: after 20 epochs on 1,000 images about a quarter of "
        "the test digits are read correctly, where it should be four of five. All units look the same in the pictures "
        "of the weights. The gradient check passes. The fault is in `network.py`.",
        hints=(
            "Units that begin alike get the same gradient and stay alike. Where does a network's beginning come from?",
            "How many random numbers are drawn for each matrix of weights, and how many should there be?",
        ),
        reason="One number for a whole matrix makes all units of a layer compute the same. Their gradients are the "
        "same too, so nothing ever tells them apart. Random first weights break the symmetry.",
        start=(Lines("W =", "W = INITIALIZERS[init](n_in, n_out) * np.full((n_in, n_out), rng.standard_normal())"),),
        examine=network.initial_weights,
    ),
    Exercise(
        id="find-wild-start",
        title="A wild start",
        kind="find",
        file="initializers.py",
        target="he",
        task="Before the first step the loss of a 784-128-10 network should be near 2.30, the logarithm of 10: all "
        "digits about equally probable. It is about 6. All checks pass. The fault is in `initializers.py`.",
        hints=(
            "Before training only the first weights decide. Are they too wide or too narrow, and for which layer?",
            "A unit's sum has one term for each input. Which of the two numbers is taken here?",
        ),
        reason="A sum of n_in terms has n_in times the variance of one, so weights are made narrower by the number of "
        "inputs. With n_out the first layer, 784 inputs and 128 outputs, is 2.5 times too wide, and the last one, 128 "
        "inputs and 10 outputs, 3.6 times.",
        start=(
            Docstring('"""Return the width that keeps the variance through ReLU layers (He et al., 2015, eq. 10)."""'),
            Lines("return", "return sqrt(2 / n_out)"),
        ),
        examine=functions.width_of("he"),
    ),
)
