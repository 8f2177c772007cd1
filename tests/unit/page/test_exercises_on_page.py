"""The exercises as the page asks for them."""

import json

import pytest

from digitnet.page.bridge import call
from digitnet.page.session import Session
from digitnet.workshop.lesson import original


@pytest.fixture
def session():
    return Session()


def test_all_are_listed_and_each_begins_in_its_file(session):
    listed = session.exercises()
    assert {exercise["kind"] for exercise in listed} == {"write", "find"}
    assert len({exercise["id"] for exercise in listed}) == len(listed) >= 24
    for title in listed:
        task = session.exercise(title["id"])
        assert {key: task[key] for key in title} == title
        assert task["start"] != original(task["file"])
        assert 1 <= task["first"] <= task["last"] <= task["start"].count("\n")
        assert task["task"]
        assert task["hints"] == 2


def test_hints_are_counted_from_one(session):
    first, second = (session.exercise_hint("softmax", number) for number in (1, 2))
    assert first != second
    for number in (0, 3):
        with pytest.raises(ValueError, match=f"no hint {number}"):
            session.exercise_hint("softmax", number)


def test_the_reason_comes_with_the_right_answer_or_the_solution(session):
    start = session.exercise("relu-derivative")["start"]
    wrong = session.check_exercise("relu-derivative", start)
    assert (wrong["state"], wrong["reason"]) == ("wrong", "")
    solution = session.exercise_solution("relu-derivative", start)
    assert solution["reason"]
    assert {"-", "+"} <= {row["sign"] for row in solution["rows"]}
    lines = start.splitlines()
    assert all(lines[row["line"] - 1] == row["text"] for row in solution["rows"] if row["line"])
    right = session.check_exercise("relu-derivative", solution["text"])
    assert (right["state"], right["reason"]) == ("solved", solution["reason"])


def test_a_wrong_line_is_named(session):
    text = session.exercise("relu-derivative")["start"] + "\nx = (\n"
    result = session.check_exercise("relu-derivative", text)
    assert result["state"] == "wrong"
    assert result["line"] >= text.count("\n") - 1


@pytest.mark.usefixtures("short_limit")
def test_code_that_does_not_end_is_stopped(session):
    start = session.exercise("relu-derivative")["start"]
    line = session.exercise("relu-derivative")["first"]
    lines = start.splitlines()
    lines[line - 1] = "    while True:\n        pass"
    result = session.check_exercise("relu-derivative", "\n".join(lines))
    assert result["state"] == "wrong"
    assert "does not end" in result["message"]
    assert result["line"] in (line, line + 1)


def test_an_unknown_exercise_is_refused_in_a_sentence(session):
    told = json.loads(call(session, "exercise", '["no-such"]', [])[0])
    assert "no-such" in told["error"]["message"]
    assert told["error"]["name"] == "ValueError"
