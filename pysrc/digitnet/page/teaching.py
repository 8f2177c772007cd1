"""Teaching on the page: the network learns the visitor's drawings, in slices of time, and can be brought back."""

import itertools
import time
from collections.abc import Buffer, Generator
from typing import Any, NamedTuple

import numpy as np

from digitnet import teaching
from digitnet.data.csv import CsvReader
from digitnet.data.files import drawings_csv
from digitnet.dataset import Dataset, require_labels
from digitnet.evaluation import Evaluation
from digitnet.metrics import confusion_matrix, per_class_accuracy
from digitnet.network import MLP
from digitnet.page import messages
from digitnet.page.run import Run, Tested
from digitnet.reports import finite
from digitnet.settings import N_CLASSES, N_INPUTS

MOST_DRAWINGS = 300  # that are kept; they are looked at, drawn and taught one by one


class Snapshot(NamedTuple):
    """A network at a moment: the training that it belongs to, after which step, its parameters, and how it was tested.

    params: those that are trained, and those that are used: their average where one is kept.
    """

    training: Any
    step: int
    params: list[list[np.ndarray]]
    tested: Tested | None
    taught: int


class TeachingMethods:
    """The part of a Session that teaches."""

    model: MLP
    run: Run
    _untaught: Snapshot | None = None  # what undo brings back
    _at_press: Snapshot | None = None  # what is brought back when the teaching under way fails or is stopped
    _teaching: Generator[float, None, messages.Taught] | None = None  # what is under way

    def teach(self, images: Buffer, labels: list[int], rehearse: bool) -> None:
        """Begin to teach the network drawings, uint8 (n * 784,), and their classes; advance_teaching does it.

        A network that has been taught before, and not trained since, is first brought back: it learns these drawings
        and no others. rehearse: whether it goes on seeing the images that it is trained on.
        """
        drawings = _drawings(images, labels)
        if not self.run.has_learned:
            raise ValueError("The network has not learned anything yet: train it first, then teach it your digits.")
        if not all(np.isfinite(param).all() for param in self.model.params):
            raise ValueError("The network's weights are not finite numbers any more: reset and train it first.")
        if not len(self.run.test):
            raise ValueError("The test images are not here yet, by which one sees what is forgotten: try again soon.")
        self.cancel_teaching()
        self._at_press = self._snapshot()
        self._teaching = self._taught(drawings, rehearse)

    def advance_teaching(self, seconds: float) -> messages.Teaching:
        """Teach for about so many seconds; return how far it is, and at its end what came of it.

        ValueError where the network could not learn; it is as it was before then.
        """
        teaching = self._teaching
        if teaching is None:
            raise ValueError("Nothing is being taught.")
        deadline = time.perf_counter() + seconds
        try:
            with self.run.guard():
                fraction = next(teaching)
                while time.perf_counter() < deadline:
                    fraction = next(teaching)
        except StopIteration as end:
            self._teaching = None
            return {"fraction": 1.0, "result": end.value}
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # edited code may raise anything, and so may what stops it
            self.cancel_teaching()
            reason = str(error) if isinstance(error, ArithmeticError) else self.run.explain(error)
            raise ValueError(f"The network was not taught: {reason.rstrip('.')}. It is as it was before.") from error
        return {"fraction": fraction, "result": None}

    def cancel_teaching(self) -> messages.Progress:
        """Stop the teaching, if there is any under way: the network is as it was before."""
        if self._teaching is not None and self._at_press is not None:
            self._teaching.close()
            self._teaching = None
            self._bring_back(self._at_press)
        return self.run.progress()

    def undo_teaching(self) -> messages.Progress:
        """Bring back the network from before it was taught; ValueError where there is none."""
        self.cancel_teaching()
        if not self.can_undo_teaching():
            raise ValueError("There is nothing to undo: the network was not taught, or it has been trained since.")
        assert self._untaught is not None
        self._bring_back(self._untaught)
        self._untaught = None
        return self.run.progress()

    def can_undo_teaching(self) -> bool:
        """Return whether the network from before the teaching can be brought back: not once it is trained on."""
        before, training = self._untaught, self.run.training
        return before is not None and before.training is training and before.step == training.step

    def read_drawings(self, raw: Buffer) -> messages.Drawings:
        """Return the labelled drawings of a CSV file; ValueError for anything else, and for too many."""
        reader = CsvReader(N_CLASSES, MOST_DRAWINGS)
        reader.feed(bytes(raw))
        drawings = reader.finish()
        if drawings.labels is None:
            raise ValueError("The file has no labels: in each row the label comes first, then 784 pixels.")
        return {"pixels": drawings.images.reshape(-1), "labels": drawings.labels.tolist()}

    def drawings_csv(self, images: Buffer, labels: list[int]) -> bytes:
        """Return drawings as a CSV file, laid out as Kaggle's train.csv."""
        return drawings_csv(_drawings(images, labels))

    def _taught(self, drawings: Dataset, rehearse: bool) -> Generator[float, None, messages.Taught]:
        """Teach; yield how far it is, from 0 to 1, and return what came of it."""
        run, steps = self.run, teaching.STEPS + teaching.FOLDS * teaching.FOLD_STEPS
        rehearsal = run.training.data if rehearse else None
        if self.can_undo_teaching():
            assert self._untaught is not None
            self._bring_back(self._untaught)
        before = yield from _at(0.0, run.testing_now())
        untaught = self._snapshot()
        network = self.model  # of the averaged weights, where there are any: it is the one that is used
        own_before = float(teaching.read_right(network, drawings).mean())
        held_back = yield from _counted(teaching.holding_back(network, drawings, rehearsal), 0, steps)
        lesson = teaching.teaching(network, drawings, rehearsal, steps=teaching.STEPS)
        yield from _counted(lesson, steps - teaching.STEPS, steps)
        for param, learned in zip(run.training.model.params, network.params, strict=True):
            param[...] = learned
        run.taught = len(drawings)
        after = yield from _at(1.0, run.testing_now(anew=True))
        self._untaught = untaught
        own_after = float(teaching.read_right(network, drawings).mean())
        return {
            "drawings": len(drawings),
            "rehearsed": rehearse,
            "held_back": held_back.drawings if held_back else 0,
            "taught_before": untaught.taught > 0,
            "own_before": held_back.before if held_back else own_before,
            "own_after": held_back.after if held_back else own_after,
            "test_before": before.accuracy,
            "test_after": after.accuracy,
            "per_class_before": self._per_class(before),
            "per_class_after": self._per_class(after),
            "progress": run.progress(),
        }

    def _per_class(self, evaluation: Evaluation) -> list[float | None]:
        predicted = evaluation.probabilities.argmax(axis=1)
        confusion = confusion_matrix(require_labels(self.run.test), predicted, N_CLASSES)
        return [finite(share) for share in per_class_accuracy(confusion)]

    def _snapshot(self) -> Snapshot:
        training = self.run.training
        params = [[param.copy() for param in model.params] for model in (training.model, training.result)]
        return Snapshot(training, training.step, params, self.run.tested, self.run.taught)

    def _bring_back(self, before: Snapshot) -> None:
        """Give the network the parameters that it had then, and what is known of it."""
        for model, params in zip((before.training.model, before.training.result), before.params, strict=True):
            for param, value in zip(model.params, params, strict=True):
                param[...] = value
        self.run.tested, self.run.taught = before.tested, before.taught


def _drawings(images: Buffer, labels: list[int]) -> Dataset:
    pixels = np.frombuffer(images, np.uint8)
    if pixels.size != len(labels) * N_INPUTS or not labels:
        raise ValueError(f"There are {len(labels):,} labels and {pixels.size:,} pixels; a drawing has {N_INPUTS}.")
    if len(labels) > MOST_DRAWINGS:
        raise ValueError(f"At most {MOST_DRAWINGS} drawings can be taught; there are {len(labels):,}.")
    if not all(0 <= label < N_CLASSES for label in labels):
        raise ValueError(f"A label is a whole number from 0 to {N_CLASSES - 1}.")
    return Dataset(pixels.reshape(-1, N_INPUTS), np.array(labels))


def _at[T](fraction: float, work: Generator[object, None, T]) -> Generator[float, None, T]:
    """Yield the same fraction after each chunk of work."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
        yield fraction


def _counted[T](work: Generator[None, None, T], step: int, steps: int) -> Generator[float, None, T]:
    """Yield after each step the fraction of all steps that is done; return the result."""
    for done in itertools.count(step + 1):
        try:
            next(work)
        except StopIteration as end:
            return end.value
        yield done / steps
    raise AssertionError("never reached")
