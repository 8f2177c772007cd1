"""Our wheel for the browser, and the lock file by which Pyodide installs it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder
from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec, update_package_sha256

from sitebuilder import paths
from sitebuilder.archives import repack_wheel, unpack
from sitebuilder.cache import digest, made
from sitebuilder.reporting import step
from sitebuilder.runtime import compile_tree


def digitnet_wheel(modules: Path, stock: bool) -> Path:
    """Return the folder with our wheel: sources, which the page shows, and unless `stock` bytecode, which it runs."""
    sources = [paths.ROOT / name for name in ("pysrc/digitnet", "pyproject.toml", "README.md", "LICENSE")]

    def make(folder: Path) -> None:
        with step("Building the wheel of digitnet"), tempfile.TemporaryDirectory() as temporary:
            wheel = Path(next(WheelBuilder(str(paths.ROOT)).build(directory=temporary, versions=["standard"])))
            if stock:
                shutil.copy(wheel, folder)
                return
            packages = Path(temporary, "lib/python3.14/site-packages")
            unpack(wheel, packages, ["*.typed"])
            compile_tree(modules, Path(temporary))
            repack_wheel(packages, folder)

    version = digest(*sources, paths.BUILDER, modules / "pyodide" / "package.json")
    return made(paths.CACHE / ("stock-wheel" if stock else "wheel"), version, make)


def write_lock(modules: Path, folder: Path) -> None:
    """Write the lock file of what the site ships: NumPy as it is there, and digitnet, which depends on it."""
    lock = PyodideLockSpec.from_json(modules / "pyodide" / "pyodide-lock.json")
    numpy = lock.packages["numpy"]
    lock.packages = {"numpy": update_package_sha256(numpy, folder / numpy.file_name)}
    lock = add_wheels_to_spec(lock, list(folder.glob("digitnet-*.whl")))
    lock.to_json(folder / "pyodide-lock.json", indent=1)
