"""The border between the page and Python: calls come as JSON and buffers, and answers leave in the same way.

Everything that the worker asks of Python goes through this module. JSON has neither NaN nor infinity, so floats that
are not finite become null; arrays and bytes do not fit into it and leave beside it.
"""

import gc
import hashlib
import importlib
import inspect
import io
import json
import sys
import traceback
import zipfile
from collections.abc import Buffer, Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import digitnet
from digitnet.page import signs
from digitnet.page.arguments import check_arguments
from digitnet.page.code import CodeMethods
from digitnet.page.exercises import ExerciseMethods
from digitnet.page.session import Session
from digitnet.reports import finite


def open_session() -> Session:
    """Return a new session, once everything is imported: garbage is collected from here on (see sitecustomize.py)."""
    session = Session()
    gc.freeze()  # what exists by now stays
    gc.enable()
    return session


def give_signs_of_life(give: Callable[[], object]) -> None:
    """Have long calls call `give` again and again while they work."""
    signs.give = give


def versions() -> str:
    """Return the versions of Python and NumPy as a JSON object."""
    return json.dumps({"python": sys.version.split()[0], "numpy": np.__version__})


def sha256(data: Buffer) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def call(session: Session, method: str, arguments: str, buffers: Sequence[Buffer]) -> tuple[str, list[np.ndarray]]:
    """Call a public method of the session; return its answer as a JSON object, and the arrays that belong to it.

    arguments: a JSON list, in which {"buffer": 0} stands for the first of `buffers`.
    The object is {"answer": …}, where {"array": 0} stands for the first array, or, where the method raised,
    {"error": {"name", "message", "stack"}}.
    """
    arrays: list[np.ndarray] = []
    try:
        called = _method(session, method)
        values = [_argument(value, buffers) for value in json.loads(arguments)]
        check_arguments(called.__func__, values)
        answer = called(*values)
        return json.dumps({"answer": _plain(answer, arrays)}, allow_nan=False), arrays
    except Exception as error:
        told = {"name": type(error).__name__, "message": str(error), "stack": traceback.format_exc()}
        return json.dumps({"error": told}), []


def methods(session: type) -> list[str]:
    """Return the names of the methods that the page may call: the public ones."""
    return [name for name, _ in inspect.getmembers(session, inspect.isfunction) if not name.startswith("_")]


def workshop_methods() -> str:
    """Return, as a JSON list, the names of the methods that need digitnet.workshop, which the page fetches for them."""
    return json.dumps([name for part in (CodeMethods, ExerciseMethods) for name in methods(part)])


def install_workshop(archive: Buffer) -> None:
    """Put digitnet.workshop, which comes as a zip file of its own, where the rest of the package is."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(Path(digitnet.__file__).parents[1])
    importlib.invalidate_caches()  # or the new files would not be seen


def _method(session: Session, name: str) -> Any:
    if name.startswith("_") or not inspect.isfunction(getattr(type(session), name, None)):
        raise ValueError(f"The session has no method called {name!r}.")
    return getattr(session, name)


def _argument(value: Any, buffers: Sequence[Buffer]) -> Any:
    return buffers[value["buffer"]] if isinstance(value, dict) and "buffer" in value else value


def _plain(value: Any, arrays: list[np.ndarray]) -> Any:
    """Return what JSON can hold of the value; arrays and bytes are appended to `arrays`."""
    match value:
        case dict():
            return {str(key): _plain(item, arrays) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, arrays) for item in value]
        case bytes():
            arrays.append(np.frombuffer(value, np.uint8))
            return {"array": len(arrays) - 1}
        case np.ndarray():
            arrays.append(np.ascontiguousarray(value))
            return {"array": len(arrays) - 1}
        case np.generic():
            return _plain(value.item(), arrays)
        case float():
            return finite(value)
    return value
