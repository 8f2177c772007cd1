"""Run by Pyodide: compile the Python files below /tree, which is laid out as the browser will see it.

The modules directly in digitnet, whose sources the page shows, keep them and get __pycache__. The rest becomes bytecode
alone, without docstrings.
"""

import importlib.util
import pathlib
import py_compile

for source in sorted(pathlib.Path("/tree").rglob("*.py")):
    name = str(source).removeprefix("/tree")
    keep = source.parent.name == "digitnet"
    target = importlib.util.cache_from_source(source) if keep else source.with_suffix(".pyc")
    py_compile.compile(
        str(source),
        str(target),
        name,
        doraise=True,
        optimize=0 if keep else 2,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not keep:
        source.unlink()
