"""What crosses between the page and Python, and its declaration."""

import json
from typing import Annotated, Any, TypedDict

import numpy as np
import pytest
from numpy.typing import NDArray

from digitnet.page import bridge
from digitnet.page.session import Session
from sitebuilder import border


class Fake(Session):
    """A session with methods that answer anything."""

    def echo(self, first: Any, second: Any, third: Any, fourth: Any, fifth: Any):
        return [first, second, third, fourth, fifth]

    def odd(self):
        return {
            "numbers": [np.float32(0.5), np.int64(3), float("nan"), float("inf"), np.float64(-np.inf)],
            "arrays": (np.arange(6, dtype=np.uint8).reshape(2, 3).T, b"ab", np.array([np.nan], np.float32)),
            "plain": {1: None, "yes": True},
        }

    def fails(self):
        raise ValueError("Use at most 10.")

    def _private(self):
        return "secret"


def call(method, *arguments, buffers=()):
    text, arrays = bridge.call(Fake(), method, json.dumps(arguments), buffers)

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse), arrays


def test_arguments_arrive_and_buffers_take_their_places():
    answer, arrays = call("echo", 1, "two", None, {"a": [3]}, {"buffer": 1}, buffers=[b"x", b"yz"])
    assert answer == {"answer": [1, "two", None, {"a": [3]}, {"array": 0}]}
    assert arrays[0].tobytes() == b"yz"


def test_numbers_that_are_not_finite_become_null_and_arrays_leave_beside_the_json():
    answer, arrays = call("odd")
    assert answer["answer"] == {
        "numbers": [0.5, 3, None, None, None],
        "arrays": [{"array": 0}, {"array": 1}, {"array": 2}],
        "plain": {"1": None, "yes": True},
    }
    assert [array.dtype for array in arrays] == [np.uint8, np.uint8, np.float32]
    assert arrays[0].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert all(array.flags.c_contiguous for array in arrays)


def test_errors_cross_with_name_message_and_traceback():
    answer, arrays = call("fails")
    assert answer["error"]["name"] == "ValueError"
    assert answer["error"]["message"] == "Use at most 10."
    assert 'raise ValueError("Use at most 10.")' in answer["error"]["stack"]
    assert arrays == []


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("unit", ["x", 0], "unit: layer must be a whole number; got 'x'."),
        ("unit", [0, 1.5], "unit: index must be a whole number; got 1.5."),
        ("unit", [True, 0], "unit: layer must be a whole number; got True."),
        ("unit", [], "unit takes layer, index, count; it was given 0 arguments."),
        ("configure", [5], "configure: changes must be an object with names; got 5."),
        ("images", ["test", 3], "images: indices must be a list, each a whole number; got 3."),
        ("images", ["test", ["1"]], "images: indices must be a list, each a whole number; got ['1']."),
        ("predict", ["ink", 2, 2], "predict: ink must be bytes; got 'ink'."),
        ("set_class_names", [3], "set_class_names: names must be a list, each a text; got 3."),
        ("load", ["x"], "load: raw must be bytes; got 'x'."),
        ("advance", [None], "advance: seconds must be a number; got None."),
        ("apply_code", [{"losses.py": 1}], "apply_code: edits must be an object with names; got {'losses.py': 1}."),
        ("cell", [0, "a" * 99], f"cell: column must be a whole number; got '{'a' * 39}…."),
        ("progress", [1], "progress takes nothing; it was given 1 arguments."),
    ],
)
def test_arguments_of_other_types_are_refused_in_a_sentence(method, arguments, message):
    answer, _ = call(method, *arguments)
    assert (answer["error"]["name"], answer["error"]["message"]) == ("ValueError", message)


@pytest.mark.parametrize("method", ["_private", "__init__", "nothing", "settings", "class_names"])
def test_only_public_methods_can_be_called(method):
    answer, _ = call(method)
    assert answer["error"]["message"] == f"The session has no method called '{method}'."


def test_the_worker_starts_with_these():
    assert isinstance(bridge.open_session(), Session)
    assert json.loads(bridge.versions()).keys() == {"python", "numpy"}
    assert bridge.sha256(b"abc").startswith("ba7816bf8f01cfea")


def test_the_declaration_is_current():
    assert border.DECLARATIONS.read_text("utf-8") == border.declarations(), (
        "What crosses has changed: run  python -m sitebuilder.border  with pysrc on PYTHONPATH."
    )


class Example(TypedDict):
    a: int


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (int | None, "number | null"),
        (list[str | int], "(string | number)[]"),
        (dict[str, list[float]], "Record<string, number[]>"),
        (list[NDArray[np.float32]], "Float32Array<ArrayBuffer>[]"),
        (Annotated[dict[str, Any], "Partial<Settings>"], "Partial<Settings>"),
        (Example, "Example"),
    ],
)
def test_annotations_as_typescript(hint, expected):
    assert border.typescript(hint, {}) == expected


@pytest.mark.parametrize("hint", [set[int], Any, NDArray[np.complex64], dict[int, str]])
def test_what_cannot_cross_is_refused(hint):
    with pytest.raises(TypeError, match="cannot cross"):
        border.typescript(hint, {})
