"""Are a call's arguments what its method is annotated with? A caller that errs is told so in a sentence."""

import inspect
from collections.abc import Buffer, Callable, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

WORDS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", Buffer: "bytes"}


def check_arguments(method: Callable[..., object], values: Sequence[object]) -> None:
    """Raise ValueError unless `values` are as many and of such types as the method takes (its first is self)."""
    parameters = _parameters(method)
    needed = sum(default is inspect.Parameter.empty for _, _, default in parameters)
    if not needed <= len(values) <= len(parameters):
        names = ", ".join(name for name, _, _ in parameters) or "nothing"
        raise ValueError(f"{method.__name__} takes {names}; it was given {len(values)} arguments.")
    for (name, hint, _), value in zip(parameters, values, strict=False):
        if not _fits(value, hint):
            shown = repr(value)
            shown = shown if len(shown) <= 40 else shown[:40] + "…"
            raise ValueError(f"{method.__name__}: {name} must be {_words(hint)}; got {shown}.")


@cache
def _parameters(method: Callable[..., object]) -> list[tuple[str, Any, object]]:
    """Return name, annotation and default of each parameter but self."""
    hints = get_type_hints(method, include_extras=True)
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return [(parameter.name, hints[parameter.name], parameter.default) for parameter in parameters]


def _fits(value: object, hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if hint is Any:
        return True
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if get_origin(hint) is list:
        return isinstance(value, list) and all(_fits(item, get_args(hint)[0]) for item in value)
    if get_origin(hint) is dict:
        key, item = get_args(hint)
        return isinstance(value, dict) and all(_fits(k, key) and _fits(v, item) for k, v in value.items())
    return isinstance(value, hint)


def _words(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) is list:
        return f"a list, each {_words(get_args(hint)[0])}"
    if get_origin(hint) is dict:
        return "an object with names"
    return WORDS.get(hint, "something else")
