"""Exercises to write, first part: single functions, from counting correct answers to the loss and its gradient."""

from digitnet.workshop.exercises import examine_functions as examine
from digitnet.workshop.exercises.exercise import Body, Docstring, Exercise, Lines

FUNCTIONS = (
    Exercise(
        id="accuracy",
        title="Accuracy",
        kind="write",
        file="metrics.py",
        target="accuracy",
        task="`truth` and `guess` are vectors of equal length: the right digits, and those that were read. Return the "
        "share of places in which they agree, a number from 0 to 1. Of no predictions at all it is unknown: `nan`.",
        hints=(
            "Comparing two arrays gives an array of True and False, which count as 1 and 0.",
            "The share of ones in an array is its mean. Ask `truth.size` first: the mean of nothing is an error.",
        ),
        reason="True counts as 1 and False as 0, so the mean of the comparison is the share of correct predictions. 0 "
        "for an empty set would look like a network that gets everything wrong, so the answer there is `nan`.",
        start=(Lines("return", "return 0.0  # your code"),),
        examine=examine.accuracy,
    ),
    Exercise(
        id="confusion-matrix",
        title="The confusion matrix",
        kind="write",
        file="metrics.py",
        target="confusion_matrix",
        task="Count how often a sample of the true class i was predicted as class j. Return the counts as an array "
        "`(n_classes, n_classes)`: a row is a true class, a column a predicted one.",
        hints=(
            "Each pair of classes can be numbered with a single number. `np.bincount` counts how often each number "
            "comes, and its `minlength` makes room for those that never do.",
            "Number the pair (i, j) as `i * n_classes + j`; reshape the counts to a square.",
        ),
        reason="`counts[truth, guess] += 1` would count a pair that comes several times only once: NumPy writes each "
        "place once. Numbering the pairs and counting the numbers does it without a loop. The size is `n_classes`, "
        "also where some class never comes.",
        start=(Lines("counts =", "counts = np.zeros(n_classes * n_classes, np.intp)  # your code"),),
        examine=examine.confusion_matrix,
    ),
    Exercise(
        id="relu-derivative",
        title="The derivative of ReLU",
        kind="write",
        file="activations.py",
        target="relu_derivative",
        task="ReLU is f(z) = max(z, 0). Return its derivative f'(z), element by element. You are given the *output* a "
        "= f(z), not z: the network keeps only that. At the kink, z = 0, take 0.",
        hints=(
            "Draw max(z, 0). How steep is it left of 0, how steep right of it? For which a is z above 0?",
            "It is 1 exactly where a is above 0. A comparison gives True and False, which count as 1 and 0.",
        ),
        reason="z is above 0 exactly where a is, so a is enough. True and False multiply like 1 and 0: where a unit "
        "was off, no gradient passes.",
        start=(
            Docstring('"""Return f\'(z) for a = f(z), 0 at the kink."""'),
            Body("return np.zeros_like(a)  # your code"),
        ),
        examine=examine.derivative_of("relu"),
    ),
    Exercise(
        id="leaky-relu-derivative",
        title="The derivative of leaky ReLU",
        kind="write",
        file="activations.py",
        target="leaky_relu_derivative",
        task="Leaky ReLU is f(z) = z where z is positive and 0.01 z elsewhere; the 0.01 is `LEAK`. Return f'(z), "
        "given the output a = f(z). At the kink take the slope of the left side. Keep the dtype of a.",
        hints=(
            "There are two slopes. z and a have the same sign, so a tells you which one holds.",
            "`np.where(condition, x, y)` chooses element by element; `.astype(a.dtype)` keeps the type.",
        ),
        reason="Two slopes, chosen by the sign. Without `astype`, `np.where` of two Python numbers gives float64, and "
        "everything behind it would become float64 too, at twice the memory.",
        start=(
            Docstring('"""Return f\'(z) for a = f(z), at the kink that of the left side."""'),
            Body("return np.zeros_like(a)  # your code"),
        ),
        examine=examine.derivative_of("leaky_relu"),
    ),
    Exercise(
        id="sigmoid-derivative",
        title="The derivative of the sigmoid",
        kind="write",
        file="activations.py",
        target="sigmoid_derivative",
        task="The sigmoid is f(z) = 1 / (1 + exp(-z)). Return f'(z), given the output a = f(z). No exponential is "
        "needed.",
        hints=(
            "By the chain rule f'(z) = exp(-z) / (1 + exp(-z))². Write that as a product of two fractions.",
            "One fraction is f(z), the other, exp(-z) / (1 + exp(-z)), is 1 - f(z). And f(z) is a.",
        ),
        reason="f'(z) = f(z) (1 - f(z)): the output says everything. The derivative is at most 1/4, at z = 0, so each "
        "sigmoid layer makes the gradient smaller: one reason why ReLU replaced it.",
        start=(Docstring('"""Return f\'(z) for a = f(z)."""'), Body("return np.zeros_like(a)  # your code")),
        examine=examine.derivative_of("sigmoid"),
    ),
    Exercise(
        id="one-hot",
        title="One-hot",
        kind="write",
        file="losses.py",
        target="one_hot",
        task="Turn labels such as 2, 0, 1 into rows with a single 1: with four classes 0 0 1 0, then 1 0 0 0, then 0 "
        "1 0 0. Return an array `(n, n_classes)` of type `dtype`. The check of the labels stays as it is.",
        hints=(
            "Begin with zeros. Then one place in each row becomes 1: row 0 at its label, and so on.",
            "An array can be indexed with two arrays, `Y[rows, columns] = 1`. The rows are `np.arange(len(labels))`.",
        ),
        reason="Two index arrays are taken in pairs, so each row gets one 1. The width is `n_classes`, not the "
        "largest label seen: a batch without a nine still needs ten columns.",
        start=(Lines("Y =", "Y = np.zeros((len(labels), n_classes), dtype)\n# your code", last="Y[np.arange"),),
        examine=examine.one_hot,
    ),
    Exercise(
        id="softmax",
        title="Softmax that survives 1000",
        kind="write",
        file="losses.py",
        target="softmax",
        task="Turn each row of scores z into probabilities, exp(z_k) / Σ_j exp(z_j). It must work for a score of 1000 "
        "too, although exp(1000) is beyond any float. Leave `logits` itself as it is.",
        hints=(
            "Adding the same number to all scores of a row changes nothing in the quotient. Which number makes the "
            "largest exponential harmless?",
            "Subtract each row's largest score, with `axis=-1, keepdims=True` so that rows keep their own; then exp, "
            "then divide by the sum, with the same two arguments.",
        ),
        reason="exp(z - c) / Σ exp(z - c) is the same for every c. With c the row's maximum the largest exponent is "
        "0, so nothing overflows, and the sum is at least 1, so nothing is divided by 0. `keepdims` keeps a column, "
        "which fits beside every column of the row.",
        start=(
            Docstring(
                '"""Return exp(z_k) / Σ_j exp(z_j) along the last axis: (n, k) in, (n, k) out, each row sums to 1."""'
            ),
            Body("return np.ones_like(logits) / logits.shape[-1]  # your code"),
        ),
        examine=examine.softmax,
    ),
    Exercise(
        id="log-softmax",
        title="The logarithm of softmax",
        kind="write",
        file="losses.py",
        target="log_softmax",
        task="The loss needs the logarithm of each probability. `np.log(softmax(z))` is -inf where a probability "
        "rounds to 0. Return the logarithm without taking the logarithm of a probability: it must be finite for "
        "scores of 1000 and -1000.",
        hints=(
            "The logarithm of a quotient is a difference, and log(exp(z)) is z.",
            "First take the row's maximum from z, as in softmax. Then subtract the logarithm of the row's sum of "
            "exponentials.",
        ),
        reason="log p_k = z_k - log Σ_j exp(z_j). The maximum is subtracted first, so the sum lies between 1 and k, "
        "whose logarithm is harmless. A very wrong answer then costs a large number, not infinity.",
        start=(
            Docstring('"""Return log(softmax(logits)), which stays finite where a probability rounds to 0."""'),
            Body("return np.zeros_like(logits)  # your code"),
        ),
        examine=examine.log_softmax,
    ),
    Exercise(
        id="cross-entropy",
        title="Cross-entropy",
        kind="write",
        file="losses.py",
        target="softmax_cross_entropy",
        task="`log_p` holds the logarithms of the probabilities, (n, k), and `Y` a 1 at each row's right class. The "
        "loss is the mean over the n samples of -log p of the right class.",
        hints=(
            "Multiplying by Y keeps the right class of each row and makes all others 0.",
            "Sum everything that is left over all rows and columns, divide by n, and mind the sign.",
        ),
        reason="-log p is 0 for a sure and right answer and grows without limit as p goes to 0. The mean, not the "
        "sum, makes losses of batches of different sizes comparable, and the learning rate independent of the size.",
        start=(
            Docstring('"""Return the mean cross-entropy, and its gradient with respect to the logits, (n, k)."""'),
            Lines("loss =", "loss = 0.0  # your code"),
        ),
        examine=examine.cross_entropy,
    ),
    Exercise(
        id="cross-entropy-gradient",
        title="The gradient of cross-entropy",
        kind="write",
        file="losses.py",
        target="softmax_cross_entropy",
        task="Return, beside the loss, its gradient with respect to the logits, (n, k). The loss is -1/n Σ_i Σ_k y_ik "
        "log p_ik with p = softmax(z). Most of it cancels: what is left is very short.",
        hints=(
            "log p_k = z_k - log Σ_j exp(z_j). Its derivative with respect to z_j is (1 if j = k, else 0) - p_j.",
            "Prediction minus target, for each sample, divided by the number of samples. p is the exponential of "
            "log_p.",
        ),
        reason="The derivative of -log p_k with respect to z_j is p_j - y_j. So a score is pulled down by the "
        "probability it got, and the right one up. The loss is a mean over n samples, so each one's part is divided "
        "by n, here and nowhere else.",
        start=(
            Docstring('"""Return the mean cross-entropy, and its gradient with respect to the logits, (n, k)."""'),
            Lines("return", "gradient = np.zeros_like(logits)  # your code\nreturn float(loss), gradient"),
        ),
        examine=examine.cross_entropy,
    ),
)
