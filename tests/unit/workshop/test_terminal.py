"""The exercises on the command line: begun, checked, hinted and solved in a folder."""

import re

import pytest

from digitnet.__main__ import main
from digitnet.workshop.exercises import EXERCISES, exercise_named, solution_text, start_text
from digitnet.workshop.lesson import original


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main(["exercise", *arguments])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def test_an_exercise_from_its_start_to_its_solution(run, tmp_path):
    code, text = run("start", "relu-derivative")
    path = tmp_path / "digitnet-exercises" / "relu-derivative" / "activations.py"
    assert code == 0
    assert path.read_text("utf-8") == start_text(exercise_named("relu-derivative"))
    line = int(re.search(r"activations\.py, line (\d+) \(relu_derivative\)", text)[1])
    assert "your code" in path.read_text("utf-8").splitlines()[line - 1]
    assert "max(z, 0)" in text

    code, text = run("check", "relu-derivative")
    assert (code, "Nothing has been written yet" in text) == (1, True)
    path.write_text(original("activations.py").replace("return a > 0", "return a >= 0"), "utf-8")
    code, text = run("check", "relu-derivative")
    assert (code, "is 1, expected 0" in text) == (1, True)
    assert "Draw max(z, 0)" in run("hint", "relu-derivative")[1]
    assert "exactly where a is above 0" in run("hint", "relu-derivative", "2")[1]
    code, text = run("solution", "relu-derivative")
    assert "-     return a >= 0\n+     return a > 0" in text

    path.write_text(original("activations.py"), "utf-8")
    code, text = run("check", "relu-derivative")
    assert (code, "Solved" in text) == (0, True)
    assert "1 of 45 exercises are solved." in text.replace(str(len(EXERCISES)), "45")
    assert "line by line" in run("solution", "relu-derivative")[1]


def test_what_one_has_written_is_not_lost(run, tmp_path):
    folder = tmp_path / "mine"
    path = folder / "sgd" / "optimizers.py"
    run("start", "sgd", "--folder", str(folder))
    path.write_text("mine", "utf-8")
    code, text = run("start", "sgd", "--folder", str(folder))
    assert code == 1
    assert "is there already" in text
    assert path.read_text("utf-8") == "mine"
    code, text = run("start", "sgd", "--folder", str(folder), "--again")
    assert code == 0
    assert path.read_text("utf-8") == start_text(exercise_named("sgd"))
    assert path.with_name("optimizers.py.old").read_text("utf-8") == "mine"
    assert "optimizers.py.old" in text


def test_all_are_listed_and_counted(run, tmp_path):
    text = run("list")[1]
    assert all(f"  {exercise.id} " in text for exercise in EXERCISES)
    for id in ("softmax", "adam"):
        run("start", id)
    (tmp_path / "digitnet-exercises/adam/optimizers.py").write_text(solution_text(exercise_named("adam")), "utf-8")
    assert re.search(r"softmax +Softmax that survives 1000 +begun\n", run("list")[1])
    assert re.search(r"adam +Adam +solved\n", run("list")[1])
    text = run("progress")[1]
    assert f"1 of {len(EXERCISES)} exercises are solved." in text
    assert "Begun: softmax." in text
    assert "Next: python -m digitnet exercise start accuracy" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["start", "nothing"], "no exercise 'nothing'; choose one of"),
        (["check", "softmax"], "is not there yet: python -m digitnet exercise start softmax makes it"),
        (["check", "softmax", "--folder", "x"], "start softmax --folder x makes it"),
    ],
)
def test_what_cannot_be_done_is_said(run, arguments, message):
    code, text = run(*arguments)
    assert code == 1
    assert message in text


def test_a_file_in_another_encoding_is_said(run, tmp_path):
    run("start", "softmax")
    (tmp_path / "digitnet-exercises/softmax/losses.py").write_bytes("ä".encode("latin-1"))
    assert "is not a text in UTF-8" in run("check", "softmax")[1]
