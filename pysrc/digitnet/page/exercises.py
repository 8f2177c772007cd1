"""The exercises in a session: tasks, starts, hints, checks and solutions. None of them touches the run.

What it needs of digitnet.workshop is imported when it is first asked for: the page starts without it.
"""

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from digitnet.workshop.exercises import Exercise


class ExerciseTitle(TypedDict):
    """An exercise in the list of them."""

    id: str
    title: str
    kind: Literal["write", "find"]
    file: str


class ExerciseTask(ExerciseTitle):
    """An exercise: what to do in which function, how many hints there are, and the file as it begins."""

    target: str
    task: str
    hints: int
    start: str
    first: int
    last: int


class ComparedLine(TypedDict):
    """A line of a comparison; `line` is its number in the visitor's text, null where it is not in there."""

    sign: Literal[" ", "-", "+"]
    text: str
    line: int | None


class ExerciseSolution(TypedDict):
    """The whole file, solved, the comparison with the visitor's, and the reason."""

    text: str
    rows: list[ComparedLine]
    reason: str


class ExerciseResult(TypedDict):
    """What a check found: the reason is empty unless it is solved."""

    state: Literal["solved", "wrong"]
    message: str
    line: int | None
    reason: str


class ExerciseMethods:
    """The part of a Session that deals with exercises. `id` must be one of theirs, else ValueError."""

    def exercises(self) -> list[ExerciseTitle]:
        """Return all exercises in the order in which they build on each other; kind is "write" or "find"."""
        from digitnet.workshop.exercises import EXERCISES

        return [{"id": e.id, "title": e.title, "kind": e.kind, "file": e.file} for e in EXERCISES]

    def exercise(self, id: str) -> ExerciseTask:
        """Return an exercise: its task, the whole file as it begins, and the lines of it to work on, from 1."""
        from digitnet.workshop.exercises import marked_lines, start_text

        exercise = _named(id)
        first, last = marked_lines(exercise)
        return {
            "id": exercise.id, "title": exercise.title, "kind": exercise.kind, "file": exercise.file,
            "target": exercise.target, "task": exercise.task, "hints": len(exercise.hints),
            "start": start_text(exercise), "first": first, "last": last,
        }  # fmt: skip

    def exercise_hint(self, id: str, number: int) -> str:
        """Return a hint, counted from 1; ValueError where there is none of this number."""
        hints = _named(id).hints
        if not 1 <= number <= len(hints):
            raise ValueError(f"This exercise has {len(hints)} hints; there is no hint {number}.")
        return hints[number - 1]

    def exercise_solution(self, id: str, text: str) -> ExerciseSolution:
        """Return the whole file, solved, a comparison with the visitor's text of it, and the reason.

        In a row, sign is " " for a line in both, "-" for one only in the visitor's, "+" for one only in the solution.
        """
        from digitnet.workshop.exercises import compare, solution_text

        exercise = _named(id)
        rows: list[ComparedLine] = [
            {"sign": row.sign, "text": row.text, "line": row.line} for row in compare(exercise, text)
        ]
        return {"text": solution_text(exercise), "rows": rows, "reason": exercise.reason}

    def check_exercise(self, id: str, text: str) -> ExerciseResult:
        """Check the visitor's text of the exercise's file, whatever else is edited; the reason comes once it is right.

        Code that does not end is stopped after a second.
        """
        from digitnet.workshop.exercises import check

        exercise = _named(id)
        result = check(exercise, {exercise.file: text})
        reason = exercise.reason if result.state == "solved" else ""
        return {"state": result.state, "message": result.message, "line": result.line, "reason": reason}


def _named(id: str) -> "Exercise":
    from digitnet.workshop.exercises import exercise_named

    return exercise_named(id)
