"""Zip files and wheels that depend on nothing but their contents."""

from __future__ import annotations

import fnmatch
import gzip
import os
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from pyodide_build.common import pack_wheel, replace_env


def unpack(archive: Path, tree: Path, unused: Iterable[str] = ()) -> None:
    """Unpack a zip file without the members whose names match one of the patterns."""
    patterns = [re.compile(fnmatch.translate(pattern)) for pattern in unused]
    with zipfile.ZipFile(archive) as source:
        wanted = [name for name in source.namelist() if not any(pattern.match(name) for pattern in patterns)]
        source.extractall(tree, wanted)


def pack(tree: Path, archive: Path) -> None:
    """Pack a folder into a zip file, its members as they are: see send_as_one."""
    with zipfile.ZipFile(archive, "w") as target:
        for file in sorted(p for p in tree.rglob("*") if p.is_file()):
            target.writestr(zipfile.ZipInfo(file.relative_to(tree).as_posix()), file.read_bytes())


def repack_wheel(tree: Path, folder: Path) -> None:
    """Pack the folder of an unpacked wheel into a wheel again, its list of contents made anew, its members as above."""
    with replace_env(os.environ | {"SOURCE_DATE_EPOCH": "946684800"}):  # the same contents, the same bytes
        pack_wheel(tree, folder, verbose=False)
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as source:
            members = {name: source.read(name) for name in source.namelist()}
        with zipfile.ZipFile(wheel, "w") as target:
            for name, content in members.items():
                target.writestr(zipfile.ZipInfo(name), content)


def send_as_one(archive: Path) -> None:
    """Replace a zip file whose members are not compressed by NAME.gz, which is.

    What its many small files have in common is found then, and Python need not decompress them one by one.
    """
    archive.with_name(f"{archive.name}.gz").write_bytes(gzip.compress(archive.read_bytes(), 9, mtime=0))
    archive.unlink()
