"""The session's answers are what their annotations say, from which the page's own declarations are generated."""

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np
import pytest
from numpy.typing import NDArray
from writers import random_digits, to_csv, to_idx

from digitnet.dataset import Dataset
from digitnet.page.session import Session
from digitnet.reports import Report


def assert_conforms(value, hint, where):
    """Fail unless `value` is what the annotation says, keys of TypedDicts included; `where` names it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        assert_conforms(value, arguments[0], where)
    elif is_typeddict(hint):
        hints = get_type_hints(hint, include_extras=True)
        assert isinstance(value, dict), where
        assert value.keys() == hints.keys(), where
        for key, field in hints.items():
            assert_conforms(value[key], field, f"{where}.{key}")
    elif origin is Literal:
        assert value in arguments, where
    elif origin in (Union, types.UnionType):
        for argument in arguments:
            try:
                return assert_conforms(value, argument, where)
            except AssertionError as error:
                failure = error
        raise failure
    elif origin is list:
        assert isinstance(value, list), where
        for index, item in enumerate(value):
            assert_conforms(item, arguments[0], f"{where}[{index}]")
    elif origin is dict:
        assert isinstance(value, dict), where
        for key, item in value.items():
            assert_conforms(key, arguments[0], where)
            assert_conforms(item, arguments[1], f"{where}[{key!r}]")
    elif origin is get_origin(NDArray[np.uint8]):
        assert isinstance(value, np.ndarray), where
        assert value.dtype == arguments[0], where
    elif hint is float:
        assert isinstance(value, float | int), where
        assert not isinstance(value, bool), where
    elif hint is not Any:
        assert type(value) is hint, f"{where} is {value!r}"


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (1, str),
        (True, int),
        (np.float32(1), int | None),
        ([1, None], list[int]),
        ({"a": 1}, Report),
        (np.zeros(3), NDArray[np.uint8]),
        ("off", Literal["on"]),
    ],
)
def test_what_does_not_conform_is_found(value, hint):
    with pytest.raises(AssertionError):
        assert_conforms(value, hint, "it")


def idx_files(data):
    return to_idx(data.images.reshape(-1, 28, 28)), to_idx(data.labels.astype(np.uint8))


@pytest.fixture(scope="module")
def session():
    """A session that has tested itself and has images of the visitor's own."""
    session = Session()
    digits = random_digits(10_000)
    session.add_data("train", *idx_files(digits))
    session.add_data("test", *idx_files(digits.take(slice(0, 50))))
    session.start()
    session.configure({"data_size": 10, "layers": "6,5", "epochs": 1})
    return session


def files(session):
    session.open_file("train.csv")
    session.feed(to_csv(random_digits(20)))
    session.close_file()
    session.open_file("test.csv", False)
    session.feed(to_csv(Dataset(random_digits(2).images)))
    session.close_file()
    return session.use_files()


STROKE = np.repeat(np.uint8([0, 255, 0]), [12, 4, 12]).repeat(28).tobytes()
ANSWERS = {
    "describe": lambda s: s.describe(),
    "step": lambda s: s.step(),
    "advance": lambda s: s.advance(0.001),
    "pause": lambda s: s.pause(),
    "progress": lambda s: s.progress(),
    "diagnosis": lambda s: s.diagnosis(),
    "predict": lambda s: s.predict(STROKE, 28, 28),
    "stages": lambda s: s.stages(STROKE, 28, 28),
    "predict_photo": lambda s: s.predict_photo(STROKE, 28, 28),
    "samples": lambda s: s.samples(),
    "images": lambda s: s.images("test", [0, 1]),
    "tiles": lambda s: s.tiles(),
    "connections": lambda s: s.connections(),
    "unit": lambda s: s.unit(0, 0),
    "evaluation": lambda s: s.evaluation(),
    "cell": lambda s: s.cell(1, 1),
    "examples": lambda s: s.examples(),
    "source": lambda s: s.source(["network.MLP.forward"]),
    "save": lambda s: s.save(),
    "load": lambda s: s.load(s.save()),
    "configure": lambda s: s.configure({"seed": 1}),
    "reset": lambda s: s.reset(),
    "set_class_names": lambda s: s.set_class_names(list("abcdefghij")),
    "use_files": files,
    "submission": lambda s: (files(s), s.submission())[1],
}


@pytest.mark.parametrize("method", ANSWERS)
def test_an_answer_is_what_its_annotation_says(session, method):
    hint = get_type_hints(getattr(Session, method), include_extras=True)["return"]
    assert_conforms(ANSWERS[method](session), hint, method)


def test_a_diagnosis_with_a_remedy_is_what_its_annotation_says(session):
    session.configure({"data_size": 10, "initializer": "zeros", "epochs": 1})
    while session.advance(1)["state"] == "training":
        pass
    found = session.diagnosis()
    assert found["remedy"] is not None
    assert_conforms(found, get_type_hints(Session.diagnosis, include_extras=True)["return"], "diagnosis")
