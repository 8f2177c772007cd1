"""The code that a run uses, changed while it runs: tried out first, swapped in if it works, else left as it was."""

import ast
import copy
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import numpy as np

from digitnet import ops
from digitnet.dataset import Dataset
from digitnet.workshop.faults import Fault, fault_of
from digitnet.workshop.lesson import Lesson, Sources, original
from digitnet.workshop.watch import SECONDS, codes_in, time_limit

TRIED = 64  # images that new code is tried on
OPERATIONS = ("matmul", "adam_update", "scale_pixels", "warp")


class Applied(NamedTuple):
    """What came of new code: the lesson that runs from now on, and its network; or the fault that kept it out.

    kept: whether the network goes on with what it has learned; else it is a new one.
    """

    lesson: Lesson
    model: Any
    kept: bool
    fault: Fault | None


def apply(before: Lesson, model: Any, data: Dataset, config: Any, edits: Mapping[str, str]) -> Applied:
    """Load edited files and try them out on a copy of the network; `before` stays where they do not work.

    model: the running network; data: labelled images; config: how it is trained.
    """
    lesson = None
    try:
        lesson = Lesson(edits)
        with guard_of(lesson)():
            ours, kept = network_of(lesson, model)
            _try_out(lesson, copy.deepcopy(ours), data.take(slice(0, TRIED)), config)
        return Applied(lesson, ours, kept, None)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever edited code may raise
        return Applied(before, model, True, fault_of(error, lesson or Sources(edits)))


def guard_of(lesson: Lesson) -> Callable[[], AbstractContextManager[None]]:
    """Return what one enters around a stretch of work with a lesson: it stops edited code that does not end."""
    codes = [code for file in lesson.edits for code in codes_in(lesson.modules[file.removesuffix(".py")])]
    return (lambda: time_limit(SECONDS, codes)) if codes else nullcontext


def network_of(lesson: Lesson, model: Any) -> tuple[Any, bool]:
    """Return a network of the lesson's own class with the weights of `model`, or a new one where they do not fit."""
    ours = lesson.network.MLP(model.sizes, model.activation, model.init, np.random.default_rng(0))
    theirs = model.params
    if [np.shape(p) for p in ours.params] != [p.shape for p in theirs]:
        return ours, False
    for param, learned in zip(ours.params, theirs, strict=True):
        param[...] = learned
    return ours, True


def _try_out(lesson: Lesson, model: Any, data: Dataset, config: Any) -> None:
    """Take a step, evaluate, and read one image; raise whatever goes wrong."""
    with np.errstate(all="ignore"):
        training = lesson.training.Training(model, data, config)
        next(progress for progress in training.run() if progress is not None)
        lesson.evaluation.evaluate(model, data.take(slice(0, 8)))
        logits = model.forward(ops.scale_pixels(data.images[:1]))[-1]
    if np.shape(logits) != (1, model.sizes[-1]):
        raise ValueError(
            f"forward returns logits of shape {np.shape(logits)} for one image, not (1, {model.sizes[-1]})."
        )


def kernel_note(lesson: Lesson) -> str:
    """Say which operations edited code no longer asks the kernel for; empty where it serves all that it did."""
    notes = []
    for file, text in lesson.edits.items():
        for name in OPERATIONS:
            before, now = _calls(original(file), name), _calls(text, name)
            if now < before:
                notes.append(f"{file} calls {name} {_times(now)} instead of {_times(before)}")
    return f"NumPy does without the kernel what it no longer asks it for: {'; '.join(notes)}." if notes else ""


def _calls(text: str, name: str) -> int:
    calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return sum(name in (getattr(call, "attr", ""), getattr(call, "id", "")) for call in calls)


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
