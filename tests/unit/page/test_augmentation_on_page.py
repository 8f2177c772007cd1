"""Augmentation and the average of the weights, as the page has them."""

import io

import numpy as np
import pytest

from digitnet import dataset, storage
from digitnet.dataset import Dataset
from digitnet.evaluation import evaluate
from digitnet.page.session import Session

RNG = np.random.default_rng(0)
SMALL = {
    "data_size": 10,
    "layers": "12",
    "batch_size": 4,
    "epochs": 30,
    "schedule": "constant",
    "shift": 0,
    "styles": 0,
}


def blobs(n):
    labels = np.arange(n) % 10
    images = np.zeros((n, 28, 28), np.uint8)
    images[np.arange(n), 2 * labels + 5, 6:20] = RNG.integers(150, 256, (n, 14))
    return Dataset(images.reshape(n, 784), labels)


TRAIN, TEST = blobs(60), blobs(80)


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr(dataset, "SHIPPED_FIRST", len(TRAIN))
    session = Session()
    session._mnist = {"train": TRAIN, "test": TEST}
    session._begin(session.recipe.page_settings().changed(SMALL))
    return session


def test_the_latest_batch_is_shown_beside_its_originals(session):
    assert session.batch()["labels"] == []
    session.step()
    batch = session.batch()
    assert (len(batch["labels"]), batch["step"]) == (4, 1)
    np.testing.assert_array_equal(batch["seen"], batch["originals"])
    session.configure({"affine": 1})
    session.step()
    batch = session.batch(3)
    assert batch["seen"].shape == batch["originals"].shape == (3 * 784,)
    assert batch["seen"].dtype == batch["originals"].dtype == np.uint8
    assert (batch["seen"] != batch["originals"]).any()
    data = session.run.training.data
    for image, label in zip(batch["originals"].reshape(3, 784), batch["labels"], strict=True):
        assert label in data.labels[(data.images == image).all(axis=1)]


def test_with_an_average_it_is_what_is_tested_shown_and_saved(session):
    session.configure({"ema": 0.9})
    for _ in range(20):
        session.step()
    weights, average = session.run.training.model, session.model
    assert (average.params[0] != weights.params[0]).any()
    np.testing.assert_array_equal(session.run.test_now().probabilities, evaluate(average, TEST).probabilities)
    saved, meta = storage.load_with_meta(io.BytesIO(session.save()))
    np.testing.assert_array_equal(saved.params[0], average.params[0])
    assert meta["test_accuracy"] == evaluate(average, TEST).accuracy

    session.load(session.save())
    np.testing.assert_array_equal(session.model.params[0], average.params[0])
    assert session.settings.ema == 0.9
    assert session.progress()["test_accuracy"] == evaluate(average, TEST).accuracy
    session.step()
    assert session.run.training.average is not None, "it goes on with an average"


def test_stepping_through_and_other_code_leave_the_average_alone(session):
    session.configure({"ema": 0.9, "affine": 1, "styles": 1})
    for _ in range(8):
        session.step()
    before = [param.copy() for param in session.model.params]
    steps = session.run.training.average.steps
    trace = session.trace_step(False)
    assert trace["count"]
    assert "random_affine" in {place["function"] for place in trace["places"]}
    assert session.run.training.average.steps == steps
    text = next(file["text"] for file in session.lesson_files() if file["name"] == "training.py")
    assert session.apply_code({"training.py": text + "\n"})["ok"]
    for param, expected in zip(session.model.params, before, strict=True):
        np.testing.assert_array_equal(param, expected)
    session.step()
    assert session.run.training.average.steps == steps + 1
