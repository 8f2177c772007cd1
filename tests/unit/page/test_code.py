"""The visitor's code in a session: applied while it trains, checked, stepped through, taken home."""

import ast
import io
import json

import numpy as np
import pytest

from digitnet import MLP, dataset
from digitnet.dataset import Dataset
from digitnet.page.bridge import call
from digitnet.page.session import Session
from digitnet.workshop.lesson import FILES, original

N = 600
RNG = np.random.default_rng(0)


def blobs(n):
    labels = np.arange(n) % 10
    images = RNG.integers(0, 60, (n, 28, 28), dtype=np.uint8)
    images[np.arange(n), 2 * labels + 2] = 250
    return Dataset(images.reshape(n, 784), labels)


SMALL = {"data_size": 10, "layers": "12", "batch_size": 4, "epochs": 3, "schedule": "constant"}
TRAIN, TEST = blobs(N), blobs(80)


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr(dataset, "SHIPPED_FIRST", N)
    session = Session()
    session._mnist = {"train": TRAIN, "test": TEST}
    session.recipe = session.recipe
    session._begin(
        session.recipe.page_settings().changed(
            {"data_size": 10, "layers": "12", "batch_size": 4, "epochs": 3, "schedule": "constant"}
        )
    )
    return session


def edit(file, old, new):
    text = original(file)
    assert old in text
    return {file: text.replace(old, new, 1)}


TWICE = edit("losses.py", "loss = -np.sum(Y * log_p) / n", "loss = -2 * np.sum(Y * log_p) / n")


def test_the_files_are_those_that_are_published(session):
    assert {file["name"]: file["text"] for file in session.lesson_files()} == {file: original(file) for file in FILES}


def test_new_code_goes_on_where_the_old_one_was(session):
    other = Session()
    other._mnist = session._mnist
    other._begin(session.settings)
    for s in (session, other):
        s.step()
        s.step()
    applied = session.apply_code(TWICE)
    assert applied["ok"]
    assert applied["kept"]
    assert applied["edited"] == ["losses.py"]
    assert applied["progress"]["step"] == 2
    ours, theirs = session.step(), other.step()
    assert ours["slice_loss"] == pytest.approx(2 * theirs["slice_loss"]), "the same weights, the same batch"
    for p, q in zip(session.model.params, other.model.params, strict=True):
        np.testing.assert_array_equal(p, q), "and the same optimizer's state"
    assert session.apply_code({})["edited"] == []
    assert type(session.model) is MLP
    assert session.step()["slice_loss"] == pytest.approx(other.step()["slice_loss"])


def test_it_works_between_two_slices_of_training(session):
    session.configure({"epochs": 100_000})
    session.advance(0.01)
    assert session.apply_code(TWICE)["progress"]["state"] == "training"
    assert session.advance(0.01)["state"] == "training"


def test_code_that_does_not_work_changes_nothing(session):
    session.apply_code(TWICE)
    session.step()
    before, lesson = session.model, session.lesson
    refused = session.apply_code(edit("network.py", "dz = da * derivative(a)", "dz = da * nothing"))
    assert not refused["ok"]
    assert (refused["file"], "nothing" in refused["message"]) == ("network.py", True)
    assert refused["edited"] == ["losses.py"], "the last version that worked goes on"
    assert session.model is before
    assert session.lesson is lesson
    assert session.step()["state"] == "paused"


def test_a_network_of_another_shape_begins_anew(session):
    session.step()
    applied = session.apply_code(
        edit("network.py", "self.sizes = tuple(int(size) for size in sizes)", "self.sizes = (784, 7, 10)")
    )
    assert applied["ok"]
    assert not applied["kept"]
    assert applied["sizes"] == [784, 7, 10]
    assert applied["progress"]["step"] == 0
    assert session.step()["step"] == 1


@pytest.mark.usefixtures("short_limit")
def test_a_loop_that_begins_in_mid_training_is_stopped(session):
    session.apply_code(
        edit(
            "training.py",
            "        self.step += 1",
            "        self.step += 1\n        while self.step > 3:\n            pass",
        )
    )
    session.configure({"epochs": 100})
    progress = session.advance(10)
    assert progress["state"] == "failed"
    assert "does not end" in progress["message"]
    fault = session.code_fault()
    assert (fault["file"], "does not end" in fault["message"]) == ("training.py", True)
    assert (
        "while self.step > 3"
        in session.lesson.text("training.py").splitlines()[fault["line"] - 2 :][0]
        + (session.lesson.text("training.py").splitlines()[fault["line"] - 1])
    )
    session.apply_code({})
    assert session.advance(0.01)["state"] in ("training", "done")


def test_reset_and_new_settings_keep_the_code(session):
    session.apply_code(TWICE)
    first = session.step()["slice_loss"]
    session.reset()
    assert session.step()["slice_loss"] == first
    session.configure({"layers": "5"})
    assert type(session.model) is session.lesson.network.MLP is not MLP


def test_an_edited_network_is_saved_loaded_and_read_with(session):
    session.apply_code(TWICE)
    session.step()
    raw = session.save()
    with np.load(io.BytesIO(raw)) as saved:
        np.testing.assert_array_equal(saved["W1"], session.model.params[0])
    session.load(raw)
    assert session.step()["state"] == "paused"
    assert sum(session.predict_pixels(TEST.images[0])["probabilities"]) == pytest.approx(1)


def test_checks(session):
    found = session.check_code()
    assert [c["name"] for c in found["checks"] if not c["passed"]] == []
    assert found["gradient_error"] < 1e-6
    session.apply_code(edit("network.py", "dz.sum(axis=0)", "2 * dz.sum(axis=0)"))
    found = session.check_code()
    assert found["gradient_error"] == pytest.approx(1 / 3)
    assert not found["checks"][0]["passed"]


def test_stepping_through_leaves_the_run_alone(session):
    session.step()
    before = [p.copy() for p in session.model.params]
    trace = session.trace_step(False)
    count = trace["count"]
    assert session.progress()["step"] == 1
    assert trace["step"] == 2
    assert {file["name"]: file["text"] for file in trace["files"]}["network.py"] == original("network.py")
    for p, q in zip(session.model.params, before, strict=True):
        np.testing.assert_array_equal(p, q)
    lines = [session.trace_line(i) for i in range(count)]
    assert lines[0]["file"] == "training.py"
    assert lines[-1]["file"] == "optimizers.py"
    assert [place["line"] for place in trace["places"]] == [line["line"] for line in lines]
    assert trace["places"][0]["depth"] == 0
    assert min(p["depth"] for p in trace["places"] if p["function"] == "MLP.forward") > 1, "called by others"
    z = next(line for line in lines if line["product"])
    value = next(v for v in z["values"] if v["name"] == "z")
    assert value["shape"] == [4, 12]
    terms = session.trace_terms(z["index"], 1, 2)
    b = next(v for v in z["values"] if v["name"] == "b")["numbers"][2]
    total = float(terms["left"] @ terms["right"]) + b
    assert total == pytest.approx(value["numbers"].reshape(4, 12)[1, 2], abs=1e-4)
    assert session.trace_step(True)["count"] > 20
    assert session.trace_step(True)["images"] == 1
    with pytest.raises(ValueError, match="no recorded line 999"):
        session.trace_line(999)


def test_of_a_large_batch_one_part_is_stepped_through(session, monkeypatch):
    monkeypatch.setattr("digitnet.page.code.CHUNK", 6)
    session.configure({"batch_size": None})
    trace = session.trace_step(False)
    assert (trace["images"], trace["batch"]) == (6, 10)
    assert session.trace_line(0)["values"][0]["shape"] == [6]
    assert session.trace_line(trace["count"] - 1)["file"] == "optimizers.py"
    session.configure({"batch_size": 4})
    trace = session.trace_step(False)
    assert (trace["images"], trace["batch"]) == (4, 4)


def test_the_script_is_this_run(session):
    session.configure({"learning_rate": 0.7})
    text = session.run_script({"learning_rate": 0.25}, {"5": {"learning_rate": 0.7, "batch_size": None}})
    ast.parse(text)
    assert "'lr': 0.25" in text
    assert "CHANGES = {\n    5: {'batch_size': None, 'lr': 0.7},\n}" in text
    assert "DATA_SIZE = 10\n" in text
    assert json.loads(session.run_script({}, {}, True))["nbformat"] == 4
    assert session.run_script(session.describe()["settings"], {}) == session.run_script({}, {}), (
        "with the recipe's name"
    )


def test_it_crosses_the_border(session):
    answer, _ = call(session, "apply_code", json.dumps([{"losses.py": "def"}]), [])
    refused = json.loads(answer)["answer"]
    assert (refused["ok"], refused["file"], refused["line"]) == (False, "losses.py", 1)
    session.trace_step(False)
    answer, arrays = call(session, "trace_line", "[0]", [])
    assert json.loads(answer)["answer"]["values"][0]["numbers"] == {"array": 0}
    assert arrays[0].dtype == np.float32
