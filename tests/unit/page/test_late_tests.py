"""The page starts before the test images are there."""

import numpy as np
import pytest
from writers import to_idx

from digitnet.page.session import Session


def part(n, seed):
    rng = np.random.default_rng(seed)
    return to_idx(rng.integers(0, 256, (n, 28, 28), np.uint8)), to_idx(np.arange(n, dtype=np.uint8) % 10)


@pytest.fixture
def session():
    session = Session()
    session.add_data("train", *part(12_000, 0))
    session.start()
    return session


def test_the_network_stays_when_the_test_images_come(session):
    session.configure({"layers": (8,), "seed": 3})
    weights = session.model.params[0].copy()
    session.add_data("test", *part(30, 1))
    np.testing.assert_array_equal(session.model.params[0], weights)
    assert session.progress()["test_images"] == 30
    assert session.progress()["state"] == "ready"
    assert session.evaluation()["count"] == 30


def test_unused_training_images_still_join_them(session):
    session.configure({"recipe": "thousand"})
    assert session.progress()["test_images"] == 4_000
    session.add_data("test", *part(30, 1))
    assert session.progress()["test_images"] == 4_030


def test_a_network_that_came_trained_is_tested_when_they_come(session):
    saved = session.save(False)
    assert session.load(saved)["progress"]["test_accuracy"] is None
    session.add_data("test", *part(30, 1))
    assert session.progress()["test_accuracy"] is not None
    assert session.run.came_trained
