"""The visitor's code: the lesson's files, changed while they run, checked, stepped through, and taken home.

What it needs of digitnet.workshop is imported when it is first asked for: the page starts without it.
"""

import copy
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from digitnet.dataset import Dataset
from digitnet.evaluation import CHUNK
from digitnet.network import MLP
from digitnet.page import hood_messages, messages
from digitnet.page.run import ORIGINAL, Run
from digitnet.recipes import Recipe
from digitnet.settings import OWN_DATA, Settings

if TYPE_CHECKING:
    from digitnet.workshop.lesson import Lesson
    from digitnet.workshop.trace import Recorded


class CodeMethods:
    """The part of a Session that deals with code. Without edits, `lesson` is what the package itself uses."""

    run: Run
    model: MLP
    recipe: Recipe
    _mnist: dict[str, Dataset]
    lesson: Any = ORIGINAL
    _recorded: "list[Recorded]" = []  # noqa: RUF012 - replaced, never changed

    def lesson_files(self) -> list[hood_messages.CodeFile]:
        """Return the files of the lesson as they are published."""
        from digitnet.workshop.lesson import FILES, original

        return [{"name": file, "text": original(file)} for file in FILES]

    def apply_code(self, edits: dict[str, str]) -> hood_messages.CodeApplied:
        """Run the lesson with these files in place of the originals (all others as they are published).

        The network and its place in the run stay where shapes allow; else a new one begins (`kept` is false). Code
        that does not work changes nothing: `ok` is false, and file, line and message say where and why.
        """
        from digitnet.workshop import hood

        before = self._edited_lesson()
        training = self.run.training
        applied = hood.apply(before, training.model, training.data, training.config, edits)
        fault = applied.fault
        if fault is None:
            self._use(applied)
        return {
            "ok": fault is None,
            "kept": applied.kept,
            "edited": list(applied.lesson.edits),
            "file": fault.file if fault else "",
            "line": fault.line if fault else None,
            "message": fault.message if fault else "",
            "kernel_note": hood.kernel_note(applied.lesson),
            "sizes": [int(size) for size in self.run.training.model.sizes],
            "progress": self.run.progress(),
        }

    def _use(self, applied: Any) -> None:
        from digitnet.workshop import hood
        from digitnet.workshop.faults import fault_of

        self.lesson, self._recorded = applied.lesson, []
        if not applied.kept:
            self.run = self.run.anew(applied.lesson, applied.model)
        guard = hood.guard_of(applied.lesson)
        self.run.go_on_with(applied.lesson, applied.model, guard, lambda error: fault_of(error, applied.lesson).message)

    def code_fault(self) -> hood_messages.CodeFault:
        """Return where in the code the run has failed; file and message are empty where it has not."""
        from digitnet.workshop.faults import fault_of

        if self.run.error is None:
            return {"file": "", "line": None, "message": ""}
        fault = fault_of(self.run.error, self._edited_lesson())
        return {"file": fault.file, "line": fault.line, "message": fault.message}

    def _as_edited(self, model: MLP) -> MLP:
        """Return a network from elsewhere as one of the code that runs; ValueError where that makes other shapes."""
        if self.lesson is ORIGINAL:
            return model
        from digitnet.workshop.hood import network_of

        ours, kept = network_of(self.lesson, model)
        if not kept:
            raise ValueError("The edited code makes networks of other shapes than this one: restore network.py first.")
        return cast(MLP, ours)

    def _edited_lesson(self) -> "Lesson":
        """Return the lesson that runs, as one that knows its files."""
        from digitnet.workshop.lesson import Lesson

        return self.lesson if isinstance(self.lesson, Lesson) else Lesson()

    def check_code(self) -> hood_messages.CodeChecks:
        """Check the code that runs, on small networks and MNIST's first digits; see workshop.checks."""
        from digitnet.workshop.checks import run_checks

        lesson = self._edited_lesson()
        outcome = run_checks(lesson, self._mnist["train"].take(slice(0, 600)), self.model.activation)
        return {
            "gradient_error": outcome.gradient_error,
            "checks": [
                {
                    "name": check.name, "title": check.title, "passed": check.passed, "value": check.value,
                    "found": check.found, "meaning": check.meaning,
                }
                for check in outcome.checks
            ],
            "parameters": [
                {
                    "name": p.name, "error": p.error, "entry": list(p.entry), "backprop": p.backprop,
                    "numerical": p.numerical,
                }
                for p in outcome.parameters
            ],
        }  # fmt: skip

    def trace_step(self, single: bool) -> hood_messages.Trace:
        """Record the next training step, line by line, on a copy of the network; `single`: of one image only.

        Of a batch that is trained on in parts it is the first part: the others run through the same lines again.
        """
        from digitnet.workshop.trace import record_step

        lesson = self._edited_lesson()
        training = copy.copy(self.run.training)
        for name in ("model", "optimizer", "rng", "pass_in_progress", "average"):
            setattr(training, name, copy.deepcopy(getattr(training, name)))
        done = training.pass_in_progress.samples if training.pass_in_progress else 0
        left = len(training.data) - done
        batch = 1 if single else min(training.config.batch_size or left, left)
        images = min(batch, CHUNK)
        training.config = type(training.config)(**asdict(training.config) | {"batch_size": images})
        with self.run.guard():
            self._recorded = record_step(lesson, training)
        lowest = min((line.depth for line in self._recorded), default=0)
        return {
            "count": len(self._recorded),
            "step": self.run.training.step + 1,
            "images": images,
            "batch": batch,
            "places": [
                {"file": line.file, "line": line.line, "function": line.function, "depth": line.depth - lowest}
                for line in self._recorded
            ],
            "files": [
                {"name": file, "text": lesson.text(file)} for file in dict.fromkeys(r.file for r in self._recorded)
            ],
        }

    def trace_line(self, index: int) -> hood_messages.TraceLine:
        """Return one recorded line: where it stands, and every array that it touched, as it was after it."""
        line = self._line(index)
        return {
            "index": index,
            "count": len(self._recorded),
            "file": line.file,
            "line": line.line,
            "function": line.function,
            "depth": line.depth,
            "product": [part for part in line.product if part] if line.product else [],
            "values": [
                {
                    "name": value.name,
                    "shape": list(value.array.shape),
                    "changed": value.changed,
                    "kind": value.array.dtype.name,
                    "numbers": np.ascontiguousarray(value.array, np.float32).ravel(),
                }
                for value in line.values
            ],
        }

    def trace_terms(self, index: int, row: int, column: int) -> hood_messages.Terms:
        """Return the numbers whose products make up one entry of what a recorded line computed."""
        terms = self._line(index).terms_of(row, column)
        left, right = (np.array(side, np.float32) for side in zip(*terms, strict=True)) if terms else ([], [])
        return {"left": np.asarray(left, np.float32), "right": np.asarray(right, np.float32)}

    def run_script(
        self, began_with: messages.Changes, changes: dict[str, messages.Changes], as_notebook: bool = False
    ) -> str:
        """Return the run as one Python file, or as a notebook.

        began_with: the settings that the run began with, as far as they are others; changes: by step, those that
        differed from these from there on.
        ValueError for a run on images of one's own: MNIST's files are what the script reads.
        """
        from digitnet.workshop.notebook import notebook
        from digitnet.workshop.script import script

        settings = self.run.settings.changed({key: value for key, value in began_with.items() if key != "recipe"})
        if settings.data_size == OWN_DATA:
            raise ValueError("A script reads MNIST's files; this run uses your own images. Choose MNIST images first.")
        lesson = self._edited_lesson()
        config = asdict(settings.config())
        by_step = {int(step): asdict(settings.changed(change).config()) for step, change in changes.items()}
        differences = {
            step: {name: value for name, value in later.items() if value != config[name]}
            for step, later in by_step.items()
        }
        text = script(lesson, _script_settings(settings, self.recipe), differences)
        return notebook(text) if as_notebook else text

    def _line(self, index: int) -> "Recorded":
        if not isinstance(index, int) or not 0 <= index < len(self._recorded):
            raise ValueError(f"There is no recorded line {index!r}: record a step first.")
        return self._recorded[index]


def _script_settings(settings: Settings, recipe: Recipe) -> dict[str, Any]:
    return {
        "data_size": settings.data_size, "sizes": settings.sizes, "activation": settings.activation,
        "initializer": settings.initializer, "seed": settings.seed, "validation_share": recipe.validation_share,
        "extra_test": recipe.extra_test, "config": asdict(settings.config()),
    }  # fmt: skip
