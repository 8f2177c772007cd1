"""Exercises: texts come from the published files, solutions pass, starts do not, and no code breaks a check."""

import re
import signal
import time
from dataclasses import replace

import numpy as np
import pytest

from digitnet.workshop.exercises import (
    EXERCISES,
    check,
    compare,
    exercise_named,
    marked_lines,
    solution_text,
    start_text,
)  # fmt: skip
from digitnet.workshop.exercises.checking import NOTHING_YET, examine
from digitnet.workshop.exercises.exercise import Wrong
from digitnet.workshop.exercises.texts import function_in
from digitnet.workshop.lesson import FILES, original

ALL = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)


def test_there_are_enough_of_both_kinds_each_with_an_address_of_its_own():
    kinds = [exercise.kind for exercise in EXERCISES]
    assert kinds.count("write") >= 16
    assert kinds.count("find") >= 8
    ids = [exercise.id for exercise in EXERCISES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]+", id) for id in ids)
    assert len({exercise.title for exercise in EXERCISES}) == len(ids)
    assert exercise_named("softmax").target == "softmax"
    with pytest.raises(ValueError, match="no exercise 'nothing'; choose one of accuracy"):
        exercise_named("nothing")


@ALL
def test_the_solution_is_the_published_text_and_passes(exercise):
    assert exercise.file in FILES
    if not exercise.written_out:
        assert solution_text(exercise) == original(exercise.file)
    assert check(exercise, {exercise.file: solution_text(exercise)}).state == "solved"
    assert check(exercise, {}).state == "solved", "a file that was not edited is the published one"


@ALL
def test_the_start_is_wrong_and_says_so_in_a_sentence(exercise):
    start = start_text(exercise)
    untouched = check(exercise, {exercise.file: start + "\n# a comment\n"})
    assert (untouched.state, untouched.message) == ("wrong", NOTHING_YET[exercise.kind])
    with pytest.raises(Wrong) as wrong:  # what the check itself finds in it
        examine(exercise, start)
    assert wrong.value.line is None, f"the start should run: {wrong.value}"
    assert re.search(r"\d", str(wrong.value)), "with numbers"
    assert str(wrong.value)[-1] in ".?"


@ALL
def test_only_the_target_differs_between_start_and_solution(exercise):
    def without_target(text):
        lines, target = text.splitlines(), function_in(text, exercise.target)
        return lines[: target.lineno - 1] + lines[target.end_lineno :]

    start, solution = start_text(exercise), solution_text(exercise)
    assert without_target(start) == without_target(solution)
    first, last = marked_lines(exercise)
    target = function_in(start, exercise.target)
    assert target.lineno <= first <= last <= target.end_lineno
    if exercise.kind == "write":
        assert "your code" in "\n".join(start.splitlines()[first - 1 : last])
    else:
        assert "your code" not in start


@ALL
def test_texts_are_whole_and_the_first_hint_keeps_the_solution_back(exercise):
    hidden = [row.text.strip() for row in compare(exercise, start_text(exercise)) if row.sign == "+"]
    hidden = [line.split("  #")[0] for line in hidden if not line.startswith('"""')]
    assert hidden
    for line in hidden:
        assert len(line) < 8 or line not in exercise.hints[0]
        assert len(line) < 8 or line not in exercise.task
    for text in (exercise.task, *exercise.hints, exercise.reason):
        assert text[-1] in ".?:"
        assert "  " not in text
        assert text.count("`") % 2 == 0


def test_a_start_that_no_longer_fits_the_published_file_is_noticed(monkeypatch):
    texts = "digitnet.workshop.exercises.texts"
    exercise = exercise_named("bias-gradient")
    monkeypatch.setattr(f"{texts}.original", lambda file: original(file).replace("db = dz", "biases = dz"))
    monkeypatch.setattr(f"{texts}._start", __import__(texts, fromlist=["_start"])._start.__wrapped__)
    with pytest.raises(LookupError, match=r"start of bias-gradient no longer fits network\.py"):
        start_text(exercise)


def test_adam_is_solved_by_the_call_and_by_the_formulas():
    adam = exercise_named("adam")
    formulas = solution_text(adam)
    assert "ops.adam_update" not in formulas
    assert "m_hat = m / (1 - self.beta1**self.t)" in formulas
    assert check(adam, {"optimizers.py": original("optimizers.py")}).state == "solved"


def test_a_text_is_compared_line_by_line_with_the_solution():
    exercise = exercise_named("relu-derivative")
    mine = original("activations.py").replace("return a > 0", "return a >= 0")
    rows = compare(exercise, mine)
    assert [(row.sign, row.text.strip()) for row in rows if row.sign != " "] == [
        ("-", "return a >= 0"), ("+", "return a > 0"),
    ]  # fmt: skip
    line = next(row.line for row in rows if row.sign == "-")
    assert mine.splitlines()[line - 1].strip() == "return a >= 0"
    assert {row.sign for row in compare(exercise, "def (")} == {"-", "+"}
    assert len(compare(exercise, "x = 1")) == 1 + len(original("activations.py").splitlines())


# ---- whatever the code does ----

RELU = exercise_named("relu-derivative")


def answer(body, exercise=RELU, before=""):
    text = start_text(exercise)
    stub = text.splitlines()[marked_lines(exercise)[0] - 1]
    indent = stub[: len(stub) - len(stub.lstrip())]
    lines = "\n".join(indent + line for line in body.splitlines())
    return {exercise.file: text.replace(stub, lines).replace("LEAK = 0.01", before + "LEAK = 0.01")}


def line_of(edits, text):
    (source,) = edits.values()
    return next(i for i, line in enumerate(source.splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return a.no_such_thing", "AttributeError: 'numpy.ndarray' object has no attribute"),
        ("raise SystemExit", "ends the program with SystemExit"),
        ("raise KeyboardInterrupt", "ends the program with KeyboardInterrupt"),
        ("raise GeneratorExit", "ends the program"),
        ("return relu_derivative(a)", "RecursionError: a function calls itself without an end."),
        ("class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd", "stops with Odd."),
        ("return 1 / 0", "ZeroDivisionError: division by zero."),
        ("raise BaseException('all of it')", "ends the program with BaseException"),
    ],
)
def test_an_exception_is_said_with_its_line(body, message):
    edits = answer(body)
    result = check(RELU, edits)
    assert result.state == "wrong"
    assert message in result.message
    assert result.line == line_of(edits, body.splitlines()[-1])


@pytest.mark.parametrize(
    ("edits", "message", "line"),
    [
        ({"activations.py": "def relu_derivative(a:\n"}, "does not run: '(' was never closed", 1),
        ({"activations.py": "x = 1\n"}, "does not define ACTIVATIONS", None),
        (answer("return a > 0", before="1 / 0\n"), "does not run: ZeroDivisionError", 12),
        (answer("return a > 0", before="raise SystemExit\n"), "ends the program with SystemExit", 12),
        (
            {"activations.py": original("activations.py") + "\ndel relu_derivative\n"},
            "not define relu_derivative",
            None,
        ),
        ({"activations.py": "\0"}, "null", None),
        ({"activations.py": ""}, "does not define", None),
    ],
)
def test_a_file_that_does_not_run_says_why(edits, message, line):
    result = check(RELU, edits)
    assert (result.state, result.line) == ("wrong", line)
    assert message in result.message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("pass", "relu_derivative(a) is None"),
        ("return [0, 1]", "is a list"),
        ("return a[0] > 0", "shape (3,), expected (2, 3)"),
        ("return (a > 0).T", "shape (3, 2), expected (2, 3): turned on its side"),
        ("return (a > 0).astype(str)", "holds <U5, expected numbers"),
        ("return (a > 0) / 0", "is nan, expected 0"),
        ("a[a > 0] = 1\nreturn a", "a was changed by the call"),
        ("return 2 * (a > 0)", "2 times what it should be"),
        ("return -1 * (a > 0)", "wrong sign"),
        ("return a.sum()", "has the shape ()"),
    ],
)
def test_what_cannot_be_right_is_named(body, message):
    assert message in check(RELU, answer(body)).message


@pytest.mark.parametrize(
    "edits",
    [
        answer("while True:\n    pass"),
        answer("while True:\n    try:\n        a = a + 1\n    except:\n        pass"),
        answer("return a > 0", before="while True:\n    pass\n"),
        answer("return a > 0", before="class Endless:\n    n = 0\n    while True:\n        n += 1\n"),
        answer("return (lambda: [0 for _ in iter(int, 1)])()"),
    ],
)
def test_what_does_not_end_is_stopped_with_its_line(edits, monkeypatch):
    monkeypatch.setattr("digitnet.workshop.exercises.checking.SECONDS", 0.1)
    start = time.perf_counter()
    result = check(RELU, edits)
    assert time.perf_counter() - start < 5
    assert result.state == "wrong"
    assert "does not end: after 0.1 s it was still running in line" in result.message
    assert result.line
    assert check(RELU, {}).state == "solved", "the next check is as before"


def test_a_real_interrupt_goes_through():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a process of the background
    try:
        with pytest.raises(KeyboardInterrupt):
            check(replace(RELU, examine=lambda lesson: signal.raise_signal(signal.SIGINT)), {})
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_files_that_were_edited_do_not_matter():
    edits = {**answer("return a > 0"), "losses.py": "1 / 0"}
    assert check(RELU, edits).state == "solved"


def test_numpys_settings_and_random_numbers_stay_as_they_are():
    before, state = np.geterr(), np.random.get_state()[1].copy()
    for exercise in EXERCISES[:12]:
        check(exercise, {exercise.file: start_text(exercise) + "\nEDITED = True\n"})
    assert np.geterr() == before
    assert (np.random.get_state()[1] == state).all()
