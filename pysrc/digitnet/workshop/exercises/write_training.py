"""Exercises to write, third part: how a gradient changes the weights, and the loop around it."""

from digitnet.workshop.exercises import examine_functions as functions
from digitnet.workshop.exercises import examine_optimizers as optimizers
from digitnet.workshop.exercises import examine_training as training
from digitnet.workshop.exercises.exercise import Body, Exercise, Lines

TRAINING = (
    Exercise(
        id="sgd",
        title="Gradient descent",
        kind="write",
        file="optimizers.py",
        target="SGD.step",
        task="Take a step downhill: move every parameter `w` against its gradient `g`, by the learning rate `self.lr` "
        "times g. The arrays in `params` are the network's own, so change them in place.",
        hints=(
            "The gradient points to where the loss grows. And `w = …` would only give a new array the name w.",
            "Use the operator -= on w, with the learning rate times the gradient.",
        ),
        reason="`w -= …` writes into the network's own array, `w = w - …` makes another one that is forgotten at "
        "once: a common fault, whose curve is a flat line.",
        start=(Lines("w -=", "pass  # your code"),),
        examine=optimizers.sgd,
    ),
    Exercise(
        id="momentum",
        title="Momentum",
        kind="write",
        file="optimizers.py",
        target="Momentum.step",
        task="Every parameter has a velocity `v`, which keeps the share β (`self.beta`) of itself at each step and is "
        "given the gradient: v ← β v + g. Then the parameter moves: w ← w - lr v. Change v and w in place.",
        hints=(
            "Two lines change v, one changes w. v must still be there at the next step: no new array under its name.",
            "Multiply v by β with *=, add g with +=, then subtract lr times v from w with -=.",
        ),
        reason="Gradients that agree add up, up to 1 / (1 - β) = 10 times as far; those that go to and fro cancel. In "
        "place, because v lives in self.velocities from step to step.",
        start=(Lines("v *=", "pass  # your code", last="w -="),),
        examine=optimizers.momentum,
    ),
    Exercise(
        id="adam",
        title="Adam",
        kind="write",
        file="optimizers.py",
        target="Adam.step",
        task="Write the update for one array of parameters `w` with its gradient `g` and its running means `m` and "
        "`s`. m ← β₁ m + (1 - β₁) g and s ← β₂ s + (1 - β₂) g², in place. Both start from zeros; make up for that: m̂ "
        "= m / (1 - β₁ᵗ), ŝ = s / (1 - β₂ᵗ). Then w ← w - lr m̂ / (√ŝ + ε). The names are self.beta1, self.beta2, "
        "self.t, self.lr and self.eps.",
        hints=(
            "Six or seven lines, one for each arrow and each hat. m, s and w change in place; the two hats are new "
            "arrays, or the zeros would be made up for again and again.",
            "m *= β₁, then m += (1 - β₁) g; the same for s with g * g; divide m and s by 1 - β ** t to get the hats; "
            "and subtract lr times m_hat over (np.sqrt(s_hat) + eps) from w.",
        ),
        reason="m smooths the gradient, √s measures its usual size, and the quotient is about ±1: so every weight "
        "moves by about lr, whatever the scale of its gradient. At the first step m is only a tenth of g, and 1 - β₁ᵗ "
        "is a tenth too. In the published file these lines are `ops.adam_update`, so that the browser's kernel can do "
        "them; either form is right.",
        start=(Lines("m *=", "pass  # your code", last="w -="),),
        examine=optimizers.adam,
        written_out=True,
    ),
    Exercise(
        id="mini-batches",
        title="Mini-batches",
        kind="write",
        file="training.py",
        target="Training.run",
        task="`epoch.order` holds the numbers of all images in a new order, and `epoch.samples` says how many of them "
        "this epoch has had. Let `rows` be the next `self.config.batch_size` of them; None means all. The last batch "
        "of an epoch may be shorter: 1,000 images in batches of 64 leave 40.",
        hints=(
            "A slice that reaches beyond the end of an array simply ends there, and a slice up to None goes to the "
            "end.",
            "Cut off the first epoch.samples of the order, then keep at most batch_size of what is left: two slices, "
            "one after the other.",
        ),
        reason="Slices end where the array does, so the short batch needs no case of its own, and [:None] is "
        "everything: full batch, mini-batch and single samples are one loop. Dropping the short batch would leave "
        "some images out of every epoch.",
        start=(Lines("rows =", "rows = epoch.order  # your code"),),
        examine=training.batches,
    ),
    Exercise(
        id="epoch-means",
        title="The loss of an epoch",
        kind="write",
        file="training.py",
        target="Training.run",
        task="`epoch.loss`, divided by `epoch.samples` (the images that this epoch has had), is shown as the mean loss "
        "of these images. `loss` is the mean loss of the batch `rows`. Add to `epoch.loss` what the batch adds.",
        hints=(
            "The mean of means is the mean of all only if all batches are of one size. What is the sum of the losses "
            "in a batch whose mean is `loss`?",
            "The batch contributes its mean times the number of its images: loss times len(rows).",
        ),
        reason="A mean times its count is a sum, and sums add up. If every batch counted alike, the 40 images of a "
        "short last batch would weigh as much as 64.",
        start=(Lines("epoch.loss +=", "epoch.loss += loss  # your code"),),
        examine=training.batches,
    ),
    Exercise(
        id="shift",
        title="A shift",
        kind="write",
        file="augmentation.py",
        target="shifted",
        task="Move images by `down` rows and `right` columns (negative: up and left). What crosses the edge is lost, "
        "and paper, 0, follows at the other side. `images` is (n, 784) uint8, and so is the result.",
        hints=(
            "Make (n, 28, 28) of them with `reshape(-1, SIDE, SIDE)` and begin with zeros of that shape. Then copy "
            "one block into another place. `_overlap(by)` below gives two slices for one axis: where pixels arrive "
            "and where they come from.",
            "With the slices of `_overlap(down)` for rows and `_overlap(right)` for columns: moved[:, to_rows, "
            "to_columns] = square[:, from_rows, from_columns]. At the end reshape(-1, PIXELS).",
        ),
        reason="Two slices of one length for each axis, and a single copy for the whole batch. `np.roll` is shorter, "
        "but brings what leaves on the right back on the left.",
        start=(Body("return images.copy()  # your code"),),
        examine=functions.shifted,
    ),
    Exercise(
        id="cosine",
        title="A learning rate that falls",
        kind="write",
        file="training.py",
        target="Training.learning_rate",
        task='With the schedule "cosine" the learning rate begins at lr (`self.config.lr`) and falls to 0 along '
        "half a wave of a cosine. `self.position` says where the run is, from 0 to 1. With any other schedule it "
        "stays.",
        hints=(
            "The cosine goes from 1 to -1 as its argument goes from 0 to π. Lift it and halve it: from 1 to 0.",
            "lr times (1 + cos(π · position)) / 2, with `math.cos` and `math.pi`.",
        ),
        reason="It begins and ends gently: large steps for half of the run, ever smaller ones as the weights settle "
        "(Loshchilov & Hutter, 2017). `min(position, 1)` keeps it at 0 if a run goes on beyond its end.",
        start=(Lines("return self.config.lr * (1", "return self.config.lr  # your code"),),
        examine=training.learning_rate,
    ),
    Exercise(
        id="early-stopping",
        title="Early stopping",
        kind="write",
        file="training.py",
        target="Training.run",
        task="After each look at the validation data, `evaluation.loss` is its loss. Count in `looks` how many looks "
        "in a row were not below `lowest`, the lowest loss so far, and end the run (`return`) when their number "
        "reaches `self.config.patience`. A patience of 0 means never.",
        hints=(
            "A loss below the lowest begins the count anew, any other adds 1. Then the lowest may have to be lowered, "
            "and only then compare the count with the patience.",
            "looks becomes 0 if evaluation.loss is below lowest, else looks + 1; lowest is the smaller of itself and "
            "evaluation.loss; return if the patience is above 0 and looks has reached it.",
        ),
        reason="When the validation loss no longer falls while the training loss does, the network is learning its "
        "training images by heart. One look may be bad luck, hence the patience; and each is compared with the lowest "
        "of all, because a loss can creep up and down without getting anywhere.",
        start=(Lines("looks = 0 if", "pass  # your code", last="return"),),
        examine=training.early_stopping,
    ),
)
