"""Folders that are made once and checked whenever they are used."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sitebuilder import paths


def source_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a source folder, without what tools leave in it."""
    for file in folder.rglob("*"):
        if file.is_file() and not {"node_modules", "__pycache__"} & set(file.relative_to(folder).parts):
            yield file


def digest(*parts: object) -> str:
    """Return a hash over texts, bytes and the contents of files and folders."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            for file in sorted(source_files(part)) if part.is_dir() else [part]:
                total.update(f"{file.relative_to(part.parent)}".encode() + hashlib.sha256(file.read_bytes()).digest())
        else:
            total.update(hashlib.sha256(part if isinstance(part, bytes) else str(part).encode()).digest())
    return total.hexdigest()


def describe(folder: Path) -> dict[str, dict[str, object]]:
    """Return size and SHA-256 of every file in a folder, by its path."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p != folder / "manifest.json")
    return {
        file.relative_to(folder).as_posix(): {
            "bytes": file.stat().st_size,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in files
    }


def intact(folder: Path, version: str) -> bool:
    """Tell whether a folder is of this version and every file in it is as it was made."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        return bool(manifest["version"] == version and manifest["files"] == describe(folder))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def made(folder: Path, version: str, make: Callable[[Path], None]) -> Path:
    """Return `folder`, filled by `make` unless it is there, of this version and unaltered."""
    if intact(folder, version):
        return folder
    paths.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}-", dir=paths.CACHE) as temporary:
        fresh, old = Path(temporary) / "new", Path(temporary) / "old"
        fresh.mkdir()
        make(fresh)
        manifest = {"version": version, "files": describe(fresh)}
        (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1))
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    return folder
