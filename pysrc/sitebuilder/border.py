"""Write what crosses between the page and Python as TypeScript declarations, from the annotations of Session.

python -m sitebuilder.border      (with pysrc on PYTHONPATH) renews web/worker/session.d.ts
"""

import inspect
import types
from collections.abc import Buffer
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np
from numpy.typing import NDArray

from digitnet.page.bridge import methods
from digitnet.page.session import Session
from digitnet.settings import Settings

DECLARATIONS = Path(__file__).parents[2] / "web" / "worker" / "session.d.ts"
HEAD = (
    "// What crosses between the page and Python. Generated from the annotations of digitnet.page.session.Session:\n"
    "// change them there, then run  python -m sitebuilder.border  with pysrc on PYTHONPATH.\n"
)
SIMPLE = {
    int: "number",
    float: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    bytes: "Uint8Array<ArrayBuffer>",
    NDArray[np.uint8]: "Uint8Array<ArrayBuffer>",
    NDArray[np.int8]: "Int8Array<ArrayBuffer>",
    NDArray[np.float32]: "Float32Array<ArrayBuffer>",
    Buffer: "Uint8Array",
}


def declarations() -> str:
    """Return the text of session.d.ts: the session's methods, its settings, and every message that they mention."""
    messages: dict[str, type] = {}
    session = [_method(getattr(Session, name), messages) for name in methods(Session)]
    # Settings cross as Settings.to_dict() makes them: with the recipe's name, and the layers as text.
    settings = {"recipe": str, **get_type_hints(Settings), "layers": str}
    parts = [
        _interface("Session", "What the page may ask of Python.", session),
        _interface("Settings", "The settings of a run.", _fields(settings, messages)),
    ]
    written: set[str] = set()
    while rest := sorted(messages.keys() - written):  # a message may mention others
        for name in rest:
            message = messages[name]
            fields = _fields(get_type_hints(message, include_extras=True), messages)
            parts.append(_interface(name, inspect.getdoc(message) or "", fields))
            written.add(name)
    return "\n".join([HEAD, *parts])


def typescript(hint: Any, messages: dict[str, type]) -> str:
    """Return an annotation as TypeScript; the TypedDicts that it mentions are added to `messages` by name.

    A string in Annotated is TypeScript already. TypeError for what cannot cross.
    """
    if hint in SIMPLE:
        return SIMPLE[hint]
    if is_typeddict(hint):
        messages[hint.__name__] = hint
        return hint.__name__
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated and isinstance(arguments[1], str):
        return arguments[1]
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(typescript(argument, messages) for argument in arguments)
    if origin is list:
        item = typescript(arguments[0], messages)
        return f"({item})[]" if "|" in item else f"{item}[]"
    if origin is dict and arguments[0] is str:
        return f"Record<string, {typescript(arguments[1], messages)}>"
    raise TypeError(f"{hint} cannot cross between the page and Python.")


def _method(function: Any, messages: dict[str, type]) -> str:
    hints = get_type_hints(function, include_extras=True)
    try:
        parameters = [
            f"{name}{'' if parameter.default is parameter.empty else '?'}: {typescript(hints[name], messages)}"
            for name, parameter in list(inspect.signature(function).parameters.items())[1:]
        ]
        result = typescript(hints["return"], messages)
    except (KeyError, TypeError) as error:
        raise TypeError(f"Session.{function.__name__}: {error}") from None
    return f"{function.__name__}({', '.join(parameters)}): {result};"


def _fields(hints: dict[str, Any], messages: dict[str, type]) -> list[str]:
    return [f"{name}: {typescript(hint, messages)};" for name, hint in hints.items()]


def _interface(name: str, about: str, members: list[str]) -> str:
    body = "".join(f"  {member}\n" for member in members)
    return f"/** {' '.join(about.split())} */\ninterface {name} {{\n{body}}}\n"


if __name__ == "__main__":
    DECLARATIONS.write_text(declarations(), "utf-8")
    print(f"wrote {DECLARATIONS}")
