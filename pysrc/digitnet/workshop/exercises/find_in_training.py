"""Exercises to find, second part: faults in the optimizers and in the loop around them."""

from digitnet.workshop.exercises import examine_optimizers as optimizers
from digitnet.workshop.exercises import examine_training as training
from digitnet.workshop.exercises.exercise import Docstring, Exercise, Lines

FAULTS_IN_TRAINING = (
    Exercise(
        id="find-no-momentum",
        title="Momentum without momentum",
        kind="find",
        file="optimizers.py",
        target="Momentum.step",
        task="With the optimizer momentum the curve is, number for number, that of plain gradient descent, whatever "
        "β. Gradients are right. The fault is in `optimizers.py`.",
        hints=(
            "What does momentum remember, and where does it keep that from one step to the next?",
            "The velocities should be made of zeros once only, at the first step. How often does it happen here?",
        ),
        reason="A velocity that begins at 0 in every step is the gradient itself. State has to outlive the step: made "
        "once, then changed in place.",
        start=(Lines("self.velocities =", "self.velocities = [np.zeros_like(w) for w in params]"),),
        examine=optimizers.momentum,
    ),
    Exercise(
        id="find-first-steps",
        title="A jump at the beginning",
        kind="find",
        file="optimizers.py",
        target="Adam.step",
        task="With Adam at a learning rate of 0.01 the loss of a 784-32-10 network jumps from 2.4 to 10 at the second "
        "step of 64 images, and is still at 2.2 after five epochs of 1,000. In the first step every weight moves by "
        "ten times the learning rate, in the tenth by about forty times, and it takes hundreds of steps to fade. The "
        "fault is in `optimizers.py`.",
        hints=(
            "What in Adam is different in its first steps and fades later? Work out its first step by hand, with g = "
            "1.",
            "At the first step m is a tenth of g. To make up for it, is it divided by 1 - β₁, or multiplied?",
        ),
        reason="m and s begin at 0 and are too small at first, by the factors 1 - β₁ᵗ and 1 - β₂ᵗ: dividing makes up "
        "for it. Multiplying makes √s smaller still, and the quotient too large: 10 times at the first step, about 40 "
        "times at the tenth.",
        start=(
            Lines("m_hat =", "m_hat = m * (1 - self.beta1**self.t)"),
            Lines("s_hat =", "s_hat = s * (1 - self.beta2**self.t)"),
        ),
        examine=optimizers.adam,
        written_out=True,
    ),
    Exercise(
        id="find-layers-differ",
        title="Adam's first step",
        kind="find",
        file="optimizers.py",
        target="Adam.step",
        task="In Adam's first step every weight should move by the learning rate, 0.001. Those of W1 do, those of b1 "
        "move by 0.00074, those of W2 by 0.00064, those of b2 by 0.00058. The curve looks good. The fault is in "
        "`optimizers.py`.",
        hints=(
            "All arrays are treated alike, one after the other. What has changed between the first and the second?",
            "t counts the steps. Where is it advanced: once a step, or once an array?",
        ),
        reason="The correction 1 - βᵗ belongs to the number of steps that m and s have seen, which is the same for "
        "all arrays. Inside the loop t counts arrays, and the correction ends too early.",
        start=(
            Docstring('"""Update every parameter in place."""'),
            Lines(
                "self.t +=",
                """
for w, g, m, s in zip(params, grads, self.m, self.s, strict=True):
    self.t += 1
""",
                last="for w",
            ),
        ),
        examine=optimizers.adam,
    ),
    Exercise(
        id="find-lost-images",
        title="Fifteen steps in place of sixteen",
        kind="find",
        file="training.py",
        target="Training.run",
        task="With 1,000 images and batches of 64 an epoch has 15 steps, and at its end 960 images have been seen. "
        "With 1,024 images nothing is wrong. The fault is in `training.py`.",
        hints=(
            "1,000 = 15 · 64 + 40. What happens to the last 40?",
            "When is an epoch over: when no image is left, or when no full batch is left?",
        ),
        reason="An epoch is over when it has had every image. Otherwise up to one batch less one image is left out of "
        "each, and in a data set smaller than two batches that is a large part of it.",
        start=(
            Lines(
                "number, is_over, evaluation =",
                "number, is_over, evaluation = self.epoch, len(self.data) - epoch.samples < len(rows), None",
            ),
        ),
        examine=training.batches,
    ),
    Exercise(
        id="find-epoch-loss",
        title="A loss a little too high",
        kind="find",
        file="training.py",
        target="Training.run",
        task="With 1,000 images and batches of 64 the training loss at the end of each epoch is about two per cent "
        "higher than it should be; up to the last step it is right. With 1,024 images it is always right. The weights "
        "are not affected. The fault is in `training.py`.",
        hints=(
            "Only the last step of an epoch is at fault, and only if its batch is short. Which line turns the loss of "
            "a batch into that of an epoch?",
            "The mean loss of a batch times the number of its images is a sum. Which number is taken here?",
        ),
        reason="The loss of a batch is a mean over its own images, so it is weighted by their number: 40 in the last "
        "batch, not 64. The sum is divided by the 1,000 images, and would be too large by 24 losses.",
        start=(Lines("epoch.loss +=", "epoch.loss += loss * (self.config.batch_size or len(rows))"),),
        examine=training.batches,
    ),
    Exercise(
        id="find-zigzag",
        title="One digit after another",
        kind="find",
        file="training.py",
        target="Training.run",
        task="With MNIST, whose images lie in random order, all seems well. With images sorted by digit the loss "
        "jumps up and down from step to step, and the network learns worse. All checks pass. The fault is in "
        "`training.py`.",
        hints=(
            "Look at the digits in one batch of the sorted images. How many different ones should there be?",
            "Something is shuffled: is it the order of the images, or that of blocks of images?",
        ),
        reason="Blocks in random order still hold neighbours, and in sorted data neighbours show one digit. A batch "
        "should be a random sample of all images, so that its gradient points about where that of all would: "
        "`permutation` of all their numbers.",
        start=(
            Lines(
                "epoch = self.pass_in_progress =",
                """
if self.pass_in_progress is None:
    size = self.config.batch_size or len(self.data)
    starts = self.rng.permutation(range(0, len(self.data), size))
    order = np.concatenate([np.arange(i, min(i + size, len(self.data))) for i in starts])
    self.pass_in_progress = Epoch(order)
epoch = self.pass_in_progress
""",
            ),
        ),
        examine=training.batches,
    ),
    Exercise(
        id="find-chunks",
        title="A full batch that is none",
        kind="find",
        file="training.py",
        target="Training._add_chunks",
        task="A batch of 600 images is done in chunks of 256, 256 and 88. Its loss should be that of all 600 at once, "
        "and so should its gradient. Both differ, as if some images counted more than others. With 512 images all is "
        "well. The fault is in `training.py`.",
        hints=(
            "Every chunk gives the mean over its own images. When is the mean of these means the mean of all?",
            "A chunk's share is its number of images divided by all of the batch. Look at both places where `share` "
            "is set.",
        ),
        reason="Means of groups of different sizes are put together by their shares: 256/600, 256/600 and 88/600. "
        "With a third each, an image of the last chunk would count almost three times as much as another.",
        start=(
            Lines("share = len(chunks[0])", "share = 1 / len(chunks)"),
            Lines("share = len(rows)", "share = 1 / len(chunks)"),
        ),
        examine=training.chunks,
    ),
    Exercise(
        id="find-never-stops",
        title="It does not stop early",
        kind="find",
        file="training.py",
        target="Training.run",
        task="With a patience of 3 a run should end after three looks without a new lowest validation loss. The loss "
        "rises, goes a little up and down, and has long been above its lowest; but the run goes on to its last epoch. "
        "The fault is in `training.py`.",
        hints=(
            "Which number is each new loss compared with? Follow it through the losses 0.5, 0.9, 0.8, 0.7.",
            "`lowest` is to stay the lowest of all looks. What does it become here when a loss is higher?",
        ),
        reason="Compared with the look before, every small dip after a rise counts as progress. The lowest of all "
        "looks is what has to be beaten.",
        start=(Lines("lowest = min", "lowest = evaluation.loss"),),
        examine=training.early_stopping,
    ),
)
