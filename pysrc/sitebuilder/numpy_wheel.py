"""NumPy for WebAssembly: a wheel that no registry has under its own name."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO

from pyodide_lock import PyodideLockSpec
from pypi_simple import PyPISimple
from remotezip import RemoteZip

from sitebuilder import paths
from sitebuilder.cache import made
from sitebuilder.reporting import BuildError, step

# On PyPI it stands only inside this project's wheel. The second source is Pyodide's own. Pyodide's lock file says
# which hash is right.
CARRIER = ("open-webui", "0.12.4", "open_webui/frontend/pyodide/")
CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"


def copied(source: IO[bytes], size: int) -> bytes:
    """Read a stream to its end, showing how far it is."""
    data = bytearray()
    with step("Fetching NumPy", size) as advance:
        while chunk := source.read(1 << 16):
            data += chunk
            advance(len(chunk))
    return bytes(data)


def numpy_from_pypi(name: str, _version: str) -> bytes:
    """Read NumPy's wheel out of the middle of another wheel on PyPI, without fetching the rest."""
    project, version, folder = CARRIER
    with PyPISimple() as client:
        packages = client.get_project_page(project, timeout=20).packages
        carrier = next(p for p in packages if p.version == version and p.package_type == "wheel")
        with RemoteZip(carrier.url, session=client.s, timeout=20) as archive:
            return copied(archive.open(folder + name), archive.getinfo(folder + name).file_size)


def numpy_from_cdn(name: str, version: str) -> bytes:
    """Fetch NumPy's wheel from where Pyodide itself publishes it."""
    with urllib.request.urlopen(CDN.format(version=version, name=name), timeout=5) as response:
        return copied(response, int(response.headers.get("Content-Length", 0)))


SOURCES: tuple[Callable[[str, str], bytes], ...] = (numpy_from_pypi, numpy_from_cdn)


def numpy_wheel(modules: Path) -> Path:
    """Return NumPy's wheel for Pyodide, whose hash must be the one in Pyodide's lock file."""
    lock = PyodideLockSpec.from_json(modules / "pyodide" / "pyodide-lock.json")
    version = json.loads((modules / "pyodide" / "package.json").read_text())["version"]
    numpy = lock.packages["numpy"]

    def fetch(folder: Path) -> None:
        problems = []
        for source in SOURCES:
            try:
                data = source(numpy.file_name, version)
            except Exception as error:  # whatever a network can do: the next source may still have the file
                problems.append(f"{source.__name__}: {error or type(error).__name__}")
                continue
            if hashlib.sha256(data).hexdigest() == numpy.sha256:
                (folder / numpy.file_name).write_bytes(data)
                return
            problems.append(f"{source.__name__}: the file has the wrong hash")
        raise BuildError(f"{numpy.file_name} could not be fetched ({'; '.join(problems)}).")

    return made(paths.CACHE / "numpy", numpy.sha256, fetch) / numpy.file_name
