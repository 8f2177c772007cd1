"""The exercises in a terminal: on working copies in a folder, one for each exercise. Every function returns text."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from digitnet.workshop.exercises import (
    EXERCISES,
    Exercise,
    check,
    compare,
    exercise_named,
    marked_lines,
    start_text,
)  # fmt: skip

FOLDER = Path("digitnet-exercises")
COMMAND = "python -m digitnet exercise"


def answer(action: str, **options: Any) -> tuple[str, bool]:
    """Do what the command line asks for; return what to print, and False for an answer that is not right."""
    if action == "check":
        return checked(**options)
    texts: dict[str, Callable[..., str]] = {
        "list": listing, "start": start, "hint": hint, "solution": solution, "progress": progress,
    }  # fmt: skip
    return texts[action](**options), True


def listing(folder: Path = FOLDER) -> str:
    """Return all exercises, a line each, with what has become of those in the folder."""
    lines = []
    for kind, title in (("write", "Lines to write"), ("find", "Faults to find")):
        lines += ["", title]
        for exercise in EXERCISES:
            if exercise.kind == kind:
                lines.append(f"  {exercise.id:24}{exercise.title:36}{_state(exercise, folder)}".rstrip())
    lines += ["", f"Begin with {COMMAND} start {EXERCISES[0].id}"]
    return "\n".join(lines[1:])


def progress(folder: Path = FOLDER) -> str:
    """Return how many exercises in the folder are solved, those that were begun, and the next one."""
    states = {exercise.id: _state(exercise, folder) for exercise in EXERCISES}
    solved = [id for id, state in states.items() if state == "solved"]
    begun = [id for id, state in states.items() if state == "begun"]
    unseen = [id for id, state in states.items() if not state]
    lines = [f"{len(solved)} of {len(EXERCISES)} exercises are solved."]
    if begun:
        lines.append(f"Begun: {', '.join(begun)}.")
    if unseen:
        lines.append(f"Next: {COMMAND} start {unseen[0]}")
    return "\n".join(lines)


def start(id: str, folder: Path = FOLDER, again: bool = False) -> str:
    """Write the working copy of an exercise, and return its task; ValueError where there is one, unless `again`.

    With `again` the copy that was there stays beside the new one, with .old behind its name.
    """
    exercise = exercise_named(id)
    path = _path(exercise, folder)
    kept = ""
    if path.exists():
        if not again:
            raise ValueError(
                f"{path} is there already, with what you have written. Go on in it, or begin anew with "
                f"{COMMAND} start {id} --again."
            )
        old = path.with_name(f"{path.name}.old")
        path.replace(old)
        kept = f"\n\nWhat you had is in {old}."
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(start_text(exercise), "utf-8")
    first, last = marked_lines(exercise)
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    where = f"Work in {path}, {lines} ({exercise.target})." if exercise.kind == "write" else f"Work in {path}."
    return f"{exercise.title}\n\n{_wrapped(exercise.task)}\n\n{where}\nThen: {COMMAND} check {id}{_given(folder)}{kept}"


def checked(id: str, folder: Path = FOLDER) -> tuple[str, bool]:
    """Check a working copy: what was found, and whether the exercise is solved."""
    exercise = exercise_named(id)
    result = check(exercise, {exercise.file: _text(exercise, folder)})
    if result.state == "solved":
        return f"{id}: {_wrapped(result.message)}\n\n{_wrapped(exercise.reason)}\n\n{progress(folder)}", True
    line = f"\n\nLine {result.line} of {_path(exercise, folder)}." if result.line else ""
    return f"{id}: not solved yet.\n\n{_wrapped(result.message)}{line}\n\nA hint: {COMMAND} hint {id}", False


def hint(id: str, number: int = 1) -> str:
    """Return the first or the second hint."""
    exercise = exercise_named(id)
    more = f"The second hint: {COMMAND} hint {id} 2" if number == 1 else f"The solution: {COMMAND} solution {id}"
    return f"{_wrapped(exercise.hints[number - 1])}\n\n{more}"


def solution(id: str, folder: Path = FOLDER) -> str:
    """Return the solution, line by line beside the working copy or, without one, the start; and the reason."""
    exercise = exercise_named(id)
    text = _text(exercise, folder) if _path(exercise, folder).exists() else start_text(exercise)
    compared = compare(exercise, text)
    rows = [f"{row.sign} {row.text}".rstrip() for row in compared]
    is_same = all(row.sign == " " for row in compared)
    head = (
        "Yours is the solution, line by line." if is_same else "A minus is only in yours, a plus only in the solution."
    )
    return "\n".join([head, "", *rows, "", _wrapped(exercise.reason)])


def _state(exercise: Exercise, folder: Path) -> str:
    if not _path(exercise, folder).exists():
        return ""
    return "solved" if check(exercise, {exercise.file: _text(exercise, folder)}).state == "solved" else "begun"


def _path(exercise: Exercise, folder: Path) -> Path:
    return folder / exercise.id / exercise.file


def _text(exercise: Exercise, folder: Path) -> str:
    path = _path(exercise, folder)
    if not path.exists():
        raise ValueError(f"{path} is not there yet: {COMMAND} start {exercise.id}{_given(folder)} makes it.")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not a text in UTF-8: save it as such in your editor.") from error


def _given(folder: Path) -> str:
    return "" if folder == FOLDER else f" --folder {folder}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 88, break_long_words=False, break_on_hyphens=False)
