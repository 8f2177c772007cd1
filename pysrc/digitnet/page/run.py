"""A run in slices of time: training and testing that can be paused anywhere, and the figures that it has reached."""

import math
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any, NamedTuple

from digitnet import evaluation, network, training
from digitnet.dataset import Dataset
from digitnet.evaluation import Evaluation
from digitnet.network import MLP
from digitnet.page import messages
from digitnet.page.course import Course
from digitnet.page.signs import alive
from digitnet.reports import finite
from digitnet.settings import Settings
from digitnet.training import Progress

# The modules that a run uses, as attributes; a workshop's Lesson, where the visitor has edited them, has the same.
ORIGINAL = SimpleNamespace(network=network, training=training, evaluation=evaluation)


class Tested(NamedTuple):
    """An evaluation of the test images: after which step and position, and whether the network was taught last."""

    evaluation: Evaluation
    step: int
    position: float
    after_teaching: bool


class Run:
    """One network's way from its first step on; `settings` may be replaced at any time.

    state: ready, training, paused, done (all epochs; going on trains as many again), diverged, or failed (an error
    in the code that trains).
    """

    def __init__(
        self, model: MLP, train: Dataset, validation: Dataset | None, test: Dataset, settings: Settings,
        lesson: Any = ORIGINAL,
    ) -> None:  # fmt: skip
        """Prepare to train `model` on `train` and to test it on `test`, which is watched where `validation` is None.

        lesson: the modules whose code runs.
        """
        watched = test if validation is None else validation
        self.lesson, self.test = lesson, test
        self.training = lesson.training.Training(model, train, settings.config(), watched)
        # Entered around each stretch of work: what keeps code that does not end from running for ever.
        self.guard: Callable[[], AbstractContextManager[None]] = nullcontext
        self.explain: Callable[[BaseException], str] = _name_and_words
        self.came_trained = False  # whether the network had learned before
        self._watches_test = validation is None
        self._settings = settings
        self.taught = 0  # drawings of the visitor's that the network was taught last, here or before
        self.tested: Tested | None = None  # the last time
        self.course = Course()
        self._state: messages.State = "ready"
        self._message = self._traceback = ""
        self.error: BaseException | None = None  # what made it fail
        self._work: Generator[bool | None] | None = None
        self._first_epoch, self._is_over = 0, True  # of the epochs that are being trained; whether they are through
        self._last: Progress | None = None
        self._validation_accuracy: float | None = None
        self._samples = 0
        self._seconds = self._speed = 0.0
        self._recent: deque[tuple[float, int]] = deque()  # (seconds, samples) of the slices of the last second
        self._slice = [0, 0.0, 0]  # samples, summed loss, correct of the last advance or step

    @property
    def settings(self) -> Settings:
        """The settings that hold from the next step on."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings, self.training.config = settings, settings.config()

    def advance(self, seconds: float) -> messages.Progress:
        """Train for about so many seconds, evaluations included; return progress."""
        self._pull(time.perf_counter() + seconds, until_step=False)
        return self.progress()

    def step(self) -> messages.Progress:
        """Take exactly one gradient step; return progress."""
        before = self.training.step
        self._pull(math.inf, until_step=True)
        if self._state == "done" and self.training.step == before:  # nothing was left: it begins the next epochs
            self._pull(math.inf, until_step=True)
        if self._state == "done":
            self._state = "paused"
        return self.pause()

    def pause(self) -> messages.Progress:
        """Say that nobody is calling advance any more; return progress."""
        if self._state == "training":
            self._state = "paused"
        return self.progress()

    def test_now(self) -> Evaluation:
        """Return the evaluation of the test images by the network as it is, made now unless it is at hand."""
        return alive(self.testing_now())

    def testing_now(self, anew: bool = False) -> Generator[None, None, Evaluation]:
        """Do the same in chunks. anew: the weights have changed without a step, for the network was taught."""
        if anew or not self._is_tested:
            evaluation = yield from self.lesson.evaluation.evaluating(self.training.result, self.test)
            self._keep(evaluation, after_teaching=anew)
        assert self.tested is not None
        return self.tested.evaluation

    @property
    def evaluation(self) -> Evaluation | None:
        """The last one of the test images."""
        return self.tested and self.tested.evaluation

    @property
    def _is_tested(self) -> bool:
        return self.tested is not None and self.tested.step == self.training.step

    @property
    def has_learned(self) -> bool:
        """Whether the network has ever learned anything, here or before."""
        return self.came_trained or self.training.step > 0

    @property
    def position(self) -> float:
        """Epochs so far, the one under way included as a fraction."""
        last = self._last
        return last.epoch + last.samples / len(self.training.data) if last else 0.0

    def progress(self) -> messages.Progress:
        """Return where the run stands; slice figures are means over what the last advance or step trained."""
        last, (samples, loss, correct) = self._last, self._slice
        epochs, first = self._settings.epochs, self._first_epoch
        return {
            "state": self._state,
            "message": self._message,
            "traceback": self._traceback,
            "epoch": self.training.epoch,
            "epochs_target": first + epochs,
            "fraction": min(max(self.position - first, 0.0) / epochs, 1.0),
            "position": self.position,
            "step": self.training.step,
            "samples": self._samples,
            "seconds": self._seconds,
            "train_loss": finite(last.loss) if last else None,
            "train_accuracy": last.train_accuracy if last else None,
            "slice_loss": finite(loss / samples) if samples else None,
            "slice_accuracy": correct / samples if samples else None,
            "test_loss": finite(self.evaluation.loss) if self.evaluation else None,
            "test_accuracy": self.evaluation.accuracy if self.evaluation else None,
            "tested_at": self.tested.position if self.tested else None,
            "taught": self.taught,
            "tested_after_teaching": self.tested is not None and self.tested.after_teaching,
            "validation_accuracy": self._validation_accuracy,
            "samples_per_second": self._speed,
            "learning_rate": self.training.learning_rate(),
            "training_images": len(self.training.data),
            "test_images": len(self.test),
        }

    def anew(self, lesson: Any, model: MLP) -> "Run":
        """Return a run of another network on the same images with the same settings."""
        validation = None if self._watches_test else self.training.validation
        return Run(model, self.training.data, validation, self.test, self._settings, lesson)

    def go_on_with(
        self, lesson: Any, model: MLP, guard: Callable[[], AbstractContextManager[None]],
        explain: Callable[[BaseException], str],
    ) -> None:  # fmt: skip
        """Let other code train `model`, which has learned as much as the present one, from the same place on.

        explain: says what went wrong in that code.
        """
        before, self.lesson, self.guard, self.explain = self.training, lesson, guard, explain
        self._work = None
        after = lesson.training.Training(model, before.data, self._settings.config(), before.validation)
        for name in ("epoch", "step", "position", "pass_in_progress", "evaluation", "rng", "average"):
            setattr(after, name, getattr(before, name))
        if type(after.optimizer).__name__ == type(before.optimizer).__name__:
            state = vars(before.optimizer)
            vars(after.optimizer).update({name: state[name] for name in vars(after.optimizer) if name in state})
        self.training = after
        if self._state == "failed":
            self._state, self._message, self._traceback, self.error = "paused", "", "", None

    def _pull(self, deadline: float, until_step: bool) -> None:
        """Pull chunks of work until the deadline, the end of a step where asked, or the end of the run."""
        if self._work is None:
            if self._is_over:  # as many epochs again
                self._first_epoch, self._is_over = self.training.epoch, False
            self._work = self._chunks(self._first_epoch)
        start, samples = time.perf_counter(), self._samples
        self._slice = [0, 0.0, 0]
        self._state, self._message, self._traceback, self.error = "training", "", "", None
        try:
            with self.guard():
                for is_whole_step in self._work:
                    if time.perf_counter() >= deadline or (until_step and is_whole_step):
                        break
                else:
                    self._state, self._work, self._is_over = "done", None, True
                    self._message = self._early_stop()
        except self.lesson.training.DivergedError as error:
            self._state, self._message, self._work = "diverged", str(error), None
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever the code that trains may raise, or what stops it
            self.error = error
            self._state, self._message, self._work = "failed", self._sentence(error), None
            self._traceback = traceback.format_exc()
        self._measure_speed(time.perf_counter() - start, self._samples - samples)

    def _chunks(self, first: int) -> Generator[bool | None]:
        """Yield after each chunk of work: True when it completes a step, its evaluation included."""
        self.course.begin(self.training.result, self.test)
        for progress in self.training.run(first):
            if progress is None:
                yield None
                continue
            self._last = progress
            self.course.add(progress)
            self._samples += progress.batch_size
            self._slice[0] += progress.batch_size
            self._slice[1] += progress.batch_loss * progress.batch_size
            self._slice[2] += progress.batch_correct
            if progress.val_accuracy is not None:  # the watched images were looked at: it is time for the test images
                if self._watches_test:
                    self._keep(self.training.evaluation)
                else:
                    self._validation_accuracy = progress.val_accuracy
                    yield from self._test()
            yield True
        if not self._is_tested:  # it ended in the middle of an epoch
            yield from self._test()

    def _test(self) -> Generator[None]:
        self._keep((yield from self.lesson.evaluation.evaluating(self.training.result, self.test)))

    def _keep(self, evaluation: Evaluation, after_teaching: bool = False) -> None:
        self.tested = Tested(evaluation, self.training.step, self.position, after_teaching)
        self.course.tested(self.test, evaluation)

    def _early_stop(self) -> str:
        """Say why the epochs ended before as many were trained as were asked for, or nothing."""
        target, patience = self._first_epoch + self._settings.epochs, self._settings.patience
        if patience == 0 or self.training.epoch >= target:
            return ""
        tests = "one test" if patience == 1 else f"{patience:,} tests in a row"
        watched = "test" if self._watches_test else "validation"
        return (
            f"Stopped early after epoch {self.training.epoch:,} of {target:,}: "
            f"the {watched} loss has not improved in {tests}."
        )

    def _sentence(self, error: BaseException) -> str:
        """Say what stopped the training, and how to go on."""
        if isinstance(error, MemoryError):
            cause = "there is not enough memory for it. Use a smaller batch or smaller layers"
        else:
            cause = f"of an error in the code: {self.explain(error)}"
        return (
            f"Training stopped before step {self.training.step + 1:,}, because {cause.rstrip('.')}. "
            "The network is as it was; Train goes on with it, Reset starts over."
        )

    def _measure_speed(self, seconds: float, samples: int) -> None:
        self._seconds += seconds
        self._recent.append((seconds, samples))
        total = sum(s for s, _ in self._recent)
        while len(self._recent) > 1 and total - self._recent[0][0] > 1:
            total -= self._recent.popleft()[0]
        self._speed = sum(n for _, n in self._recent) / total if total else 0.0


def _name_and_words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
