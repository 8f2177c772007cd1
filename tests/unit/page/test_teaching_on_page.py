"""A session that teaches: in slices, with figures, and back again. Images are those of test_session.py."""

import numpy as np
import pytest
from test_session import TRAIN, blobs, csv, finish, same, session, small_pool, weights
from writers import random_digits

from digitnet import teaching
from digitnet.dataset import Dataset

__all__ = ["session", "small_pool"]  # fixtures

DRAWINGS = blobs(20)  # two a class


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(teaching, "STEPS", 8)
    monkeypatch.setattr(teaching, "FOLD_STEPS", 2)


def begin(session, drawings=DRAWINGS, rehearse=True):
    session.teach(drawings.images.tobytes(), drawings.labels.tolist(), rehearse)


def teach(session, drawings=DRAWINGS, rehearse=True):
    begin(session, drawings, rehearse)
    fractions, result = [], None
    while result is None:
        answer = session.advance_teaching(0.0)
        fractions.append(answer["fraction"])
        result = answer["result"]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    return result


def test_teaching_changes_the_network_and_says_what_came_of_it(session):
    finish(session)
    before, progress = weights(session), session.progress()
    result = teach(session)
    assert not same(before, session.model.params)
    assert (result["drawings"], result["held_back"], result["rehearsed"]) == (20, 20, True)
    assert result["test_before"] == progress["test_accuracy"]
    assert result["test_after"] == session.evaluation()["accuracy"] == result["progress"]["test_accuracy"]
    assert result["per_class_after"] == session.evaluation()["per_class"]
    assert result["progress"]["tested_after_teaching"]
    assert [result["progress"][key] for key in ("state", "step", "epoch")] == ["done", 9, 3]


def test_the_same_drawings_teach_the_same_also_when_it_was_taught_before(session):
    finish(session)
    first = teach(session)
    learned = weights(session)
    second = teach(session)
    assert same(learned, session.model.params)
    assert {**first, "progress": None} == {**second, "progress": None}
    assert not second["taught_before"], "it was brought back first"


def test_undo_brings_back_the_network_and_its_figures(session):
    finish(session)
    before, figures, progress = weights(session), session.evaluation(), session.progress()
    teach(session)
    teach(session, rehearse=False)
    assert session.undo_teaching() == progress
    assert same(before, session.model.params)
    assert session.evaluation() == figures
    with pytest.raises(ValueError, match="nothing to undo"):
        session.undo_teaching()


def test_stopped_on_the_way_it_is_as_it_was_before(session):
    finish(session)
    teach(session, DRAWINGS.take(slice(0, 10)))
    taught, progress = weights(session), session.progress()
    begin(session)
    for _ in range(12):
        session.advance_teaching(0.0)
    assert session.cancel_teaching() == progress
    assert same(taught, session.model.params)
    with pytest.raises(ValueError, match="Nothing is being taught"):
        session.advance_teaching(0.0)
    assert session.undo_teaching()["taught"] == 0, "what was taught before can still be undone"


def test_trained_on_it_can_be_taught_again_but_no_longer_undone(session):
    finish(session)
    teach(session)
    session.step()
    with pytest.raises(ValueError, match="trained since"):
        session.undo_teaching()
    assert teach(session)["taught_before"], "some of what it learned may still be there"


def test_an_average_of_the_weights_is_taught_with_them_and_brought_back(session):
    session.configure({"ema": 0.9, "epochs": 6})
    finish(session)
    averaged, trained = weights(session), [param.copy() for param in session.run.training.model.params]
    assert not same(averaged, trained)
    teach(session)
    assert same(session.model.params, session.run.training.model.params), "training goes on from what was learned"
    session.undo_teaching()
    assert same(averaged, session.model.params)
    assert same(trained, session.run.training.model.params)


@pytest.mark.parametrize("layers", ["", "8,6"])
def test_any_network_can_be_taught(session, layers):
    session.configure({"layers": layers})
    finish(session)
    assert teach(session)["drawings"] == 20


def test_a_loaded_network_is_taught_and_saved_with_that(session):
    finish(session)
    teach(session)
    saved = session.save()
    session.load(saved)
    assert session.progress()["taught"] == 20
    result = teach(session)
    assert result["taught_before"]
    assert result["progress"]["state"] == "ready"


def test_with_few_drawings_the_figures_are_of_those_that_it_learned(session):
    finish(session)
    few = DRAWINGS.take(slice(0, 3))
    result = teach(session, few)
    assert result["held_back"] == 0
    assert result["own_after"] == teaching.read_right(session.model, few).mean()


def test_rehearses_what_the_run_is_trained_on_and_nothing_it_is_tested_on(session, monkeypatch):
    seen = []
    monkeypatch.setattr(session.run.lesson.training, "DivergedError", ArithmeticError)
    original = teaching.teaching
    monkeypatch.setattr(
        teaching, "teaching", lambda *args, **options: seen.append(args[2]) or original(*args, **options)
    )
    finish(session)
    teach(session)
    assert len(seen) == 1 + teaching.FOLDS
    assert all(data is session.run.training.data for data in seen)
    seen.clear()
    teach(session, rehearse=False)
    assert seen == [None] * (1 + teaching.FOLDS)


def test_a_network_that_has_not_learned_is_not_taught(session):
    with pytest.raises(ValueError, match="train it first"):
        begin(session)


def test_a_network_that_is_no_longer_finite_is_not_taught(session):
    finish(session)
    session.model.params[0][0, 0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        begin(session)


def test_an_error_in_edited_code_leaves_the_network_as_it_was(session, monkeypatch):
    finish(session)
    before, calls = weights(session), []
    loss_and_grads = type(session.model).loss_and_grads

    def failing(model, *args):
        calls.append(model)
        if len(calls) > 12:
            raise KeyError("mine")
        return loss_and_grads(model, *args)

    monkeypatch.setattr(type(session.model), "loss_and_grads", failing)
    with pytest.raises(ValueError, match=r"not taught: KeyError: 'mine'\. It is as it was before"):
        teach(session)
    assert same(before, session.model.params)


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (b"", [], "0 labels"),
        (bytes(784), [1, 2], "2 labels and 784 pixels"),
        (bytes(784), [10], "from 0 to 9"),
        (bytes(784 * 301), [1] * 301, "At most 300"),
    ],
)
def test_what_is_no_set_of_drawings_is_refused(session, images, labels, words):
    finish(session)
    with pytest.raises(ValueError, match=words):
        session.teach(images, labels, True)


def test_drawings_go_into_a_file_and_come_back(session):
    drawings = random_digits(7)
    raw = session.drawings_csv(drawings.images.tobytes(), drawings.labels.tolist())
    assert raw == csv(drawings), "as Kaggle writes them"
    back = session.read_drawings(raw)
    np.testing.assert_array_equal(back["pixels"], drawings.images.ravel())
    assert back["labels"] == drawings.labels.tolist()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"no,csv\n", "2 columns"),
        (csv(TRAIN, labels=False), "no labels"),
        (csv(Dataset(np.zeros((301, 784), np.uint8), np.zeros(301, int))), "more than 300"),
        (b"", "empty"),
    ],
)
def test_a_file_that_holds_no_drawings_is_refused(session, raw, words):
    with pytest.raises(ValueError, match=words):
        session.read_drawings(raw)
