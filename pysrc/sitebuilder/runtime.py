"""Pyodide and NumPy: as they are published, or changed so that the page opens sooner.

The changes, each with what it gains and what an upgrade of Pyodide must check beside it:

1. bytecode instead of sources                             `compile_tree` below
2. what is never imported is left out                      `used_stdlib` and `used_numpy` below, lists in unused/
3. V8 compiles the interpreter's loop once                 speculation.py
4. no garbage collection, no module unpacked twice         sitecustomize.py
5. Pyodide is lent what the worker has fetched already     `serveToPyodide` in web/worker/boot.js
6. an archive is compressed as one                         `send_as_one` in archives.py

`python build.py --stock` makes a site with none of them: the first thing to try when a new Pyodide fails. Processor
seconds below are those of loading Pyodide and importing NumPy and digitnet under Node, least of five: 1.06 with all of
it, 3.4 stock. tests/site holds what every change relies on.
"""

from __future__ import annotations

import fnmatch
import re
import shutil
import tempfile
from pathlib import Path

from sitebuilder import paths
from sitebuilder.archives import pack, repack_wheel, unpack
from sitebuilder.cache import digest, made
from sitebuilder.node import run_node
from sitebuilder.numpy_wheel import numpy_wheel
from sitebuilder.reporting import step
from sitebuilder.speculation import without_speculation

STDLIB = "python_stdlib.zip"
GLUE = ("pyodide.mjs", "pyodide.asm.mjs")
INTERPRETER = "pyodide.asm.wasm"


def stock_runtime(modules: Path) -> Path:
    """Return the folder with Pyodide and NumPy as they are published."""
    sources = [*(modules / "pyodide" / name for name in (*GLUE, INTERPRETER, STDLIB)), numpy_wheel(modules)]

    def make(folder: Path) -> None:
        for source in sources:
            shutil.copy(source, folder)

    return made(paths.CACHE / "stock-runtime", digest(*sources), make)


def fast_runtime(modules: Path) -> Path:
    """Return the folder with Pyodide and NumPy, changed so that the page opens sooner."""
    pyodide, wheel = modules / "pyodide", numpy_wheel(modules)

    def make(folder: Path) -> None:
        with step("Compiling the standard library and NumPy"), tempfile.TemporaryDirectory() as temporary:
            library = Path(temporary, "lib/python314.zip")
            packages = Path(temporary, "lib/python3.14/site-packages")
            used_stdlib(pyodide / STDLIB, library)
            used_numpy(wheel, packages)
            shutil.copy(paths.BUILDER / "sitecustomize.py", library)
            compile_tree(modules, Path(temporary))
            pack(library, folder / STDLIB)
            repack_wheel(packages, folder)
        for name in GLUE:  # their source maps are not shipped
            (folder / name).write_bytes(re.sub(rb"\n//# sourceMappingURL=\S+", b"", (pyodide / name).read_bytes()))
        (folder / INTERPRETER).write_bytes(without_speculation((pyodide / INTERPRETER).read_bytes()))

    sources = [*(pyodide / name for name in (*GLUE, INTERPRETER, STDLIB)), wheel]
    return made(paths.CACHE / "runtime", digest(*sources, paths.BUILDER), make)


def patterns(name: str) -> list[str]:
    """Return the lines of a list in unused/, without comments."""
    lines = (paths.BUILDER / "unused" / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def used_stdlib(archive: Path, tree: Path) -> None:
    """Unpack the standard library without what is never imported.

    Gains: 1.9 MB (of 2.96 as bytecode; as published, in sources, it is 2.55) and, with `used_numpy`, 0.1 of the
    processor seconds. An upgrade must check: that what the new version imports by the way, in a traceback or in
    reading a file, is still there (test_what_is_imported_by_the_way_is_shipped_too), and what is new and unused.
    """
    unpack(archive, tree, [f"{name}{suffix}" for name in patterns("stdlib.txt") for suffix in ("", ".py", "/*")])
    kept = patterns("kept_encodings.txt")
    for file in (tree / "encodings").iterdir():
        if not any(fnmatch.fnmatch(file.stem, pattern) for pattern in kept):
            file.unlink()


def used_numpy(wheel: Path, tree: Path) -> None:
    """Unpack NumPy without what is never imported, and without the docstrings of what is written in C.

    Gains: 0.9 MB of 2.8. An upgrade of NumPy must check the same as above, and that the docstrings are still added by
    files of this name.
    """
    unpack(wheel, tree, patterns("numpy.txt"))
    for file in tree.glob("numpy/_core/_add_newdocs*.py"):
        file.write_text("")


def compile_tree(modules: Path, tree: Path) -> None:
    """Compile the Python files of a tree in place, with the interpreter that will run them.

    Gains: the largest by far. 1.3 of the processor seconds; in the browser, measured before the other changes, opening
    took 2.0 s instead of 4.8. It costs nothing in bytes once the docstrings and columns of errors are left out. An
    upgrade must check: nothing by hand. The same interpreter writes and reads the bytecode, and one that does not take
    it fails in the first import.
    """
    loader = (modules / "pyodide" / "pyodide.mjs").as_uri()
    run_node("Pyodide could not compile the Python files", paths.BUILDER / "compile.mjs", loader, tree)
