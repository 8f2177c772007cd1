"""Calls that may take long say again and again that they go on."""

import numpy as np
import pytest
from writers import to_csv, to_idx

from digitnet import Dataset
from digitnet.evaluation import CHUNK
from digitnet.page import bridge
from digitnet.page.session import Session


def part(n):
    rng = np.random.default_rng(n)
    return to_idx(rng.integers(0, 256, (n, 28, 28), np.uint8)), to_idx(np.arange(n, dtype=np.uint8) % 10)


@pytest.fixture(scope="module")
def session():
    session = Session()
    session.add_data("train", *part(10_000))
    session.start()
    session.configure({"layers": (4,)})
    session.add_data("test", *part(3 * CHUNK))
    session.open_file("test.csv")
    session.feed(to_csv(Dataset(np.zeros((3 * CHUNK, 784), np.uint8))))
    session.close_file()
    session.use_files()
    return session


@pytest.mark.parametrize(
    "call",
    [
        Session.save,
        lambda session: session.load(session.save(False)),
        Session.submission,
        lambda session: session.unit(1, 0),
        lambda session: session.evaluation("train"),
    ],
    ids=["save", "load", "submission", "unit", "evaluation"],
)
def test_a_call_that_goes_through_many_images_gives_signs_of_life(session, call, monkeypatch):
    session.reset()
    given = []
    monkeypatch.setattr("digitnet.page.signs.give", None)  # is put back
    bridge.give_signs_of_life(lambda: given.append(1))
    call(session)
    assert len(given) >= 3
