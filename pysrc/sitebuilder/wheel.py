"""Our wheel for the browser, its second part for those who open the code, and the lock file of what is installed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder
from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec, update_package_sha256

from sitebuilder import paths
from sitebuilder.archives import pack, repack_wheel, unpack
from sitebuilder.cache import digest, made
from sitebuilder.reporting import step
from sitebuilder.runtime import compile_tree

UNUSED = ("*.typed", "digitnet/__main__.py", "digitnet/options.py")  # types and the command line
# Most visitors never open the code: what only they need who do is fetched then (web/worker/workshop.js).
WORKSHOP = "digitnet/workshop"
WORKSHOP_ARCHIVE = "workshop.zip"


def digitnet_wheel(modules: Path, stock: bool) -> Path:
    """Return the folder with our wheel: unless `stock`, bytecode, and the sources that the page shows.

    Unless `stock`, the workshop is an archive of its own beside the wheel, to be unpacked in the same place.
    """
    sources = [paths.ROOT / name for name in ("pysrc/digitnet", "pyproject.toml", "README.md", "LICENSE")]

    def make(folder: Path) -> None:
        with step("Building the wheel of digitnet"), tempfile.TemporaryDirectory() as temporary:
            wheel = Path(next(WheelBuilder(str(paths.ROOT)).build(directory=temporary, versions=["standard"])))
            if stock:
                shutil.copy(wheel, folder)
                return
            packages = Path(temporary, "lib/python3.14/site-packages")
            unpack(wheel, packages, UNUSED)
            (metadata,) = packages.glob("*.dist-info/METADATA")
            metadata.write_text(metadata.read_text("utf-8").partition("\n\n")[0] + "\n", "utf-8")  # without the README
            compile_tree(modules, Path(temporary))
            workshop = Path(temporary, "workshop")
            (packages / WORKSHOP).rename(_with_parents(workshop / WORKSHOP))
            pack(workshop, folder / WORKSHOP_ARCHIVE)
            repack_wheel(packages, folder)

    version = digest(*sources, paths.BUILDER, modules / "pyodide" / "package.json")
    return made(paths.CACHE / ("stock-wheel" if stock else "wheel"), version, make)


def _with_parents(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    return path


def write_lock(modules: Path, folder: Path) -> None:
    """Write the lock file of what the site ships: NumPy as it is there, and digitnet, which depends on it."""
    lock = PyodideLockSpec.from_json(modules / "pyodide" / "pyodide-lock.json")
    numpy = lock.packages["numpy"]
    lock.packages = {"numpy": update_package_sha256(numpy, folder / numpy.file_name)}
    lock = add_wheels_to_spec(lock, list(folder.glob("digitnet-*.whl")))
    lock.to_json(folder / "pyodide-lock.json", indent=1)
