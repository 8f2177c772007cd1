"""A run in slices of time: training and testing that can be paused anywhere, and the figures that it has reached."""

import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from digitnet.dataset import Dataset
from digitnet.recipes import Settings
from digitnet.reports import finite
from digitnet.training import DivergedError, Evaluation, Progress, Training, evaluating

Plain = dict[str, Any]


class Run:
    """One network's way from its first step on; `settings` may be replaced at any time.

    state: ready, training, paused, done (all epochs; going on trains as many again) or diverged.
    """

    def __init__(self, training: Training, test: Dataset, settings: Settings) -> None:
        """Prepare to drive `training` and to test on `test`."""
        self.training, self.test = training, test
        self._settings = settings
        self.evaluation: Evaluation | None = None  # the last one of the test images
        self._tested_at: float | None = None
        self._tested_step = -1
        self._state, self._message = "ready", ""
        self._work: Iterator[bool] | None = None
        self._last: Progress | None = None
        self._validation_accuracy: float | None = None
        self._samples = self._first_epoch = 0
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

    def advance(self, seconds: float) -> Plain:
        """Train for about so many seconds, evaluations included; return progress."""
        self._pull(time.perf_counter() + seconds, until_step=False)
        return self.progress()

    def step(self) -> Plain:
        """Take exactly one gradient step; return progress."""
        self._pull(float("inf"), until_step=True)
        return self.pause()

    def pause(self) -> Plain:
        """Say that nobody is calling advance any more; return progress."""
        if self._state == "training":
            self._state = "paused"
        return self.progress()

    def test_now(self) -> Evaluation:
        """Return the evaluation of the test images by the network as it is, made now unless it is at hand."""
        if self.evaluation is None or self._tested_step != self.training.step:
            for _ in self._evaluating():
                pass
        assert self.evaluation is not None
        return self.evaluation

    @property
    def position(self) -> float:
        """Epochs so far, the one under way included as a fraction."""
        last = self._last
        return last.epoch + last.samples / len(self.training.data) if last else 0.0

    def progress(self) -> Plain:
        """Return where the run stands; slice figures are means over what the last advance or step trained."""
        last, (samples, loss, correct) = self._last, self._slice
        epochs = self._settings.epochs
        return {
            "state": self._state,
            "message": self._message,
            "epoch": self.training.epoch,
            "epochs_target": self._first_epoch + epochs,
            "fraction": min((self.position - self._first_epoch) / epochs, 1.0),
            "position": self.position,
            "step": self.training.step,
            "samples": self._samples,
            "seconds": self._seconds,
            "train_loss": last.loss if last else None,
            "train_accuracy": last.train_accuracy if last else None,
            "slice_loss": loss / samples if samples else None,
            "slice_accuracy": correct / samples if samples else None,
            "test_loss": finite(self.evaluation.loss) if self.evaluation else None,
            "test_accuracy": self.evaluation.accuracy if self.evaluation else None,
            "tested_at": self._tested_at,
            "validation_accuracy": self._validation_accuracy,
            "samples_per_second": self._speed,
            "learning_rate": self.training.learning_rate(),
            "training_images": len(self.training.data),
            "test_images": len(self.test),
        }

    def _pull(self, deadline: float, until_step: bool) -> None:
        """Pull chunks of work until the deadline, the end of a step where asked, or the end of the run."""
        if self._work is None:
            self._first_epoch = self.training.epoch
            self._work = self._chunks()
        start, samples = time.perf_counter(), self._samples
        self._slice = [0, 0.0, 0]
        self._state, self._message = "training", ""
        try:
            for is_whole_step in self._work:
                if self._state == "done" or time.perf_counter() >= deadline or (until_step and is_whole_step):
                    break
        except DivergedError as error:
            self._state, self._message, self._work = "diverged", str(error), None
        if self._state == "done":
            self._work = None  # the next call trains as many epochs again
        self._measure_speed(time.perf_counter() - start, self._samples - samples)

    def _chunks(self) -> Iterator[bool]:
        """Yield after each chunk of work: True when it completes a step, its evaluation included."""
        for progress in self.training.run():
            if progress is None:
                yield False
                continue
            self._last = progress
            self._samples += progress.batch_size
            self._slice[0] += progress.batch_size
            self._slice[1] += progress.batch_loss * progress.batch_size
            self._slice[2] += progress.batch_correct
            if progress.epoch_end:
                self._validation_accuracy = progress.val_accuracy
                is_last = self.training.epoch >= self._first_epoch + self._settings.epochs
                if is_last or self.training.epoch % self._settings.evaluate_every == 0:
                    for _ in self._evaluating():
                        yield False
                if is_last:
                    self._state = "done"
            yield True

    def _evaluating(self) -> Iterator[None]:
        step, position = self.training.step, self.position
        self.evaluation = yield from evaluating(self.training.model, self.test)
        self._tested_step, self._tested_at = step, position

    def _measure_speed(self, seconds: float, samples: int) -> None:
        self._seconds += seconds
        self._recent.append((seconds, samples))
        total = sum(s for s, _ in self._recent)
        while len(self._recent) > 1 and total - self._recent[0][0] > 1:
            total -= self._recent.popleft()[0]
        self._speed = sum(n for _, n in self._recent) / total if total else 0.0
