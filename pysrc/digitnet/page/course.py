"""The course of a run's loss, in the few figures that a diagnosis needs."""

import numpy as np

from digitnet.dataset import Dataset, require_labels
from digitnet.evaluation import Evaluation, evaluate
from digitnet.network import MLP
from digitnet.training import Progress

PROBE = 256  # test images whose loss is followed: before the first step it costs about as much as one step
MOST = 200  # points kept


class Course:
    """How far a run has gone, and its loss on the first test images, without the noise of the batches.

    path: the learning rates of all steps, summed. points: (path, loss), the first from before the first step.
    peak: the highest loss of a batch, and its step. Both 0 before the first step.
    """

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self.path = 0.0
        self.points: list[tuple[float, float]] = []
        self.peak, self.peak_step = 0.0, 0

    def begin(self, model: MLP, test: Dataset) -> None:
        """Measure the loss before the first step; later calls do nothing."""
        if not self.points:
            self.points.append((0.0, evaluate(model, test.take(slice(0, PROBE))).loss))

    def add(self, progress: Progress) -> None:
        """Take note of a training step."""
        self.path += progress.lr
        if progress.batch_loss > self.peak:
            self.peak, self.peak_step = progress.batch_loss, progress.step

    def tested(self, test: Dataset, evaluation: Evaluation | None) -> None:
        """Take note of an evaluation of the test images."""
        if not self.points or evaluation is None:  # a network that was loaded and has not been trained here
            return
        labels = require_labels(test)[:PROBE]
        p = evaluation.probabilities[np.arange(len(labels)), labels].astype(np.float64)
        loss = float(-np.log(np.maximum(p, np.finfo(np.float64).tiny)).mean())
        if self.points[-1][0] == self.path and len(self.points) > 1:
            self.points.pop()
        self.points.append((self.path, loss))
        if len(self.points) > MOST:
            del self.points[1::2]
