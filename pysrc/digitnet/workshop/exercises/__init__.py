"""Exercises on the lesson's own files: lines to write and faults to find, each with its check.

start_text and solution_text give whole files, check says whether an answer is right, compare shows it beside the
solution.
"""

from digitnet.workshop.exercises.checking import check
from digitnet.workshop.exercises.exercise import Exercise, Result
from digitnet.workshop.exercises.find_in_network import FAULTS_IN_NETWORK
from digitnet.workshop.exercises.find_in_training import FAULTS_IN_TRAINING
from digitnet.workshop.exercises.texts import Row, compare, marked_lines, solution_text, start_text
from digitnet.workshop.exercises.write_functions import FUNCTIONS
from digitnet.workshop.exercises.write_network import NETWORK
from digitnet.workshop.exercises.write_training import TRAINING

EXERCISES: tuple[Exercise, ...] = (*FUNCTIONS, *NETWORK, *TRAINING, *FAULTS_IN_NETWORK, *FAULTS_IN_TRAINING)
"""All of them, from first steps to Adam, then the faults."""

__all__ = [
    "EXERCISES", "Exercise", "Result", "Row", "check", "compare", "exercise_named", "marked_lines", "solution_text",
    "start_text",
]  # fmt: skip


def exercise_named(id: str) -> Exercise:
    """Return the exercise with this id; ValueError, with what there is, for another one."""
    for exercise in EXERCISES:
        if exercise.id == id:
            return exercise
    raise ValueError(f"There is no exercise {id!r}; choose one of {', '.join(e.id for e in EXERCISES)}.")
